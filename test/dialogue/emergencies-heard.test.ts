import { afterAll, beforeAll, expect, it } from 'vitest';
import { deskOf } from '../../bench/hearing/desk.ts';
import { spokenFile } from '../../bench/spoken/voices.ts';
import { silentLog } from '../../main/base/index.ts';
import type { CompiledDesk, Expectation } from '../../main/dialogue/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { hear, readWav } from '../speech/sound.ts';

const SAID = [
  'i have chest pain',
  "i can't breathe",
  'call an ambulance',
  'somebody collapsed',
  'he is not breathing',
  'this is an emergency',
];
const VOICES = ['slt', 'awb'];

let speech: SupervisedSpeech;
let clinic: CompiledDesk;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
  clinic = await deskOf('clinic-frontdesk');
});
afterAll(() => speech.close());

it.each([
  ['where nothing was asked', { kind: 'open' }],
  ['where a number was asked for', { kind: 'slot', flow: 'check_in', slot: 'phone' }],
  ['where a yes or no was asked for', { kind: 'yesNo', flow: 'cancel_visit' }],
] satisfies [string, Expectation][])('emergencies are acted on %s', async (_, expectation) => {
  const stream = await speech.recogniser.open(clinic.grammar(expectation));
  for (const [at, said] of SAID.entries()) {
    const file = spokenFile(said, VOICES[at % VOICES.length] ?? '');
    if (file === null) throw new Error('The voice cannot say it.');
    const { text, inGrammar } = await hear(stream, readWav(file).samples);
    expect(inGrammar, `${said}: ${text}`).toBe(true);
    expect(clinic.understand(text, expectation, 0).flow, text).toBe('emergency');
  }
  await stream.close();
});
