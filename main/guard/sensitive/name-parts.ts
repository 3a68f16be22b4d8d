import type { Finding } from './finding.ts';
import { isCommon, isOrganisation, isPlace } from './ordinary-words.ts';
import type { Token } from './tokens.ts';

/** Small words inside family names. */
export const PARTICLES: ReadonlySet<string> = new Set(
  'de da do dos das del della di van von der den la le el al bin ibn ben abu st ter ten zu af av mac y e'.split(
    ' ',
  ),
);
/** Where a name that was said ends. */
const NO_NAME: ReadonlySet<string> = new Set(
  `and or but so from calling speaking here i you we they the a an my your it is was are not on in at to for with of by
  that this please thanks thank yes no if when because can could would will just also there wrong incorrect spelled misspelled
  correct again sorry uh um er changed different listed appears number address account card email phone birthday
  date whatever what how who why where back later about me`.split(/\s+/),
);

/** A name with the tokens that it takes. */
export interface FoundName {
  readonly finding: Finding;
  /** Index of its first token. */
  readonly from: number;
  readonly next: number;
}

/** Whether a name can start here. */
export function canBeName(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.kind === 'word' && !NO_NAME.has(token.text) && (token.raw.length > 1 || isCapital(token.raw));
}

/** Whether a name that was said ends before this word. */
export function endsName(word: string): boolean {
  return NO_NAME.has(word);
}

export function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}

/** A word that is no common English, no place, no initial. */
export function isStrange(word: string): boolean {
  return word.length > 1 && !isCommon(word) && !isPlace(word) && !isOrganisation(word);
}

/** The finding over these tokens; an owner's 's is no part of it. */
export function foundName(
  tokens: readonly Token[],
  from: number,
  to: number,
  score: number,
  why: string,
): FoundName | null {
  const [first, last] = [tokens[from], tokens[to - 1]];
  if (!first || !last || to <= from) return null;
  const owned = /['’]s$/.test(last.raw) ? 2 : 0;
  return {
    finding: { start: first.start, end: last.end - owned, type: 'name', score, why: `name: ${why}` },
    from,
    next: to,
  };
}
