import type { Command } from 'commander';
import { z } from 'zod';
import { pathsIn, SottoError } from '../../base/index.ts';
import type { ConversationEvent } from '../../conversation/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import type { RecordedEvent } from '../talk/recorded.ts';
import type { Terminal } from '../terminal.ts';

const options = z.object({
  desk: z.string(),
  in: z.array(z.string()).default([]),
  out: z.string().optional(),
  typed: z.boolean().default(false),
  levels: z.boolean().default(false),
  json: z.boolean().default(false),
  keepReplay: z.string().optional(),
  data: z.string().optional(),
  user: z.string().optional(),
  credential: z.string().optional(),
});
type TalkOptions = z.output<typeof options>;

const HELP = more(
  [
    'sotto talk --desk bank-branch',
    'sotto talk --desk bank-branch --typed',
    'sotto talk --desk bank-branch --in ask.wav --in yes.wav --out replies --json',
  ],
  {
    0: 'the conversation was held',
    1: 'it broke off, or the desk pack or a recording cannot be used',
    3: 'a speech engine, the sound device, the vault or its key is missing',
  },
);

/** `sotto talk`: hold a conversation. */
export function addTalk(commands: Commands): void {
  describeTalk(commands.program.command('talk')).action(
    action(commands, options, async (terminal, _, chosen) => {
      if (chosen.in.length > 0 && chosen.typed)
        throw new SottoError('cli/usage', 'A conversation is typed or recorded, not both.', {
          remedy: 'Leave out --typed or --in.',
        });
      // What a replay needs is what was said in clear: nothing that belongs where people are served.
      if (chosen.keepReplay !== undefined && chosen.data !== undefined)
        throw new SottoError('cli/usage', 'A replay is kept of throwaway conversations only.', {
          remedy: 'Leave out --keep-replay, or --data (and SOTTO_HOME).',
        });
      return await talk(terminal, chosen);
    }),
  );
}

function describeTalk(command: Command): Command {
  return command
    .summary('hold a conversation')
    .description(
      'Holds a conversation: on this machine’s microphone and speaker, typed, or with recordings said as if live.',
    )
    .requiredOption('--desk <dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option(
      '--in <file.wav>',
      'say this recording next; can be given several times',
      (file, before: string[] = []) => [...before, file],
    )
    .option('--out <dir>', 'with --in: write what the agent says: reply-00.wav… and conversation.wav')
    .option('--typed', 'type instead of talking; lines from a pipe wait for each answer')
    .option('--user <name>', 'with --data: the member who holds the conversation')
    .addOption(credentialOption())
    .option(
      '--keep-replay <file.json>',
      'keep what came in for `sotto replay`, in clear; without --data only',
    )
    .option('--levels', 'also print the level meter, about ten times a second')
    .option('--json', 'print every event as one JSON object a line')
    .addHelpText('after', HELP);
}

async function talk(terminal: Terminal, chosen: TalkOptions): Promise<ExitCode> {
  const [{ siteGround, throwawayGround }, { deskFolder }, sound, { watchAttention }, { eventInWords }] =
    await Promise.all([
      import('../talk/ground.ts'),
      import('../desk-folder.ts'),
      import('../talk/sound.ts'),
      import('../talk/settled.ts'),
      import('../talk/events-in-words.ts'),
    ]);
  const lines = await sound.readLines(chosen.in);
  const folder = deskFolder(chosen.desk);
  const { data, user, credential } = chosen;
  const { core, member } =
    data === undefined
      ? await throwawayGround(terminal, folder, !chosen.typed)
      : await siteGround(terminal, folder, { paths: pathsIn(data), user, credential });
  const endpoint = await sound.openSound(chosen);
  if (endpoint) terminal.closing.defer(() => endpoint.close());
  const kept = chosen.keepReplay === undefined ? null : await import('../talk/replay-file.ts');
  const heard =
    kept && endpoint ? await kept.keepSound(endpoint, kept.soundFileOf(chosen.keepReplay ?? '')) : endpoint;
  const live = core.converse({ member, endpoint: heard, mode: 'handsFree' });
  terminal.closing.defer(() => live.end('interrupted'));

  const tell = (event: ConversationEvent | RecordedEvent) => {
    if (event.type === 'level' && !chosen.levels) return;
    if (chosen.json) return void terminal.print(JSON.stringify(event));
    const words = event.type === 'saying' || event.type === 'replySound' ? null : eventInWords(event);
    if (words !== null) void terminal.print(words);
  };
  live.onEvent(tell);
  const attention = watchAttention(live);

  if (endpoint?.kind === 'wav') {
    const { holdRecorded } = await import('../talk/recorded.ts');
    const said = await holdRecorded({ live, attention, endpoint }, lines, chosen.out ?? null, tell);
    if (said < lines.length)
      terminal.tell(`sotto: the agent ended the conversation before ${chosen.in[said]}`);
  } else {
    const { holdTyped } = await import('../talk/at-the-keyboard.ts');
    await Promise.race([holdTyped(terminal, live, attention, { spoken: endpoint !== null }), live.ended]);
  }
  // A reason that is an error's code tells that it broke off.
  const reason = await live.ended;
  if (kept) await kept.keepReplay(live, chosen.keepReplay ?? '');
  return reason.includes('/') ? EXIT.failed : EXIT.ok;
}
