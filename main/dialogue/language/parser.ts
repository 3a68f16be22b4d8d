/**
 * The cheapest way to read a sentence as one of the patterns. Words around a phrase may be passed over: thinking
 * sounds for nothing, courtesies for little, anything else for a price, negations for a high one.
 */
import { Automaton } from './automaton.ts';
import type { Meaning, Pattern } from './patterns.ts';
import type { Slot } from './scope.ts';
import type { Sentence, SlotMatch } from './slots/slot-type.ts';
import { HESITATIONS, PASSING, TURNING, VALUE_WORDS } from './standing.ts';

/** A slot filled on the way. */
export interface Capture {
  readonly slot: Slot;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly before: Capture | null;
}

export interface Parse {
  readonly meaning: Meaning;
  /** In the order in which they were said. */
  readonly captures: readonly Capture[];
  readonly cost: number;
  /** Tokens that the pattern accounts for. */
  readonly matched: number;
  /** True when no telling word could follow. */
  readonly complete: boolean;
  /** How much more could be said: one for each value, two for one that the flow needs, one for words alone. 0: complete. */
  readonly further: number;
  /** True when more words could belong to the last value. */
  readonly open: boolean;
}

/** What can come behind a state. */
interface After {
  /** A value, or a word that people do not say for courtesy alone. */
  readonly telling: boolean;
  /** By flow and name. */
  readonly values: ReadonlyMap<string, Slot>;
}

interface Path {
  readonly cost: number;
  readonly matched: number;
  readonly captures: Capture | null;
  /** The last slot read could have more words. */
  readonly open: boolean;
}

const HESITATION_COST = 0.01;
const PASSING_COST = 0.12;
const WORD_COST = 1;
const TURNING_COST = 2.5;
const VALUE_COST = 4;
/** A slot costs a trifle, and text slots more with each word, so that words of the pattern win over them. */
const SLOT_COST = 0.01;
const TEXT_TOKEN_COST = 0.05;
/** What a flow will ask for is said sooner than what it can do without. */
const NEEDED = 2;
/** Paths dearer than this are given up. */
const DEAREST = 5;
/** Spaces between a pattern's words are where people hesitate, not where they say something else. */
const hesitations = new Set(HESITATIONS);

export class PatternParser {
  readonly #automaton = new Automaton();
  readonly #start: number;
  readonly #finals = new Map<number, Pattern>();
  readonly #afters = new Map<number, After>();

  constructor(patterns: readonly Pattern[]) {
    this.#start = this.#automaton.newState();
    for (const pattern of patterns) {
      const start = this.#automaton.newState();
      this.#automaton.state(this.#start).empty.push(start);
      this.#finals.set(this.#automaton.add(pattern.phrase, pattern.scope, start), pattern);
    }
  }

  /** The cheapest parse for each meaning, cheapest first. */
  parse(sentence: Sentence): readonly Parse[] {
    const columns = this.#walk(sentence);
    const last = columns[sentence.tokens.length] ?? new Map<number, Path>();
    const best = new Map<string, Parse>();
    for (const [state, pattern] of this.#finals) {
      const path = last.get(state);
      if (!path || path.matched === 0) continue;
      const parse = this.#parseOf(pattern, path, state);
      const key = JSON.stringify(pattern.meaning);
      const known = best.get(key);
      if (!known || isBetter(parse, known)) best.set(key, parse);
    }
    const cheapest = [...best.values()].sort((a, b) => (isBetter(a, b) ? -1 : 1));
    const limit = cheapest[0] ? cheapest[0].cost + 0.3 : 0;
    const further = [...last]
      .filter(([, path]) => path.matched > 0 && path.cost < limit)
      .reduce((most, [state, path]) => Math.max(most, this.#further(state, path, cheapest[0]?.meaning)), 0);
    return further > 0 ? cheapest.map((parse) => ({ ...parse, complete: false, further })) : cheapest;
  }

  #parseOf(pattern: Pattern, path: Path, state: number): Parse {
    const captures: Capture[] = [];
    for (let capture = path.captures; capture; capture = capture.before) captures.unshift(capture);
    const further = this.#further(state, path, pattern.meaning);
    return {
      meaning: pattern.meaning,
      captures,
      cost: path.cost + pattern.penalty,
      matched: path.matched,
      complete: further === 0,
      further,
      open: path.open,
    };
  }

  #further(state: number, path: Path, meaning: Meaning | undefined): number {
    const { telling, values } = this.#after(state);
    if (!telling && !path.open) return 0;
    const said = new Set<string>();
    for (let capture = path.captures; capture; capture = capture.before) said.add(keyOf(capture.slot));
    const flow = meaning && 'flow' in meaning ? meaning.flow : null;
    let further = 0;
    for (const [value, slot] of values)
      if (!said.has(value)) further += slot.flow === flow && !slot.optional ? NEEDED : 1;
    return Math.max(1, further);
  }

  /** Looks through words of courtesy: in "an appointment for {date}" it is the date that may follow, not the "for". */
  #after(from: number): After {
    const known = this.#afters.get(from);
    if (known) return known;
    const values = new Map<string, Slot>();
    let telling = false;
    const reached = new Set<number>();
    const waiting = [from];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      const { words, slots, empty } = this.#automaton.state(next);
      waiting.push(...empty, ...[...words.values()].flat(), ...slots.map(({ to }) => to));
      for (const { slot } of slots) values.set(keyOf(slot), slot);
      telling ||= slots.length > 0 || words.keys().some((word) => !PASSING.has(word));
    }
    const after = { telling, values };
    this.#afters.set(from, after);
    return after;
  }

  #walk(sentence: Sentence): readonly Map<number, Path>[] {
    const { words } = sentence;
    const columns = Array.from({ length: words.length + 1 }, () => new Map<number, Path>());
    const matches = new Map<string, readonly SlotMatch[]>();
    columns[0]?.set(this.#start, { cost: 0, matched: 0, captures: null, open: false });
    for (const [position, column] of columns.entries()) {
      this.#spread(column);
      const word = words[position];
      if (word === undefined) continue;
      const passing = passingCost(word);
      for (const [state, path] of column) {
        this.#step(columns, position, state, path, word);
        this.#fill(columns, position, state, path, sentence, matches);
        keep(columns[position + 1], state, { ...path, cost: path.cost + passing });
      }
    }
    return columns;
  }

  /** Follows the edges that take no word. */
  #spread(column: Map<number, Path>): void {
    const waiting = [...column.keys()];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      const path = column.get(state);
      if (!path) continue;
      for (const next of this.#automaton.state(state).empty) if (keep(column, next, path)) waiting.push(next);
    }
  }

  #step(
    columns: readonly Map<number, Path>[],
    position: number,
    state: number,
    path: Path,
    word: string,
  ): void {
    for (const to of this.#automaton.state(state).words.get(word) ?? [])
      keep(columns[position + 1], to, { ...path, matched: path.matched + 1, open: false });
  }

  #fill(
    columns: readonly Map<number, Path>[],
    position: number,
    state: number,
    path: Path,
    sentence: Sentence,
    matches: Map<string, readonly SlotMatch[]>,
  ): void {
    for (const { slot, to } of this.#automaton.state(state).slots) {
      const key = `${slot.flow}.${slot.name}@${position}`;
      const found = matches.get(key) ?? slot.type.match(sentence, position);
      matches.set(key, found);
      for (const { end, value, mayGoOn } of found) {
        const tokens = end - position;
        keep(columns[end], to, {
          cost: path.cost + SLOT_COST + (slot.kind === 'text' ? TEXT_TOKEN_COST * tokens : 0),
          matched: path.matched + tokens,
          captures: { slot, value, from: position, to: end, before: path.captures },
          open: mayGoOn,
        });
      }
    }
  }
}

function keyOf({ flow, name }: Slot): string {
  return `${flow}.${name}`;
}

/** Keeps the cheaper path into a state; of equal ones that which accounts for more. */
function keep(column: Map<number, Path> | undefined, state: number, path: Path): boolean {
  if (!column || path.cost > DEAREST) return false;
  const known = column.get(state);
  if (known && !isBetter(path, known)) return false;
  column.set(state, path);
  return true;
}

function isBetter(a: { cost: number; matched: number }, b: { cost: number; matched: number }): boolean {
  return a.cost < b.cost - 1e-9 || (a.cost < b.cost + 1e-9 && a.matched > b.matched);
}

export function passingCost(word: string): number {
  if (hesitations.has(word)) return HESITATION_COST;
  if (VALUE_WORDS.has(word) || /\d/.test(word)) return VALUE_COST;
  if (TURNING.has(word)) return TURNING_COST;
  return PASSING.has(word) ? PASSING_COST : WORD_COST;
}
