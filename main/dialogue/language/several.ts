/** More than one request in a sentence: where it could be cut, and whether the parts stand for themselves. */
import type { Understanding } from '../acts.ts';

/** Where one request may end and the next begin. */
const BETWEEN =
  /\s*[,;]?\s+(?:and then|and also|and after that|and|then|also|plus)(?:\s*,)?\s+|[.;?!]\s+|,\s+/gi;
const MOST_PARTS = 3;
/** How well each part must be understood by itself. */
const WELL = 0.7;

export interface Cut {
  readonly left: string;
  readonly right: string;
}

/** Every place where the sentence could be cut in two, the first first. */
export function cutsOf(text: string): readonly Cut[] {
  return [...text.matchAll(BETWEEN)].flatMap((match) => {
    // The question mark stays with its question.
    const kept = /^[.;?!]/.test(match[0]) ? 1 : 0;
    const left = text.slice(0, match.index + kept).trim();
    const right = text.slice(match.index + match[0].length).trim();
    return /[a-z\d]/i.test(left) && /[a-z\d]/i.test(right) ? [{ left, right }] : [];
  });
}

/**
 * The sentence as several requests, each well understood alone; null when it is one.
 * @param first Understands what the sentence begins with, under what is expected now.
 * @param alone Understands what follows, as if nothing were expected.
 */
export function severalIn(
  text: string,
  first: (text: string) => Understanding,
  alone: (text: string) => Understanding,
  parts: number = MOST_PARTS,
): Understanding | null {
  if (parts < 2) return null;
  for (const { left, right } of cutsOf(text)) {
    const one = first(left);
    if (!standsAlone(one, ['startFlow', 'askKnowledge', 'setSlot'])) continue;
    const rest = severalIn(right, alone, alone, parts - 1) ?? alone(right);
    if (!standsAlone(rest, ['startFlow', 'askKnowledge']) || isSame(one, rest)) continue;
    const { then = [], ...next } = rest;
    // biome-ignore lint/suspicious/noThenProperty: a list, which no await takes for a promise
    return { ...one, text, complete: rest.complete, then: [next, ...then] };
  }
  return null;
}

function standsAlone(part: Understanding, asks: readonly string[]): boolean {
  return (
    part.inScope && part.confidence >= WELL && part.commands.some(({ command }) => asks.includes(command))
  );
}

function isSame(one: Understanding, other: Understanding): boolean {
  return JSON.stringify([one.flow, one.slots]) === JSON.stringify([other.flow, other.slots])
    ? one.flow !== null
    : false;
}
