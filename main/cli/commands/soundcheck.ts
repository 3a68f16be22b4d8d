import { join } from 'node:path';
import { z } from 'zod';
import type { Device, SoundCheckStage, SoundFinding, SoundProfile } from '../../media/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import type { Terminal } from '../terminal.ts';

const index = z.coerce.number().int().min(0).max(1000).optional();
const options = z.object({
  input: index,
  output: index,
  list: z.boolean().default(false),
  speech: z.boolean().default(true),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
  data: z.string().optional(),
});
type SoundCheckOptions = z.output<typeof options>;

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;
const ASKS: Readonly<Record<SoundCheckStage, string>> = {
  quiet: 'Please be quiet for three seconds: the room is measured.',
  probe: 'Three short tones follow. Stay quiet.',
  speak: 'Now say, as you would at the desk: “Good morning, what is the balance of my account, please?”',
};

/** `sotto soundcheck`: measure the sound of this desk. */
export function addSoundCheck(commands: Commands): void {
  commands.program
    .command('soundcheck')
    .summary('measure microphone, speaker and room of this desk')
    .description(
      'Measures the noise of the room, how the speaker comes back through the microphone and the level of a voice, tells ' +
        'what to better, and keeps what follows for conversations at this desk.',
    )
    .option('--input <n>', 'the microphone, by its number in --list (else the default)')
    .option('--output <n>', 'the speaker, by its number in --list (else the default)')
    .option('--list', 'list the sound devices and measure nothing')
    .option('--no-speech', 'do not ask for a voice')
    .option('--dry-run', 'measure and tell, but keep nothing')
    .option('--json', 'print one JSON object: measured, settings, findings, file')
    .addHelpText(
      'after',
      more(['sotto soundcheck', 'sotto soundcheck --list', 'sotto soundcheck --no-speech --json'], {
        0: 'it was measured, and nothing is bad (there may be warnings)',
        1: 'it was measured, and conversations will not work well as it is',
        3: 'a sound device or the speech engine is missing',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, chosen) => {
        const { listDevices } = await import('../../media/index.ts');
        const devices = await listDevices();
        if (chosen.list) {
          await tellDevices(terminal, devices, chosen.json);
          return EXIT.ok;
        }
        const { profile, findings, file } = await check(terminal, chosen, devices);
        if (chosen.json) {
          const { measured, settings } = profile;
          await terminal.print(JSON.stringify({ measured, settings, findings, file }));
        } else await tellFindings(terminal, findings, file);
        return findings.some(({ state }) => state === 'fail') ? EXIT.failed : EXIT.ok;
      }),
    );
}

interface Checked {
  readonly profile: SoundProfile;
  readonly findings: readonly SoundFinding[];
  /** Where it is kept; null when it is not. */
  readonly file: string | null;
}

async function check(
  terminal: Terminal,
  chosen: SoundCheckOptions,
  devices: readonly Device[],
): Promise<Checked> {
  const [
    { DeskEar, findingsOf, measureDesk, openDeviceEndpoint, settingsFor, writeSoundProfile },
    { startSpeech },
  ] = await Promise.all([import('../../media/index.ts'), import('../../speech/index.ts')]);
  const { dataPaths } = await import('../open-vault.ts');
  const speech = await startSpeech({ log: terminal.log });
  terminal.closing.defer(() => speech.close());
  const vad = await speech.vad.open();
  const endpoint = await openDeviceEndpoint({
    ...(chosen.input === undefined ? {} : { input: chosen.input }),
    ...(chosen.output === undefined ? {} : { output: chosen.output }),
  });
  terminal.closing.defer(() => endpoint.close());
  const ear = new DeskEar();
  const listening = (async () => {
    try {
      for await (const frame of endpoint.frames()) ear.push(frame);
    } finally {
      ear.end();
    }
  })();
  const measuring = measureDesk({
    ear,
    playout: endpoint.playout,
    vad,
    askToSpeak: chosen.speech,
    onStage: (stage) => terminal.tell(ASKS[stage]),
    signal: terminal.signal,
  });
  // A device that goes away in the middle is told as what it is.
  const measured = await Promise.race([measuring, listening.then(() => measuring)]);
  const profile: SoundProfile = {
    format: 1,
    measuredAt: Date.now(),
    carrier: 'device',
    microphone: nameOf(devices, 'inputs', chosen.input),
    speaker: nameOf(devices, 'outputs', chosen.output),
    measured,
    settings: settingsFor(measured),
  };
  const file = chosen.dryRun ? null : join(dataPaths(chosen.data).data, 'sound.json');
  if (file !== null) await writeSoundProfile(file, profile);
  return { profile, findings: findingsOf(measured), file };
}

/** The default device where none was chosen; null where the machine names none. */
function nameOf(
  devices: readonly Device[],
  can: 'inputs' | 'outputs',
  chosen: number | undefined,
): string | null {
  const usual = can === 'inputs' ? 'defaultInput' : 'defaultOutput';
  const device = devices.find(
    (one) => (chosen === undefined ? one[usual] : one.id === chosen) && one[can] > 0,
  );
  return device?.name ?? null;
}

async function tellFindings(
  terminal: Terminal,
  findings: readonly SoundFinding[],
  file: string | null,
): Promise<void> {
  for (const { state, message, remedy } of findings) {
    await terminal.print(`${MARKS[state]}  ${message}`);
    if (remedy !== null) await terminal.print(`      next: ${remedy}`);
  }
  if (file !== null) terminal.tell(`Kept in ${file}`);
}

async function tellDevices(terminal: Terminal, devices: readonly Device[], json: boolean): Promise<void> {
  if (json) return await terminal.print(JSON.stringify({ devices }));
  for (const { id, name, inputs, outputs, defaultInput, defaultOutput } of devices) {
    const can = [inputs > 0 ? 'microphone' : '', outputs > 0 ? 'speaker' : ''].filter((one) => one !== '');
    const usual = defaultInput || defaultOutput ? ' (default)' : '';
    await terminal.print(`${String(id).padStart(3)}  ${name}: ${can.join(' and ')}${usual}`);
  }
}
