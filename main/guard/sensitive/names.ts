import { alsoNames, byCapitals, capitalsEnd } from './capitals.ts';
import type { Finding } from './finding.ts';
import { familyName, givenName } from './given-names.ts';
import { canBeName, endsName, type FoundName, foundName, isCapital, isStrange } from './name-parts.ts';
import { pieceAt } from './number-words.ts';
import { isCommon } from './ordinary-words.ts';
import { glued, type Token } from './tokens.ts';

const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss mister missus dr doctor prof professor sir madam mx rev'.split(' '),
);
/** What leads to a name, whatever its letters; the words directly after it are taken. */
const LEADS: readonly (readonly string[])[] = [
  'my name is',
  'the name is',
  'name is',
  "name's",
  'my names',
  'name :',
  'name ,',
  'first name is',
  'last name is',
  'surname is',
  'surname',
  'full name is',
  'maiden name is',
  'call me',
  'calls me',
  'my name',
  'people call me',
  'was called',
  'named',
  'known as',
  'patient is',
  'patient name is',
  'holder is',
  'under the name',
  'in the name of',
  'on behalf of',
  'name of',
  'yours sincerely ,',
].map((lead) => lead.split(' '));
/** What leads to a name only when capitals or the list of names agree. */
const SOFT_LEADS: readonly (readonly string[])[] = [
  'this is',
  'i am',
  "i'm",
  'it is',
  "it's",
  'speak to',
  'speak with',
  'talk to',
  'talking to',
  'heard',
  'spoke to',
  'spoke with',
  'meet',
  'with',
  'for',
  'from',
  'by',
  'wife',
  'husband',
  'son',
  'daughter',
  'brother',
  'sister',
  'mother',
  'father',
  'friend',
  'kid',
  'partner',
  'add',
  'dear',
  'hi',
  'hello',
  'hey',
  'thanks',
].map((lead) => lead.split(' '));

/** Names of people: by what leads to them, by title, by capitals together with the list of names. */
export function findNames(tokens: readonly Token[], text: string): Finding[] {
  const shouted = text === text.toUpperCase();
  const capitals = /[\p{Ll}]/u.test(text) && /\p{Lu}/u.test(text) && !shouted;
  const found: FoundName[] = [];
  let at = 0;
  while (at < tokens.length) {
    const name = nameAt(tokens, at, capitals, text);
    if (name) found.push(name);
    at = name?.next ?? at + 1;
  }
  if (capitals && found.length > 0) found.push(...alsoNames(tokens, found));
  return found.map((name) => name.finding);
}

function nameAt(tokens: readonly Token[], at: number, capitals: boolean, text: string): FoundName | null {
  const token = tokens[at];
  if (token?.kind !== 'word') return null;
  return (
    afterTitle(tokens, at, capitals, text) ??
    spelledName(tokens, at) ??
    afterLead(tokens, at, capitals, text) ??
    (capitals ? byCapitals(tokens, at, text) : byList(tokens, at))
  );
}

/** "Mr. Kozłowski", "doctor jane smith". */
function afterTitle(tokens: readonly Token[], at: number, capitals: boolean, text: string): FoundName | null {
  if (!TITLES.has(tokens[at]?.text ?? '')) return null;
  const start = tokens[at + 1]?.raw === '.' ? at + 2 : at + 1;
  if (!canBeName(tokens, start)) return null;
  const first = tokens[start]?.raw ?? '';
  if (capitals ? !isCapital(first) : isCommon(first) && givenName(first) === 0) return null;
  const to = capitals ? capitalsEnd(tokens, start, text) : spokenEnd(tokens, start, 2);
  return foundName(tokens, start, to, 0.9, 'a title before');
}

function afterLead(tokens: readonly Token[], at: number, capitals: boolean, text: string): FoundName | null {
  const lead = leadAt(tokens, at, LEADS);
  if (lead !== null) {
    const start = skipMarks(tokens, lead);
    if (!canBeName(tokens, start)) return null;
    const first = tokens[start]?.raw ?? '';
    if (capitals && isCapital(first) && !isCommon(first))
      return foundName(tokens, start, capitalsEnd(tokens, start, text), 0.9, 'words that introduce a name');
    if (isCommon(first) && givenName(first) === 0 && familyName(first) === 0) return null;
    return foundName(tokens, start, spokenEnd(tokens, start, 3), 0.8, 'words that introduce a name');
  }
  const soft = leadAt(tokens, at, SOFT_LEADS);
  if (soft === null || !canBeName(tokens, soft)) return null;
  const known = givenName(tokens[soft]?.raw ?? '') === 1 && !isCommon(tokens[soft]?.raw ?? '');
  if (known && !capitals)
    return foundName(tokens, soft, spokenEnd(tokens, soft, 3), 0.7, 'a known name after its lead');
  return null;
}

const SPELLS: ReadonlySet<string> = new Set(['spelled', 'spelt', 'spelling', 'spell']);

/** "spelled v r b o v a", "the last name is o d e double l", "my surname is o dell". */
function spelledName(tokens: readonly Token[], at: number): FoundName | null {
  const spells = SPELLS.has(tokens[at]?.text ?? '');
  const lead = spells ? at + 1 : leadAt(tokens, at, LEADS);
  if (lead === null) return null;
  let to = skipMarks(tokens, lead);
  if (spells && /^(is|it|as)$/.test(tokens[to]?.text ?? '')) to += 1;
  const start = to;
  let letters = 0;
  for (; to < tokens.length; to += 1) {
    const token = tokens[to];
    if (/^\p{L}$/u.test(token?.raw ?? '')) letters += 1;
    else if (!/^(?:[-,.]|double|triple)$/.test(token?.text ?? '')) break;
  }
  if (letters >= 2) return foundName(tokens, start, to, 0.85, 'spelled');
  const next = tokens[start + 1];
  const joined = letters === 1 && /^[odm]$/.test(tokens[start]?.text ?? '') && next?.kind === 'word';
  return joined && !isCommon(next.text)
    ? foundName(tokens, start, start + 2, 0.8, 'words that introduce a name')
    : null;
}

function leadAt(tokens: readonly Token[], at: number, leads: readonly (readonly string[])[]): number | null {
  for (const words of leads)
    if (words.every((word, offset) => tokens[at + offset]?.text === word)) return at + words.length;
  return null;
}

function skipMarks(tokens: readonly Token[], start: number): number {
  return /^[:"'“,-]$/.test(tokens[start]?.raw ?? '') ? start + 1 : start;
}

/** Where a name in spoken form (no capitals to go by) ends. */
function spokenEnd(tokens: readonly Token[], start: number, most: number): number {
  let at = start;
  while (at < tokens.length && at - start < most + 1) {
    const token = tokens[at];
    if (!token) break;
    if (token.raw === '-' && glued(tokens[at - 1], token)) {
      at += 1;
      continue;
    }
    if (token.kind !== 'word' || endsName(token.text)) break;
    if (at > start && isCommon(token.text) && familyName(token.text) === 0 && givenName(token.text) === 0)
      break;
    if (at > start && pieceAt(tokens, at)) break;
    if (at - start >= most) break;
    at += 1;
  }
  return at;
}

/** Without capitals to go by: a given name, with the family name after it. */
function byList(tokens: readonly Token[], at: number): FoundName | null {
  const first = tokens[at]?.raw ?? '';
  if (givenName(first) < 1 || isCommon(first)) return null;
  const initial = tokens[at + 1]?.raw.length === 1 && tokens[at + 1]?.kind === 'word' ? 1 : 0;
  const second = tokens[at + 1 + initial]?.raw.replace(/['’]s$/, '') ?? '';
  if (familyName(second) > 0)
    return foundName(tokens, at, at + 2 + initial, 0.8, 'a given and a family name');
  if (/^\p{Ll}{3,}$/u.test(second) && isStrange(second) && !canBeWord(second))
    return foundName(tokens, at, at + 2 + initial, 0.65, 'a given name and an unknown word');
  return first.length > 3 ? foundName(tokens, at, at + 1, 0.55, 'a given name') : null;
}

/** Ends as English words end, not family names. */
function canBeWord(word: string): boolean {
  return /(ing|ed|tion|ly|ness|ment|able|ful|less|ise|ize|ous|ity|ies|ests?)$/.test(word) || word.length < 3;
}
