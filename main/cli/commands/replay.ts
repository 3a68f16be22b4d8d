import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { ReplayDifference, ReplayLog } from '../../conversation/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { more } from '../help.ts';
import type { Terminal } from '../terminal.ts';

const options = z.object({
  desk: z.string(),
  audio: z.string().optional(),
  json: z.boolean().default(false),
});
type ReplayOptions = z.output<typeof options>;

/** Larger than any log that is kept. */
const MOST_BYTES = 64 * 1024 * 1024;

/** `sotto replay`: run a kept conversation again. */
export function addReplay(commands: Commands): void {
  commands.program
    .command('replay')
    .summary('run a kept conversation again')
    .description(
      'Runs a conversation again from what came in, with the same desk pack, and tells what is decided otherwise now: ' +
        'what its words mean, what is said, what is asked of tools. Tools are not called: they answer as they did. ' +
        'With --audio it is heard again too, in real time, and tools are called in a throwaway vault.',
    )
    .argument('<file>', 'what `sotto talk --keep-replay FILE` wrote')
    .requiredOption('--desk <dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--audio <file.wav>', 'hear it again from its sound (FILE.wav beside the log)')
    .option('--json', 'print one JSON object a difference, and one for the whole')
    .addHelpText(
      'after',
      more(
        [
          'sotto talk --desk bank-branch --typed --keep-replay visit.json',
          'sotto replay visit.json --desk bank-branch',
        ],
        {
          0: 'the same was decided',
          1: 'something is decided otherwise, or the file or the desk pack cannot be used',
          3: 'with --audio: a speech engine is missing',
        },
      ),
    )
    .action(
      action(commands, options, async (terminal, [file = ''], chosen) => await again(terminal, file, chosen)),
    );
}

async function again(terminal: Terminal, file: string, chosen: ReplayOptions): Promise<ExitCode> {
  const [conversation, dialogue, { deskFolder }] = await Promise.all([
    import('../../conversation/index.ts'),
    import('../../dialogue/index.ts'),
    import('../desk-folder.ts'),
  ]);
  const log = conversation.parseReplayLog(await textOf(file));
  const folder = deskFolder(chosen.desk);
  const pack = await dialogue.loadDeskPack(folder);
  const desk = dialogue.compileDesk(pack);
  const knowledge = dialogue.buildKnowledge(pack.knowledge);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone !== log.timeZone)
    terminal.tell(`sotto: held in the time zone ${log.timeZone}, run in ${zone}: days may differ`);
  const fresh: Parameters<typeof conversation.replay>[1] = (clock) =>
    dialogue.createDialogue({ desk, knowledge, clock });
  const found =
    chosen.audio === undefined
      ? conversation.replay(desk, fresh, log)
      : conversation.compareReplays(log, await heardAgain(terminal, folder, chosen.audio));
  return await tell(terminal, log, found, chosen.json);
}

/** Holds the conversation anew with its sound. @throws SottoError `media/bad-wav`, `speech/engine-unavailable` */
async function heardAgain(terminal: Terminal, folder: string, audio: string): Promise<ReplayLog> {
  const [{ openThrowaway }, { openWavEndpoint, readWav }, { replayLogOf }] = await Promise.all([
    import('../../appliance.ts'),
    import('../../media/index.ts'),
    import('../../conversation/index.ts'),
  ]);
  const { samples, sampleRate } = await readWav(audio);
  const throwaway = await openThrowaway({ deskFolder: folder, log: terminal.log, clock: systemClock });
  terminal.closing.defer(() => throwaway.close());
  const endpoint = await openWavEndpoint({ label: 'replay', sampleRate });
  const live = throwaway.core.converse({ member: null, endpoint, mode: 'handsFree' });
  // It may end before its sound does, and its endpoint with it.
  await endpoint.say(samples, sampleRate).catch(() => {});
  const log = replayLogOf(live);
  await live.end('replay-over');
  if (!log) throw new SottoError('replay/too-long', 'The conversation became too long to compare.');
  return log;
}

async function tell(
  terminal: Terminal,
  log: ReplayLog,
  found: readonly ReplayDifference[],
  json: boolean,
): Promise<ExitCode> {
  for (const { turn, what, before, now } of found) {
    if (json) await terminal.print(JSON.stringify({ turn, what, before, now }));
    else
      await terminal.print(
        `turn ${turn}: ${what}\n  before  ${JSON.stringify(before)}\n  now     ${JSON.stringify(now)}`,
      );
  }
  const same = found.length === 0;
  const turns = log.turns.length;
  if (json) await terminal.print(JSON.stringify({ turns, differences: found.length, same }));
  else
    await terminal.print(
      same ? `${turns} turns, decided the same` : `${turns} turns, ${found.length} differences`,
    );
  return same ? EXIT.ok : EXIT.failed;
}

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= MOST_BYTES) return bytes.toString('utf8');
  } catch (cause) {
    throw new SottoError('replay/bad-file', 'The replay log cannot be used: it could not be read.', {
      remedy: 'Give a file that `sotto talk --keep-replay FILE` wrote.',
      cause,
    });
  }
  throw new SottoError('replay/bad-file', 'The replay log cannot be used: it is too large.', {
    remedy: 'Give a file that `sotto talk --keep-replay FILE` wrote.',
  });
}
