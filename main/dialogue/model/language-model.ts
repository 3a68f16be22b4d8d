/** What a language model is to Sotto: something that fills in a closed form, on this machine or on the site's LAN. */

import type { Unsubscribe, WorkerCrash } from '../../base/index.ts';

/** The form that an answer must have, in the two ways that engines can be held to one. */
export interface AnswerForm {
  readonly name: string;
  /** GBNF, as llama.cpp reads it. */
  readonly grammar: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/**
 * Lanes share nothing: what chooses commands has not seen a passage, what phrases answers has not seen the state of a
 * conversation. Each keeps its own beginning in the engine's memory.
 */
export type Lane = 'commands' | 'phrasing';

/** One thing that a language model is asked to write. */
export interface Generation {
  readonly lane: Lane;
  /** Instructions; the same from turn to turn, so that an engine need not read them again. */
  readonly system: string;
  /** What the instructions are about; made harmless by whoever writes it. */
  readonly prompt: string;
  readonly form: AnswerForm;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

export interface Generated {
  /** As the model wrote it: to be parsed and checked. */
  readonly text: string;
  readonly firstTokenMs: number;
  readonly tookMs: number;
  readonly tokens: number;
  readonly promptTokens: number;
  /** Of the prompt's tokens, those that need not be read again; null where the engine does not tell. */
  readonly reusedTokens: number | null;
}

/** A language model, in a process of this machine or on the site's LAN. */
export interface LanguageModel {
  /** For logs and screens: `gguf`, `lan`. */
  readonly engine: string;
  /**
   * Rejects with the signal's reason as soon as it aborts, whatever the engine does meanwhile.
   * @throws SottoError `model/…`.
   */
  generate(request: Generation): Promise<Generated>;
  /** Its process ended unasked, and another is being started; absent where it has none of its own. */
  onCrash?(listener: (crash: WorkerCrash) => void): Unsubscribe;
  close(): Promise<void>;
}

/** Settles as the promise does, or rejects with the signal's reason at once; what comes later is not heard. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
