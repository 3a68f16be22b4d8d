import { resolve } from 'node:path';
import { z } from 'zod';
import type { SyntheticVoiceModel } from '../../guard/index.ts';
import { action, type Commands, describe } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import type { Terminal } from '../terminal.ts';
import { readSmall } from './pack.ts';

const options = z
  .object({
    json: z.boolean().default(false),
    pack: z.string().min(1).optional(),
    key: z.string().min(1).optional(),
  })
  .refine(({ pack, key }) => (pack === undefined) === (key === undefined), {
    path: ['key'],
    error: '--pack and --key go together: a pack is believed by the key that signed it',
  });
/** As sound comes in: 20 ms. */
const BLOCK_MS = 20;

/** `sotto guard audio`: what the screen of sound finds in recordings, each after the one before. */
export function addGuardAudio(guard: Commands['program'], commands: Commands): void {
  guard
    .command('audio')
    .summary('screen recordings')
    .description(
      'Screens recordings as utterances are screened before they count as heard: ultrasound, tones, implausible spectra, ' +
        'clipping, exact repeats of an earlier file of the same call, and, with a model for it, synthetic voices.',
    )
    .argument('<file.wav...>', 'WAV files, of any sample rate; 48 kHz shows most')
    .option(
      '--pack <folder>',
      'a model pack of the kind antispoof, as a folder: looks for synthetic voices too',
    )
    .option('--key <file.pub.pem>', 'the public key of who signed the pack')
    .option(
      '--json',
      'one JSON object a file, one a line: file, sampleRate, audioMs, action, findings, synthetic, measures',
    )
    .addHelpText(
      'after',
      more(
        [
          'sotto guard audio --json order.wav',
          'sotto guard audio first.wav second.wav',
          'sotto guard audio --pack ./antispoof --key signing.pub.pem --json *.wav',
        ],
        {
          0: 'every file was screened, whatever was found',
          1: 'a file or the pack could not be read',
        },
      ),
    )
    .action(
      action(commands, options, async (terminal, files, { json, pack, key }) => {
        const model = pack !== undefined && key !== undefined ? await modelOf(terminal, pack, key) : null;
        let failed = false;
        const screen = await screening(model);
        for (const file of files) {
          try {
            const told = await screen(file);
            const found = told.findings.map(({ kind, score, reason }) => `; ${kind} ${score}: ${reason}`);
            await terminal.print(json ? JSON.stringify(told) : `${file}: ${told.action}${found.join('')}`);
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

/** Screens one file after the other, as utterances of one session. */
async function screening(model: SyntheticVoiceModel | null) {
  const [guard, { readWav, resample }] = await Promise.all([
    import('../../guard/index.ts'),
    import('../../media/index.ts'),
  ]);
  const screen = new guard.SoundScreen(new guard.RepeatMemory());
  return async (file: string) => {
    const { samples, sampleRate } = await readWav(file);
    const block = Math.round((sampleRate * BLOCK_MS) / 1000);
    screen.begin();
    for (let at = 0; at < samples.length; at += block)
      screen.push(samples.subarray(at, at + block), sampleRate);
    const { findings, measures } = screen.end(0) ?? { findings: [], measures: null };
    const likely =
      model && samples.length > 0 ? await model.score(resample(samples, sampleRate, model.sampleRate)) : null;
    const ofVoice = model && likely !== null ? guard.syntheticFinding(likely, model.limit) : null;
    const all = ofVoice ? [...findings, ofVoice] : findings;
    return {
      file,
      sampleRate,
      audioMs: Math.round((samples.length * 1000) / sampleRate),
      action: guard.decide(guard.DEFAULT_SOUND_POLICY, all),
      findings: all,
      synthetic: model ? { there: true, model: model.name, likely } : guard.NO_SYNTHETIC_VOICE_MODEL,
      measures,
    };
  };
}

/** The model of a pack that this key signed, until the command ends. @throws SottoError `models/…`, `guard/…` */
async function modelOf(terminal: Terminal, folder: string, key: string): Promise<SyntheticVoiceModel> {
  const [{ openSyntheticVoiceModel }, { checkedPack, readPublicKey, verifyPack }] = await Promise.all([
    import('../../guard/index.ts'),
    import('../../models/index.ts'),
  ]);
  const { digest } = await verifyPack(folder, [readPublicKey(await readSmall(key))]);
  const model = await openSyntheticVoiceModel(
    await checkedPack({ folder: resolve(folder), digest }),
    terminal.log,
  );
  terminal.closing.defer(() => model.close());
  return model;
}
