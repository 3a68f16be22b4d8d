import { z } from 'zod';
import { Emitter, newId, SottoError } from '../../base/index.ts';
import type { Recogniser, Recognition, RecognitionStream, SpeechGrammar } from '../engines.ts';
import type { SupervisedWorker } from '../workers/supervisor.ts';
import { arpabetOf } from './arpabet.ts';

/** Samples in one message, and samples sent and not yet decoded: 100 ms and 1 second. */
const BLOCK = 1600;
const MOST_UNDECODED = 16_000;
/** The longest utterance that may wait here: 2 minutes. */
const MOST_QUEUED = 16_000 * 120;

const nothing = z.unknown();
const grammarReply = z.object({ missing: z.array(z.string()) });
const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('decoded'), samples: z.number() }),
  z.strictObject({ type: z.literal('partial'), text: z.string() }),
]);
const fraction = z.number().min(0).max(1);
const finishedSchema = z.strictObject({
  text: z.string(),
  confidence: fraction,
  words: z.array(
    z.strictObject({ text: z.string(), startMs: z.number(), endMs: z.number(), confidence: fraction }),
  ),
  competition: z.number(),
  inGrammar: z.boolean(),
  audioMs: z.number(),
  processMs: z.number(),
});

/** eSpeak-style mnemonics of a word. */
export type Phonemes = (word: string) => Promise<string>;

/** PocketSphinx behind a supervised worker; `phonemes` is asked for words that its dictionary lacks. */
export function recogniser(worker: SupervisedWorker, phonemes: Phonemes): Recogniser {
  const made = new Map<string, string>();
  const pronounce = async (word: string): Promise<string> => {
    const known = made.get(word);
    if (known !== undefined) return known;
    const phones = arpabetOf(await phonemes(word));
    if (phones === undefined) {
      throw new SottoError('speech/no-pronunciation', `No pronunciation can be made for "${word}".`, {
        remedy: 'Declare one under pronunciations in desk.yaml, in ARPAbet.',
      });
    }
    made.set(word, phones);
    return phones;
  };
  return {
    engine: 'pocketsphinx',
    open: async (grammar, { whole = false } = {}) => {
      const stream = new Stream(worker, pronounce, grammar, whole);
      await stream.ready();
      return stream;
    },
    close: () => worker.close(),
  };
}

/** The state of an utterance: bound to the process that decodes it. */
interface Utterance {
  readonly generation: number;
  readonly queued: Float32Array[];
  /** Less than a block, waiting for the rest: a message for every 20 ms would cost more than decoding them. */
  block: Float32Array;
  filled: number;
  queuedSamples: number;
  undecoded: number;
  failure: SottoError | undefined;
  /** Woken when the queue has been sent. */
  sent: (() => void) | undefined;
}

class Stream implements RecognitionStream {
  readonly #worker: SupervisedWorker;
  readonly #pronounce: (word: string) => Promise<string>;
  readonly #whole: boolean;
  readonly #id = newId();
  readonly #partials = new Emitter<string>();
  readonly #deaf: () => void;
  #grammar: SpeechGrammar;
  /** What the process of `#generation` has been told. */
  #told: string | undefined;
  #generation: number | undefined;
  #utterance: Utterance | undefined;
  #closed = false;

  constructor(
    worker: SupervisedWorker,
    pronounce: (word: string) => Promise<string>,
    grammar: SpeechGrammar,
    whole: boolean,
  ) {
    this.#worker = worker;
    this.#whole = whole;
    this.#pronounce = pronounce;
    this.#grammar = grammar;
    this.#deaf = worker.listen(this.#id, {
      event: (body) => this.#hear(body),
      crashed: () => this.#crashed(),
    });
  }

  /** Opened in the process that runs now, with the grammar it should have. Returns its generation. */
  async ready(): Promise<number> {
    if (this.#closed) throw new SottoError('speech/closed', 'The recognition stream is closed.');
    const generation = await this.#worker.start();
    if (generation !== this.#generation) {
      await this.#worker.call('open', { stream: this.#id, whole: this.#whole }, nothing, generation);
      this.#generation = generation;
      this.#told = undefined;
    }
    const grammar = this.#grammar;
    if (this.#told !== grammar.id) {
      await this.#tellGrammar(grammar, generation);
      this.#told = grammar.id;
    }
    return generation;
  }

  async setGrammar(grammar: SpeechGrammar): Promise<void> {
    this.#grammar = grammar;
    await this.ready();
  }

  async begin(): Promise<void> {
    this.abandon();
    const generation = await this.ready();
    await this.#worker.call('begin', { stream: this.#id }, nothing, generation);
    this.#utterance = {
      generation,
      queued: [],
      block: new Float32Array(BLOCK),
      filled: 0,
      queuedSamples: 0,
      undecoded: 0,
      failure: undefined,
      sent: undefined,
    };
  }

  write(samples: Float32Array): void {
    const utterance = this.#utterance;
    if (!utterance || utterance.failure) return;
    if (utterance.queuedSamples + samples.length > MOST_QUEUED) {
      utterance.failure = new SottoError('speech/utterance-too-long', 'The utterance is too long.');
      return;
    }
    for (let at = 0; at < samples.length; ) {
      const taken = samples.subarray(at, at + BLOCK - utterance.filled);
      utterance.block.set(taken, utterance.filled);
      utterance.filled += taken.length;
      at += taken.length;
      if (utterance.filled === BLOCK) this.#queueBlock(utterance);
    }
    this.#send(utterance);
  }

  onPartial(listener: (text: string) => void): () => void {
    return this.#partials.on(listener);
  }

  async finish(): Promise<Recognition> {
    const startedAt = performance.now();
    const utterance = this.#utterance;
    if (!utterance) throw new SottoError('speech/no-utterance', 'No utterance is under way.');
    this.#queueBlock(utterance);
    this.#send(utterance);
    if (utterance.queued.length > 0 && !utterance.failure) {
      await new Promise<void>((resolve) => {
        utterance.sent = resolve;
      });
    }
    if (this.#utterance === utterance) this.#utterance = undefined;
    if (utterance.failure) throw utterance.failure;
    const finished = await this.#worker.call(
      'finish',
      { stream: this.#id },
      finishedSchema,
      utterance.generation,
    );
    return { ...finished, finalisedInMs: performance.now() - startedAt };
  }

  abandon(): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    this.#utterance = undefined;
    utterance.failure ??= new SottoError('speech/abandoned', 'The utterance was given up.');
    utterance.sent?.();
    this.#worker.cast('abandon', { stream: this.#id }, utterance.generation);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.abandon();
    this.#closed = true;
    this.#deaf();
    if (this.#generation === undefined) return;
    // A worker that is gone has closed it already.
    await this.#worker.call('close', { stream: this.#id }, nothing, this.#generation).catch(() => {});
  }

  async #tellGrammar(grammar: SpeechGrammar, generation: number): Promise<void> {
    const tell = (pronunciations: SpeechGrammar['pronunciations']) =>
      this.#worker.call(
        'grammar',
        {
          stream: this.#id,
          id: grammar.id,
          jsgf: grammar.jsgf,
          outsideAbove: grammar.outsideAbove,
          pronunciations,
        },
        grammarReply,
        generation,
      );
    const { missing } = await tell(grammar.pronunciations);
    if (missing.length === 0) return;
    const made = await Promise.all(
      missing.map(async (word) => [word, [await this.#pronounce(word)]] as const),
    );
    await tell({ ...grammar.pronunciations, ...Object.fromEntries(made) });
  }

  #queueBlock(utterance: Utterance): void {
    if (utterance.filled === 0 || utterance.failure) return;
    utterance.queued.push(utterance.block.slice(0, utterance.filled));
    utterance.queuedSamples += utterance.filled;
    utterance.filled = 0;
  }

  /** Keeps at most a second of sound between the two processes; the rest waits here. */
  #send(utterance: Utterance): void {
    while (utterance.undecoded < MOST_UNDECODED) {
      const samples = utterance.queued.shift();
      if (!samples) break;
      utterance.queuedSamples -= samples.length;
      utterance.undecoded += samples.length;
      this.#worker.cast('audio', { stream: this.#id, samples }, utterance.generation);
    }
    if (utterance.queued.length === 0) utterance.sent?.();
  }

  #hear(body: unknown): void {
    const event = eventSchema.parse(body);
    const utterance = this.#utterance;
    if (!utterance) return;
    if (event.type === 'partial') {
      this.#partials.emit(event.text);
      return;
    }
    utterance.undecoded -= event.samples;
    this.#send(utterance);
  }

  #crashed(): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    utterance.failure = new SottoError(
      'speech/engine-crashed',
      'The recogniser stopped; it is started again.',
      {
        remedy: 'Say it again.',
      },
    );
    utterance.queued.length = 0;
    utterance.sent?.();
  }
}
