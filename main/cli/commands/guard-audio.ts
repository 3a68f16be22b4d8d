import { z } from 'zod';
import { action, type Commands, describe } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';

const options = z.object({ json: z.boolean().default(false) });
/** As sound comes in: 20 ms. */
const BLOCK_MS = 20;

/** `sotto guard audio`: what the screen of sound finds in recordings, each after the one before. */
export function addGuardAudio(guard: Commands['program'], commands: Commands): void {
  guard
    .command('audio')
    .summary('screen recordings')
    .description(
      'Screens recordings as utterances are screened before they count as heard: ultrasound, tones, implausible spectra, ' +
        'clipping, and exact repeats of an earlier file of the same call.',
    )
    .argument('<file.wav...>', 'WAV files, of any sample rate; 48 kHz shows most')
    .option(
      '--json',
      'one JSON object a file, one a line: file, sampleRate, audioMs, action, findings, measures',
    )
    .addHelpText(
      'after',
      more(['sotto guard audio --json order.wav', 'sotto guard audio first.wav second.wav'], {
        0: 'every file was screened, whatever was found',
        1: 'a file could not be read',
      }),
    )
    .action(
      action(commands, options, async (terminal, files, { json }) => {
        const [
          { DEFAULT_SOUND_POLICY, decide, NO_SYNTHETIC_VOICE_MODEL, RepeatMemory, SoundScreen },
          { readWav },
        ] = await Promise.all([import('../../guard/index.ts'), import('../../media/index.ts')]);
        const synthetic = NO_SYNTHETIC_VOICE_MODEL;
        const screen = new SoundScreen(new RepeatMemory());
        let failed = false;
        for (const file of files) {
          try {
            const { samples, sampleRate } = await readWav(file);
            const block = Math.round((sampleRate * BLOCK_MS) / 1000);
            screen.begin();
            for (let at = 0; at < samples.length; at += block)
              screen.push(samples.subarray(at, at + block), sampleRate);
            const { findings, measures } = screen.end(0) ?? { findings: [], measures: null };
            const act = decide(DEFAULT_SOUND_POLICY, findings);
            const audioMs = Math.round((samples.length * 1000) / sampleRate);
            await terminal.print(
              json
                ? JSON.stringify({ file, sampleRate, audioMs, action: act, findings, synthetic, measures })
                : `${file}: ${act}${findings.map(({ kind, score, reason }) => `; ${kind} ${score}: ${reason}`).join('')}`,
            );
          } catch (error) {
            failed = true;
            const told = { file, error: describe(error) };
            await terminal.print(json ? JSON.stringify(told) : `${file}: ${told.error.message}`);
          }
        }
        return failed ? EXIT.failed : EXIT.ok;
      }),
    );
}
