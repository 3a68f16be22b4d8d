/** Ranking by meaning beside ranking by words, where an embedding model is installed. */

/** Turns text into vectors of one length. The room ships none: a model pack brings one. */
export interface PassageEmbedder {
  /** The vector of a text. May reject: then words alone decide. */
  embed(text: string, as: 'question' | 'passage'): Promise<Float32Array>;
  /** From this cosine on a passage is near enough to a question to answer it, though it shares no word with it. */
  readonly nearEnough: number;
}

/** One list of passages, the best first, by number. */
export type Ranking = readonly number[];

/** Cormack, Clarke and Büttcher 2009: with 60 the first places weigh more than the last, but not all. */
const RRF_CONSTANT = 60;

/** Reciprocal rank fusion: what stands high in several rankings stands highest. */
export function fused(rankings: readonly Ranking[]): Ranking {
  const scores = new Map<number, number>();
  for (const ranking of rankings)
    for (const [place, id] of ranking.entries())
      scores.set(id, (scores.get(id) ?? 0) + 1 / (RRF_CONSTANT + place + 1));
  return [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id);
}

/** Cosine of two vectors, -1..1; 0 where one of them is none. */
export function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return 0;
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    product += value * other;
    squareA += value * value;
    squareB += other * other;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
