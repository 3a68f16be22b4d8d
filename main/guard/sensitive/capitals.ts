import { familyName, givenName } from './given-names.ts';
import { canBeName, type FoundName, foundName, isCapital, isStrange, PARTICLES } from './name-parts.ts';
import { isCommon, isOrganisation, isPlace } from './ordinary-words.ts';
import { glued, type Token } from './tokens.ts';

/** A longer row of capitals is a headline. */
const MOST_WORDS = 4;

/** A row of words with capitals, with initials and particles inside, that can be a person. */
export function byCapitals(tokens: readonly Token[], at: number, text: string): FoundName | null {
  const token = tokens[at];
  if (!token || !isCapital(token.raw) || !canBeName(tokens, at)) return null;
  const to = capitalsEnd(tokens, at, text);
  const words = tokens.slice(at, to).filter((each) => each.kind === 'word');
  const score = rowScore(tokens, at, to, words, text);
  if (score >= 0.5) return foundName(tokens, at, to, score, 'capitals as names have them');
  // What was passed as a row is not looked at again from its middle.
  return null;
}

function rowScore(
  tokens: readonly Token[],
  from: number,
  to: number,
  words: readonly Token[],
  text: string,
): number {
  const raws = partsOf(
    words.filter((word) => !PARTICLES.has(word.raw)),
    new Set(tokens.slice(from, to).flatMap((token) => (token.raw === '-' ? [token.start] : []))),
  );
  if (besideNoName(tokens, from, to, text) || raws.some(isOrganisation)) return 0;
  if (raws.length >= 2 && !isTown(tokens, from)) return fullNameScore(raws);
  return raws.length >= 2 ? knownNameScore(raws) : singleNameScore(tokens, from, to, raws[0] ?? '', text);
}

/** Figures on the same line make it a street; a word such as "Bank" or "Road" makes it something else. */
function besideNoName(tokens: readonly Token[], from: number, to: number, text: string): boolean {
  const [before, first, last, after] = [tokens[from - 1], tokens[from], tokens[to - 1], tokens[to]];
  const sameLine = (left: Token, right: Token) => !text.slice(left.end, right.start).includes('\n');
  if (after && last && sameLine(last, after))
    if (after.kind === 'digits' || (isOrganisation(after.raw) && after.raw !== 'st')) return true;
  return before !== undefined && first !== undefined && before.kind === 'digits' && sameLine(before, first);
}

/** The parts of a name; what is joined by a hyphen is one part. */
function partsOf(words: readonly Token[], hyphens: ReadonlySet<number>): string[] {
  const parts: string[] = [];
  let end = -1;
  for (const word of words) {
    if (word.start === end + 1 && hyphens.has(end) && parts.length > 0)
      parts[parts.length - 1] += `-${word.raw}`;
    else parts.push(word.raw);
    end = word.end;
  }
  return parts.map((part) => part.replace(/['’]s$/, ''));
}

/** "in Den Haag", "originally from Colle Di Tora": where somebody is. */
function isTown(tokens: readonly Token[], from: number): boolean {
  const [two, one] = [tokens[from - 2]?.text ?? '', tokens[from - 1]?.text ?? ''];
  return (
    /^(in|near)$/.test(one) || (one === 'from' && two === 'originally') || (one === 'to' && two === 'flew')
  );
}

function knownNameScore(raws: readonly string[]): number {
  return givenName(raws[0] ?? '') === 1 && familyName(raws.at(-1) ?? '') > 0 ? 0.8 : 0;
}

function fullNameScore(raws: readonly string[]): number {
  const given = givenName(raws[0] ?? '');
  const family = familyName(raws.at(-1) ?? '');
  if (given === 1 || family === 1) return 0.9;
  if (raws.some((raw) => isPlace(raw))) return 0;
  const strange = raws.filter((raw) => isStrange(raw));
  if (given + family > 0 && strange.length > 0) return 0.7;
  const initials = raws.slice(1, -1).some((raw) => raw.length === 1);
  if (initials && strange.length >= 2) return 0.85;
  return strange.length === raws.length && raws.length <= 3 ? 0.6 : 0;
}

function singleNameScore(
  tokens: readonly Token[],
  from: number,
  to: number,
  word: string,
  text: string,
): number {
  const opens = opensSentence(tokens, from, text);
  if (givenName(word) === 1 && word.length > 2 && !(opens && isCommon(word))) return 0.75;
  if (!isStrange(word) || word === word.toUpperCase()) return 0;
  if (/['’]s$/.test(tokens[from]?.raw ?? '')) return 0.55;
  if (opens && tokens[to]?.raw === ':' && !/\d/.test(tokens[to + 1]?.raw ?? '')) return 0.6;
  return personBeside(tokens, from, to, opens) ? 0.6 : 0;
}

const DONE_BY_PEOPLE =
  /^(lives|lived|said|says|told|asked|asks|thinks|loves|wants|wanted|called|calls|wrote|works|worked|married|speaks|spoke|thanked|replied|smiled|killed|born|sang|sings|gave|given|invited|visited|spent|turned|flew|travelled|traveled|kid|kids|wife|husband|son|daughter|mother|father|mom|dad|brother|sister|killers|boyfriend|girlfriend|lost|forgot|needs)$/;
const BEFORE_PEOPLE =
  /^(told|tell|ask|asked|met|meet|said|invite|invited|wife|husband|son|daughter|brother|sister|mother|father|friend|kid|partner|dear|hi|hello|hey|uncle|aunt|named|called|fan|singer|actor|actress|starring|featuring|given|gave|guardian|beneficiary)$/;

/** "Verda lives on", "my kid Oskar": someone does or is something. */
function personBeside(tokens: readonly Token[], from: number, to: number, opens: boolean): boolean {
  const before = tokens[from - 1]?.text ?? '';
  const after = tokens[to]?.text ?? '';
  if (DONE_BY_PEOPLE.test(after)) return true;
  if (/^(had|was|is|has)$/.test(after) && DONE_BY_PEOPLE.test(tokens[to + 1]?.text ?? '')) return true;
  if (!opens && BEFORE_PEOPLE.test(before)) return true;
  if (/^(is|was)$/.test(before) && /^(so|very|always|still|here|there)$/.test(after)) return true;
  return /^(is|was)$/.test(after) && /^(from|very|so)$/.test(tokens[to + 1]?.text ?? '') && opens;
}

function opensSentence(tokens: readonly Token[], at: number, text: string): boolean {
  const before = tokens[at - 1];
  if (!before) return true;
  if (/^[.!?:"“>*•]$/.test(before.raw)) return true;
  return text.slice(before.end, tokens[at]?.start ?? before.end).includes('\n');
}

/** Where a row of words with capitals, initials and particles ends. */
export function capitalsEnd(tokens: readonly Token[], start: number, text: string): number {
  let to = start + 1;
  let words = 1;
  while (to < tokens.length && words < MOST_WORDS) {
    const [before, token, next] = [tokens[to - 1], tokens[to], tokens[to + 1]];
    if (!token || !before) break;
    if (token.start - before.end > 1 || text[before.end] === '\n') break;
    const joined = next && isCapital(next.raw) ? joinedBy(before, token, next) : 0;
    if (joined > 0) to += joined;
    else if (token.kind === 'word' && isCapital(token.raw) && !endsRow(token)) {
      to += 1;
      words += 1;
    } else break;
  }
  return to;
}

/** "Anne-Marie", "J. Doe", "Anna van Dyk": how many tokens lead to the next capital; 0 where none do. */
function joinedBy(before: Token, token: Token, next: Token): number {
  if (token.raw === '-' && glued(before, token) && glued(token, next)) return 2;
  if (token.raw === '.' && before.raw.length === 1) return 1;
  return PARTICLES.has(token.text) && next.kind === 'word' ? 1 : 0;
}

/** A common word with a capital, as in a title of a song, is no part of a name; a family name that is a word too is. */
function endsRow(token: Token): boolean {
  return (
    token.raw.length > 1 && isCommon(token.raw) && familyName(token.raw) === 0 && givenName(token.raw) === 0
  );
}

/** What is told by the names already found: parts of them said again, and members of one list with them. */
export function alsoNames(tokens: readonly Token[], found: readonly FoundName[]): FoundName[] {
  const starts = new Set(found.map(({ from }) => from));
  const ends = new Set(found.map(({ next }) => next));
  const known = partsOfNames(tokens, found);
  const more: FoundName[] = [];
  const take = (at: number, why: string) => {
    const name = foundName(tokens, at, at + 1, 0.6, why);
    if (!name) return;
    more.push(name);
    starts.add(at);
    ends.add(at + 1);
  };
  const mayBeOne = (at: number, raw: string) => isCapital(raw) && !starts.has(at) && isStrange(raw);
  for (const [at, { raw }] of tokens.entries()) {
    if (!mayBeOne(at, raw)) continue;
    if (known.has(bare(raw))) take(at, 'part of a name in the same text');
    else if (isJoin(tokens, at - 1) && ends.has(at - 1) && !isCapital(tokens[at + 1]?.raw ?? ''))
      take(at, 'in a list with names');
  }
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const raw = tokens[at]?.raw ?? '';
    if (!mayBeOne(at, raw) || isCapital(tokens[at - 1]?.raw ?? '')) continue;
    if (isJoin(tokens, at + 1) && starts.has(at + 2)) take(at, 'in a list with names');
  }
  return more;
}

function partsOfNames(tokens: readonly Token[], found: readonly FoundName[]): ReadonlySet<string> {
  const parts = found.flatMap(({ from, next }) => tokens.slice(from, next).map(({ raw }) => raw));
  return new Set(parts.filter((raw) => raw.length > 2 && isStrange(raw)).map(bare));
}

function isJoin(tokens: readonly Token[], at: number): boolean {
  return /^(,|and|&)$/.test(tokens[at]?.text ?? '');
}

function bare(word: string): string {
  return word.replace(/['’]s$/, '');
}
