/**
 * What the conversation asks of speech engines. Every engine stands behind one of these; the heavy ones run in
 * supervised worker processes. A call that was under way when a worker died rejects with
 * SottoError `speech/engine-crashed`; the next call finds a fresh worker.
 */
import type { SpeechGrammar } from '../dialogue/index.ts';

export type { SpeechGrammar };

export interface RecognisedWord {
  readonly text: string;
  /** Milliseconds from the start of the utterance. */
  readonly startMs: number;
  readonly endMs: number;
  /** 0..1. */
  readonly confidence: number;
}

/** The final transcript of one utterance. */
export interface Recognition {
  /** Lower-case words, single spaces; empty when nothing was recognised. */
  readonly text: string;
  /** 0..1: how sure the engine is of the whole. */
  readonly confidence: number;
  readonly words: readonly RecognisedWord[];
  /**
   * How much better a competing decoding (phone loop or general language model) explains the sound than the
   * grammar does, per frame, log domain; above the engine's threshold `inGrammar` is false.
   */
  readonly competition: number;
  /** False when the sound is better explained as something outside the grammar. */
  readonly inGrammar: boolean;
  /** Length of the utterance. */
  readonly audioMs: number;
  /** Time between the end of the audio and this result: what the person waits for. */
  readonly finalisedInMs: number;
  /** Processor time spent decoding the utterance. */
  readonly processMs: number;
  /** What a network without a grammar wrote, where a pack has one and it was in time. Free text; nothing acts on it. */
  readonly transcript?: string;
}

/** One listening session. Utterances follow each other; one at a time. */
export interface RecognitionStream {
  /** Takes effect at the next `begin`. */
  setGrammar(grammar: SpeechGrammar): Promise<void>;
  begin(): Promise<void>;
  /** 16 kHz mono; decoded as it comes in. */
  write(samples: Float32Array): void;
  /** What is understood so far; called at most every 100 ms, and only when it changed. */
  onPartial(listener: (text: string) => void): () => void;
  /** Ends the utterance. @throws SottoError `speech/engine-crashed`. */
  finish(): Promise<Recognition>;
  /** Gives the utterance up. */
  abandon(): void;
  close(): Promise<void>;
}

export interface Recogniser {
  readonly engine: string;
  /**
   * `whole`: for recordings. Each utterance is decoded at `finish`, by the mean of its own sound and of nothing heard
   * before: exact without having heard the speaker, in the time that decoding takes (5 % of the sound). No partials.
   */
  open(grammar: SpeechGrammar, options?: { readonly whole?: boolean }): Promise<RecognitionStream>;
  close(): Promise<void>;
}

export interface VoiceActivityStream {
  /**
   * Probability of speech for each 512-sample frame (32 ms at 16 kHz) completed by these samples, in order.
   * @throws SottoError `speech/engine-crashed`.
   */
  write(samples: Float32Array): Promise<readonly number[]>;
  /** Forgets what it heard, before a new stretch of sound. */
  reset(): void;
  close(): Promise<void>;
}

export interface VoiceActivityDetector {
  readonly engine: string;
  open(): Promise<VoiceActivityStream>;
  close(): Promise<void>;
}

export interface Voice {
  /** Engine's voice name, e.g. `en-us`. */
  readonly name: string;
  /** Words a minute. */
  readonly rate: number;
  /** BCP 47 tag of what it speaks; where it is left out, eSpeak's names tell (`es`, `fr-fr`), and others are English. */
  readonly language?: string;
  /** English words said otherwise than the engine would, in ARPAbet (`M EH T F AO1 R M IH N`); of several, the first. */
  readonly pronunciations?: Readonly<Record<string, string | readonly string[]>>;
}

export interface SynthesisedSound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface Synthesiser {
  readonly engine: string;
  /**
   * Speaks one sentence, in blocks as they are ready.
   * @throws SottoError `speech/engine-crashed`, or the signal's reason.
   */
  synthesise(text: string, voice: Voice, signal?: AbortSignal): AsyncIterable<SynthesisedSound>;
  /** eSpeak-style phoneme mnemonics of a word, for pronunciations the dictionary lacks. */
  phonemes(word: string, voice: Voice): Promise<string>;
  close(): Promise<void>;
}

/** What was made in advance. */
export interface PreparedPrompts {
  readonly prepared: number;
  /** Of memory. */
  readonly bytes: number;
}

/** A synthesiser that keeps the sound of what is always said. */
export interface PreparingSynthesiser extends Synthesiser {
  /**
   * Makes these sentences in the background, the most important first, so that `synthesise` has them at once; a live
   * sentence goes before them. Kept in bounded memory. Only for a pack's fixed words: never give it what a person told.
   */
  prepare(sentences: readonly string[], voice: Voice, signal?: AbortSignal): Promise<PreparedPrompts>;
}

/** One stream of sound that noise is taken out of. */
export interface DenoiserStream {
  /** 16 kHz mono; what is clean by now, a little later than it came in. @throws SottoError `speech/engine-crashed`. */
  clean(samples: Float32Array): Promise<Float32Array>;
  /** What is still inside, at the end; the stream is over then. */
  flush(): Promise<Float32Array>;
  close(): void;
}

export interface Denoiser {
  readonly engine: string;
  open(): Promise<DenoiserStream>;
  close(): Promise<void>;
}

export interface SpeakerEmbedder {
  readonly engine: string;
  /** What is the same in everything that a person says: compare by the angle between two. 16 kHz mono, up to a minute. */
  embed(samples: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** All engines of an appliance. */
export interface Speech {
  readonly vad: VoiceActivityDetector;
  readonly recogniser: Recogniser;
  readonly synthesiser: Synthesiser;
  /** Where a pack brings one. */
  readonly denoiser?: Denoiser;
  /** Where a pack brings one. */
  readonly embedder?: SpeakerEmbedder;
  close(): Promise<void>;
}
