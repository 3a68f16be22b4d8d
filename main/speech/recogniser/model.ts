import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_FOLDER } from './pocketsphinx.ts';

/**
 * Where the cepstral mean starts before a decoder has heard anything: the average over 76 recordings of more than
 * 50 people on their own microphones, which are closer to a desk than what the model shipped with.
 * Measured: docs/decisions/0003-pocketsphinx-settings.md.
 */
const FIRST_MEAN = '41.65,-0.17,0.02,2.85,-1.25,-2.54,1.19,-7.60,0.28,-3.46,1.42,-2.25,-0.65';

/**
 * Lends a view of the installed acoustic model with our own first mean, and an almost empty dictionary.
 * The model's `feat.params` beats every option, so the mean can only be changed in that file.
 */
export function withModel<T>(use: (options: Readonly<Record<string, string>>) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-speech-'));
  try {
    const installed = join(MODEL_FOLDER, 'en-us');
    for (const name of readdirSync(installed)) {
      if (name === 'feat.params') continue;
      symlinkSync(join(installed, name), join(folder, name));
    }
    const parameters = readFileSync(join(installed, 'feat.params'), 'utf8');
    writeFileSync(
      join(folder, 'feat.params'),
      `${parameters.replace(/^-cmninit.*$/m, '').trim()}\n-cmninit ${FIRST_MEAN}\n`,
    );
    const dictionary = join(folder, 'seed.dict');
    writeFileSync(dictionary, 'sotto-seed AH\n');
    return use({ '-hmm': folder, '-dict': dictionary });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
