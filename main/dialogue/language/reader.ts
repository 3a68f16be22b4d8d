/** What sentences are read with, and what all ways of reading them give. */
import type { Command, Expectation, Understanding } from '../acts.ts';
import type { Classified } from './classifier.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import type { PatternParser } from './parser.ts';

export interface Reader {
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  parser(expectation: Expectation): PatternParser;
  classify(text: string): Classified | null;
  /** 0..1: how much of what a question asks about occurs in the knowledge pages. */
  knows(words: readonly string[]): number;
}

/** What a sentence means. */
export type Meant = Omit<Understanding, 'text'>;

export function setSlots(slots: Readonly<Record<string, string>>, confidence: number): Command[] {
  return Object.entries(slots).map(([slot, value]) => ({ command: 'setSlot', slot, value, confidence }));
}

/** Which of these is meant is asked. */
export function clarify(flows: readonly string[], confidence: number): Meant {
  return {
    inScope: true,
    flow: null,
    slots: {},
    confidence,
    complete: false,
    commands: [{ command: 'clarify', flows }],
  };
}

/** As it is told: three places. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
