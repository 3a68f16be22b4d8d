import { SottoError, silentLog } from '../base/index.ts';
import { type SupervisedSpeech, startSpeech } from './speech.ts';

/** Whether one engine works on this machine, for the doctor. */
export interface SpeechCheck {
  readonly engine: string;
  readonly ok: boolean;
  readonly message: string;
  /** The next step when it does not work. */
  readonly remedy?: string;
}

const VOICE = { name: 'en-us', rate: 165 };
const YES = '#JSGF V1.0;\ngrammar check;\npublic <check> = yes | no;\n';

/** Makes each engine do a little real work, in processes of its own that end with the check. */
export async function speechChecks(): Promise<readonly SpeechCheck[]> {
  const speech = await startSpeech({ log: silentLog });
  try {
    return await Promise.all([
      check(speech.vad.engine, () => checkVad(speech)),
      check(speech.recogniser.engine, () => checkRecogniser(speech)),
      check(speech.synthesiser.engine, () => checkSynthesiser(speech)),
    ]);
  } finally {
    await speech.close();
  }
}

async function check(engine: string, work: () => Promise<string>): Promise<SpeechCheck> {
  try {
    return { engine, ok: true, message: await work() };
  } catch (error) {
    if (!(error instanceof SottoError)) return { engine, ok: false, message: 'The engine failed.' };
    const { message, remedy } = error;
    return remedy === undefined ? { engine, ok: false, message } : { engine, ok: false, message, remedy };
  }
}

async function checkVad(speech: SupervisedSpeech): Promise<string> {
  const stream = await speech.vad.open();
  const heard = await stream.write(new Float32Array(16_000));
  await stream.close();
  if (heard.length !== 31 || heard.some((probability) => probability > 0.5)) {
    throw new SottoError('speech/engine-failed', 'The VAD takes silence for speech.', { remedy: 'npm ci' });
  }
  return 'Voice activity detection works.';
}

async function checkRecogniser(speech: SupervisedSpeech): Promise<string> {
  const stream = await speech.recogniser.open({
    id: 'check',
    jsgf: YES,
    pronunciations: {},
    outsideAbove: 0,
  });
  await stream.begin();
  stream.write(new Float32Array(8000));
  await stream.finish();
  await stream.close();
  return 'The recogniser decodes against a grammar.';
}

async function checkSynthesiser(speech: SupervisedSpeech): Promise<string> {
  let samples = 0;
  for await (const block of speech.synthesiser.synthesise('Ready.', VOICE)) samples += block.samples.length;
  if (samples === 0) {
    throw new SottoError('speech/engine-failed', 'The synthesiser made no sound.', {
      remedy: 'apt-get install --reinstall espeak-ng-data',
    });
  }
  return 'The synthesiser speaks.';
}
