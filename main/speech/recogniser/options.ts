import { MODEL_FOLDER } from './pocketsphinx.ts';

/**
 * Options of the two decoders. Measured: docs/decisions/0003-pocketsphinx-settings.md. Scores are held against the best of
 * the senones computed: only with all of them can the grammar's be compared with the loop's, and one grammar's with
 * another's. Pauses must be likely (`-silprob`, 0.005 as shipped): else short words such as "oh" are cheaper than the
 * silence between two digits. Noise lets every word of a grammar live: so many at once (`-maxhmmpf`) lose nothing and bound
 * the time, which was longer than the sound. What is hardly louder than the noise counts as a pause (`-vad_threshold`, alike
 * in both, so that their frames stand side by side).
 */
const LISTENING: Readonly<Record<string, string>> = { '-vad_threshold': '3.0' };
export const GRAMMAR_OPTIONS: Readonly<Record<string, string>> = {
  ...LISTENING,
  '-maxhmmpf': '3000',
  '-beam': '1e-80',
  '-wbeam': '1e-60',
  '-pbeam': '1e-80',
  '-silprob': '0.9',
  '-compallsen': 'yes',
};
export const LOOP_OPTIONS: Readonly<Record<string, string>> = {
  ...LISTENING,
  '-allphone': `${MODEL_FOLDER}/en-us-phone.lm.bin`,
  '-allphone_ci': 'yes',
  '-compallsen': 'yes',
  '-lw': '2.0',
  '-beam': '1e-20',
  '-pbeam': '1e-20',
};
