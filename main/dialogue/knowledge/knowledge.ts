/** Where a passage stands. */
export interface PassageSource {
  readonly title: string;
  readonly file: string;
  /** The heading right above it, where that is not the title. */
  readonly heading?: string;
  /** The page of paper, from 1, of a PDF. */
  readonly page?: number;
}

/** An answer from the knowledge pages, short enough to be spoken. */
export interface KnowledgeAnswer {
  readonly text: string;
  readonly source: PassageSource;
  /** How well it fits; larger is better, comparable within one set of pages. */
  readonly score: number;
}

/** A passage that may carry an answer: what a language model phrases one from. */
export interface FoundPassage {
  readonly text: string;
  readonly headings: readonly string[];
  readonly source: PassageSource;
  /** 0..1: how much of the question's telling words it carries; from `ENOUGH` on it is an answer. */
  readonly score: number;
}

/** What a desk's knowledge pages can answer. */
export interface Knowledge {
  /** The best passage, or null: "I don't know" is an answer. */
  ask(question: string): KnowledgeAnswer | null;
  /** The passages nearest to the question, the best first; those too far from it for an answer are left out. */
  find(question: string, most: number): readonly FoundPassage[];
  /** Whether a passage means what the question asks, though they may share no word; only of what was thought about. */
  isNear(question: string): boolean;
  /**
   * Learns what its passages mean, where there is an embedding model, one after the other: as far as it gets until the
   * signal aborts. Never rejects; returns how many it knows.
   */
  ready(signal: AbortSignal): Promise<number>;
  /** Learns what a question means, so that it is answered by meaning too: a moment at most. Never rejects. */
  think(question: string): Promise<void>;
}

/** For desks without pages, and tests. */
export const noKnowledge: Knowledge = {
  ask: () => null,
  find: () => [],
  isNear: () => false,
  ready: async () => 0,
  think: async () => {},
};
