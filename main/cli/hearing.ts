import { SottoError } from '../base/index.ts';
import type { CompiledDesk, Expectation, Understander } from '../dialogue/index.ts';
import { screenTranscript } from '../guard/index.ts';
import { readWav, resample } from '../media/index.ts';
import type { RecognitionStream, Speech, SpeechGrammar, VoiceActivityStream } from '../speech/index.ts';

/** What a sentence means, as the command line tells it. */
export interface Meaning {
  readonly text: string;
  readonly inScope: boolean;
  readonly flow: string | null;
  readonly slots: Readonly<Record<string, string>>;
  /** 0..1. */
  readonly confidence: number;
}

/** What one recording says. */
export interface HeardRecording extends Meaning {
  readonly file: string;
  readonly audioMs: number;
  /** Processor time of recognition. */
  readonly processMs: number;
}

/** What a recording is heard with: one at a time. */
export interface RecordingEars {
  readonly recogniser: RecognitionStream;
  readonly vad: VoiceActivityStream;
}

const ANYTHING: Expectation = { kind: 'open' };
const NOTHING = { inScope: false, flow: null, slots: {} } as const;
const RATE = 16_000;
/** 100 ms. */
const BLOCK = 1_600;
/**
 * Voice activity in so many frames of 32 ms on end is somebody speaking, as in a conversation. Measured: an order has 32 at
 * least, even at 3 dB of kitchen noise; a single letter 3; kitchens and engines none (docs/decisions/0016).
 */
const SPEECH_ABOVE = 0.5;
const SHORTEST_SPEECH = 3;
/** Looked at together: 4 seconds, a whole number of frames. */
const VAD_STRETCH = 512 * 125;

/** What a sentence means to a desk, when anything may be said. */
export function meaningOf(desk: CompiledDesk, sentence: string, now: number): Meaning {
  const { text, verdict } = screenTranscript(sentence);
  const { inScope, flow, slots, confidence } = desk.understand(text, ANYTHING, now);
  if (verdict === 'block' || !inScope) return { text, ...NOTHING, confidence };
  return { text, inScope, flow, slots, confidence };
}

/** The same with a language model, which is asked where the desk itself is not sure, as in a conversation. */
export async function meaningWith(
  model: Pick<Understander, 'improve'>,
  desk: CompiledDesk,
  sentence: string,
  now: number,
  signal: AbortSignal,
): Promise<{ readonly meaning: Meaning; readonly byModel: boolean }> {
  const { text, verdict } = screenTranscript(sentence);
  const builtIn = desk.understand(text, ANYTHING, now);
  // What the screen stops no model is shown.
  if (verdict === 'block')
    return { meaning: { text, ...NOTHING, confidence: builtIn.confidence }, byModel: false };
  const better = await model.improve(builtIn, { expectation: ANYTHING, flow: null, given: [] }, signal);
  const { inScope, flow, slots, confidence } = better;
  const meaning = inScope ? { text, inScope, flow, slots, confidence } : { text, ...NOTHING, confidence };
  return { meaning, byModel: better !== builtIn };
}

/** Ears that judge each recording by its own sound alone. @throws SottoError `speech/engine-unavailable`. */
export async function openRecordingEars(speech: Speech, grammar: SpeechGrammar): Promise<RecordingEars> {
  const [recogniser, vad] = await Promise.all([
    speech.recogniser.open(grammar, { whole: true }),
    speech.vad.open(),
  ]);
  return { recogniser, vad };
}

/**
 * Hears a recording as one utterance, and tells what it means to the desk: nothing where nobody
 * speaks, for words are found in any noise by those who look for them.
 * @throws SottoError `media/bad-wav`, and what the engines throw.
 */
export async function hearRecording(
  file: string,
  desk: CompiledDesk,
  { recogniser, vad }: RecordingEars,
  now: number,
): Promise<HeardRecording> {
  const recording = await readWav(file);
  const samples = resample(recording.samples, recording.sampleRate, RATE);
  if (samples.length === 0)
    throw new SottoError('media/bad-wav', 'The WAV file cannot be used: it holds no sound.');
  if (!(await somebodySpeaks(vad, samples)))
    return { file, text: '', ...NOTHING, confidence: 0, audioMs: samples.length / 16, processMs: 0 };
  await recogniser.begin();
  for (let at = 0; at < samples.length; at += BLOCK) recogniser.write(samples.subarray(at, at + BLOCK));
  const { text, confidence, inGrammar, audioMs, processMs } = await recogniser.finish();
  const meaning = meaningOf(desk, text, now);
  const sure = { confidence: round(confidence * meaning.confidence), audioMs, processMs: round(processMs) };
  return inGrammar ? { file, ...meaning, ...sure } : { file, text: meaning.text, ...NOTHING, ...sure };
}

async function somebodySpeaks(vad: VoiceActivityStream, samples: Float32Array): Promise<boolean> {
  vad.reset();
  let onEnd = 0;
  for (let at = 0; at < samples.length; at += VAD_STRETCH)
    for (const probability of await vad.write(samples.subarray(at, at + VAD_STRETCH))) {
      onEnd = probability > SPEECH_ABOVE ? onEnd + 1 : 0;
      if (onEnd >= SHORTEST_SPEECH) return true;
    }
  return false;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
