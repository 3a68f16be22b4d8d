import { SottoError } from '../base/index.ts';
import type { CompiledDesk, Expectation } from '../dialogue/index.ts';
import { screenTranscript } from '../guard/index.ts';
import { readWav, resample } from '../media/index.ts';
import type { RecognitionStream } from '../speech/index.ts';

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

const ANYTHING: Expectation = { kind: 'open' };
const RATE = 16_000;
/** 100 ms. */
const BLOCK = 1_600;

/** What a sentence means to a desk, when anything may be said. */
export function meaningOf(desk: CompiledDesk, sentence: string, now: number): Meaning {
  const { text, verdict } = screenTranscript(sentence);
  const { inScope, flow, slots, confidence } = desk.understand(text, ANYTHING, now);
  if (verdict === 'block' || !inScope) return { text, inScope: false, flow: null, slots: {}, confidence };
  return { text, inScope, flow, slots, confidence };
}

/**
 * Hears a recording as one utterance, and tells what it means to the desk.
 * @throws SottoError `media/bad-wav`, and what the recogniser throws.
 */
export async function hearRecording(
  file: string,
  desk: CompiledDesk,
  stream: RecognitionStream,
  now: number,
): Promise<HeardRecording> {
  const recording = await readWav(file);
  const samples = resample(recording.samples, recording.sampleRate, RATE);
  if (samples.length === 0)
    throw new SottoError('media/bad-wav', 'The WAV file cannot be used: it holds no sound.');
  await stream.begin();
  for (let at = 0; at < samples.length; at += BLOCK) stream.write(samples.subarray(at, at + BLOCK));
  const { text, confidence, inGrammar, audioMs, processMs } = await stream.finish();
  const meaning = meaningOf(desk, text, now);
  const sure = { confidence: round(confidence * meaning.confidence), audioMs, processMs: round(processMs) };
  if (inGrammar) return { file, ...meaning, ...sure };
  return { file, text: meaning.text, inScope: false, flow: null, slots: {}, ...sure };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
