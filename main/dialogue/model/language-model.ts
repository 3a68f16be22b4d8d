import type { Json } from '../../base/index.ts';

/** One thing that a language model is asked to write. */
export interface Generation {
  /** Instructions; the same from turn to turn, so that an engine need not read them again. */
  readonly system: string;
  readonly prompt: string;
  /** JSON Schema that the answer must fit; null for free text. */
  readonly schema: Json | null;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

export interface Generated {
  readonly text: string;
  readonly firstTokenMs: number;
  readonly tookMs: number;
  readonly tokens: number;
}

/** A language model, in a process of this machine or on the site's LAN. */
export interface LanguageModel {
  /** For logs and screens: `gguf`, `lan`. */
  readonly engine: string;
  /** @throws SottoError `model/…`, or the signal's reason as soon as it aborts. */
  generate(request: Generation): Promise<Generated>;
  close(): Promise<void>;
}
