import { delay } from '../../../base/index.ts';
import { cosine, type PassageEmbedder } from '../embedding.ts';

/** A passage near to a question: its number from 1, and how near, up to 1. */
export interface Near {
  readonly id: number;
  readonly share: number;
}

/** Nobody waits longer for a question to be understood by meaning; small models take a few hundredths of a second. */
const THINK_MS = 300;
/** Questions whose meaning is remembered: the one at work, and a few that may be asked again. */
const MOST_QUESTIONS = 32;

/** What the passages of a desk mean, as far as it was learnt, and the questions that were thought about. */
export class Meaning {
  readonly #embedder: PassageEmbedder;
  readonly #texts: readonly string[];
  readonly #passages: (Float32Array | undefined)[] = [];
  readonly #questions = new Map<string, Float32Array>();

  constructor(embedder: PassageEmbedder, texts: readonly string[]) {
    this.#embedder = embedder;
    this.#texts = texts;
  }

  /** One passage after the other, so that the engine is free for questions in between. */
  async learn(signal: AbortSignal): Promise<number> {
    for (const [at, text] of this.#texts.entries()) {
      if (signal.aborted) break;
      this.#passages[at] ??= await this.#embedder.embed(text, 'passage').catch(() => undefined);
    }
    return this.#passages.filter((vector) => vector !== undefined).length;
  }

  async think(question: string): Promise<void> {
    if (this.#questions.has(question)) return;
    const thought = this.#embedder.embed(question, 'question').then(
      (vector) => this.#remember(question, vector),
      () => {},
    );
    const late = new AbortController();
    await Promise.race([thought, delay(THINK_MS, late.signal).catch(() => {})]);
    late.abort();
  }

  /** The passages that are near enough, the nearest first; none for a question that was not thought about. */
  near(question: string, most: number): readonly Near[] {
    const vector = this.#questions.get(question);
    if (!vector) return [];
    return this.#texts
      .map((_, at) => ({ id: at + 1, share: cosine(vector, this.#passages[at]) }))
      .filter(({ share }) => share >= this.#embedder.nearEnough)
      .sort((a, b) => b.share - a.share)
      .slice(0, most);
  }

  #remember(question: string, vector: Float32Array): void {
    const [oldest] = this.#questions.keys();
    if (this.#questions.size >= MOST_QUESTIONS && oldest !== undefined) this.#questions.delete(oldest);
    this.#questions.set(question, vector);
  }
}
