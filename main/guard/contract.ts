export interface MaskedText {
  /** The text with each sensitive span replaced by `[card]`, `[number]`, … */
  readonly masked: string;
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: string }[];
}

export interface Verdict {
  readonly verdict: 'pass' | 'flag' | 'block';
  readonly reasons: readonly string[];
}
