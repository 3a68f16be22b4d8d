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
}

/** For desks without pages, and tests. */
export const noKnowledge: Knowledge = { ask: () => null, find: () => [] };
