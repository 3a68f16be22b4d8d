import { z } from 'zod';
import type { RecognisedWord } from '../engines.ts';

/** What sherpa-onnx's recognisers answer, of both kinds; what is not used is not looked at. */
const resultSchema = z.object({
  text: z.string(),
  tokens: z.array(z.string()).default([]),
  /** Seconds at which each token begins. Whisper and Moonshine have none. */
  timestamps: z.array(z.number()).default([]),
  /** Natural logarithms, a token each; empty where a model has none. */
  ys_probs: z.array(z.number()).default([]),
  ys_log_probs: z.array(z.number()).default([]),
});

/** What a model that tells no probabilities is taken to be sure of: enough to be heard, not enough to act on alone. */
const UNTOLD = 0.7;

/** A transcript as a network wrote it, in the form of ours: lower-case words, no punctuation but in them. */
export interface Transcript {
  readonly text: string;
  readonly confidence: number;
  readonly words: readonly RecognisedWord[];
}

/** @throws ZodError when the engine answers in another form. */
export function transcriptOf(result: unknown, audioMs: number): Transcript {
  const { text, tokens, timestamps, ys_probs, ys_log_probs } = resultSchema.parse(result);
  const logs = ys_probs.length > 0 ? ys_probs : ys_log_probs;
  const clean = plainWords(text);
  const said = clean === '' ? [] : clean.split(' ');
  const timed = wordsOf(tokens, timestamps, logs, audioMs);
  // Where tokens do not spell the words (byte pieces, models without times) they share the utterance evenly.
  const words =
    timed.map((word) => word.text).join(' ') === clean
      ? timed
      : said.map((word, i) => ({
          text: word,
          startMs: (audioMs * i) / said.length,
          endMs: (audioMs * (i + 1)) / said.length,
          confidence: likelihood(logs),
        }));
  return { text: clean, confidence: said.length === 0 ? 0 : likelihood(logs), words };
}

/** Lower case, and only what words are made of: networks add capitals, commas and marks such as `<unk>` and `[music]`. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/<[^>]*>|\[[^\]]*\]|\([^)]*\)/g, ' ')
    .replace(/[’‘]/g, "'")
    .replace(/(\d),(?=\d{3})/g, '$1')
    .replace(/[^\p{L}\p{N}'$€£%@.:-]+/gu, ' ')
    .replace(/(?<!\d)[.:]|[.:](?!\d)/g, ' ')
    .replace(/(?<!\S)['-]+|['-]+(?!\S)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function wordsOf(
  tokens: readonly string[],
  timestamps: readonly number[],
  logs: readonly number[],
  audioMs: number,
): RecognisedWord[] {
  if (tokens.length === 0 || timestamps.length !== tokens.length) return [];
  const words: { text: string; startMs: number; endMs: number; logs: number[] }[] = [];
  tokens.forEach((token, i) => {
    const startMs = Math.min(audioMs, (timestamps[i] ?? 0) * 1000);
    const last = words.at(-1);
    const log = logs[i];
    if (last) last.endMs = startMs;
    if (!last || /^[\u2581 ]/.test(token)) words.push({ text: '', startMs, endMs: audioMs, logs: [] });
    const word = words.at(-1);
    if (!word) return;
    word.text += token.replace(/[\u2581 ]/g, '');
    word.endMs = audioMs;
    if (log !== undefined) word.logs.push(log);
  });
  return words
    .map(({ text, startMs, endMs, logs: own }) => ({
      text: plainWords(text),
      startMs,
      endMs,
      confidence: likelihood(own),
    }))
    .filter(({ text }) => text !== '');
}

function likelihood(logs: readonly number[]): number {
  if (logs.length === 0) return UNTOLD;
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return Math.min(1, Math.max(0, Math.exp(mean)));
}
