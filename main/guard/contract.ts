export interface MaskedText {
  /** The text with each sensitive span replaced by `[card]`, `[name]`, `[number]`, … */
  readonly masked: string;
  readonly spans: readonly MaskedSpan[];
}

export interface MaskedSpan {
  /** UTF-16 code units in the text as given. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /** 0..1: how sure the type is. */
  readonly score: number;
  /** Why it is masked; nothing of the text itself. */
  readonly why: string;
}

export interface Verdict {
  readonly verdict: 'pass' | 'flag' | 'block';
  /** Where it was judged: the transcript before it is understood, or the reply before it is spoken. */
  readonly layer: 'transcript' | 'reply';
  /** How much speaks against it: from 0.5 on it is flagged, from 1 on blocked. */
  readonly score: number;
  readonly reasons: readonly string[];
}
