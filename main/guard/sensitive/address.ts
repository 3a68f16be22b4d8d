import type { Finding } from './finding.ts';
import { isCapital } from './name-parts.ts';
import { pieceAt } from './number-words.ts';
import { isPlace } from './ordinary-words.ts';
import type { Token } from './tokens.ts';

/** Words for a street that stand alone after its name. */
const STREETS: ReadonlySet<string> = new Set(
  `street avenue road lane boulevard terrace crescent highway parkway drive court place way close square circle row walk
  gardens grove mews hill trail alley plaza turnpike pike loop ave rd blvd ln dr ct pl st hwy pkwy terr cres sq
  summit mall park greens green views view heights`.split(/\s+/),
);
/** USPS Publication 28, appendix C1: what else a street can be called; ordinary words, so only with a capital. */
const CAPITAL_STREETS: ReadonlySet<string> = new Set(
  `annex arcade bayou beach bend bluff bottom branch brook bypass camp canyon cape causeway cliff club common corner
  course cove coves creek crest crossing crossroad curve dale dam divide estate estates expressway extension falls ferry
  field fields flat flats ford forest forge forges fork forks fort freeway garden gateway glen harbor haven hollow inlet
  island isle junction key keys knoll knolls lake lakes landing light loaf lock locks lodge manor meadow meadows mill mills
  mission motorway mount mountain neck orchard oval overpass pass passage path pine pines plain plains plaza point points
  port ports prairie ramp ranch rapid rapids rest ridge ridges river route run shoal shoals shore shores skyway spring
  springs spur spurs station stravenue stream throughway trace track trafficway tunnel underpass union unions valley viaduct
  village ville vista wall well wells`.split(/\s+/),
);
/** Those of them that are ordinary words as well: without capitals they need more. */
const ALSO_WORDS: ReadonlySet<string> = new Set(
  'way close drive place court square circle row walk hill trail st park view views green greens summit mall pl dr ct loop pike gardens heights'.split(
    ' ',
  ),
);
/** Words for a street that stand before its name, in other languages. */
const BEFORE_NAME: ReadonlySet<string> = new Set(
  'rua via rue avenida avenue calle ulica ul strada corso piazza piazzetta viale place plaza camino carrera chemin allée boulevard quai pod alameda travessa estrada rambla passeig largo praça'.split(
    ' ',
  ),
);
const ENDINGS =
  /(?:str|strasse|straße|stræde|strede|straat|gade|gata|gatan|vej|veien|vegen|vägen|weg|laan|plein|platz|gasse|allee|katu|tie|polku|väg|kade|dijk|dreef|singel|gracht|utca|körút|tér|ulica|ova|brauty|gil|stien|park|puiestee|tänav|pilekrogen)$/;
const CUES: ReadonlySet<string> = new Set(
  `address live lives living reside resides moved move delivered deliver ship send return mail located corner taxi
  meet street sent`.split(/\s+/),
);
const UNIT_WORDS: ReadonlySet<string> = new Set(
  'apt apartment suite unit flat floor ste room box fpo apo dpo psc'.split(' '),
);
const STATE = /^[A-Z]{2,3}$/;
/** What goes on after an address, with a capital of its own. */
const NOT_TOWN = /^(Please|I|My|If|And|Thanks|Mobile|Desk|Fax|Phone|Tel|Can|What|It)$/;
const NOT_STREET: ReadonlySet<string> = new Set(
  `the a an of in on at to for and or is was my your his her their our this that by with from dollars pounds euros percent
  minutes hours days people times years months weeks am pm i you it we they down up per`.split(/\s+/),
);

/** Postal addresses: a street with its number, written or spoken, with what follows of flat, town, state and code. */
export function findAddresses(tokens: readonly Token[], text: string): Finding[] {
  const found: Finding[] = [];
  let at = 0;
  while (at < tokens.length) {
    const to = cornerAt(tokens, at) ?? streetAt(tokens, at, text) ?? unitAt(tokens, at);
    if (to === null) {
      at += 1;
      continue;
    }
    const end = continuation(tokens, to, text);
    const boxed = tokens[at]?.text === 'box' && /^(po|o)$/.test(tokens[at - 1]?.text ?? '');
    const from = boxed ? at - (tokens[at - 1]?.text === 'o' ? 2 : 1) : at;
    const [first, last] = [tokens[Math.max(0, from)], tokens[end - 1]];
    if (first && last)
      found.push({
        start: first.start,
        end: last.end,
        type: 'address',
        score: 0.8,
        why: 'address: street and number',
      });
    at = end;
  }
  return found;
}

/** A street with a number starting at a token: where it ends. */
function streetAt(tokens: readonly Token[], at: number, text: string): number | null {
  const token = tokens[at];
  if (!token) return null;
  const number = houseNumber(tokens, at);
  if (number !== null) return afterNumber(tokens, number, text);
  if (token.kind !== 'word') return null;
  return beforeNumber(tokens, at);
}

/** "the corner of Asselsestraat 7 and Martinez Mall". */
function cornerAt(tokens: readonly Token[], start: number): number | null {
  const at = tokens[start]?.text === 'the' ? start + 1 : start;
  if (tokens[at]?.text !== 'corner' || tokens[at + 1]?.text !== 'of') return null;
  let end: number | null = null;
  for (let next = at + 2; next < tokens.length && next - at < 16; next += 1) {
    const token = tokens[next];
    if (!token) break;
    const part = /^\p{Lu}/u.test(token.raw) || token.kind === 'digits';
    if (!part && !/^(and|[.-]|st|rd|de|la|street|road|avenue)$/.test(token.text)) break;
    if (part || /^(st|street|road|rd|avenue)$/.test(token.text)) end = next + 1;
  }
  return end;
}

function houseNumber(tokens: readonly Token[], start: number): number | null {
  const token = tokens[start];
  if (token?.kind === 'digits') {
    if (token.text.length > 6) return null;
    let at = start + 1;
    // "12a", "98.", a second number as in "6750 254 …"
    if (/^[a-z]$/i.test(tokens[at]?.raw ?? '') && tokens[at]?.start === tokens[at - 1]?.end) at += 1;
    if (tokens[at]?.kind === 'digits' && (tokens[at]?.text.length ?? 9) <= 5) at += 1;
    return at;
  }
  let at = start;
  while (at - start < 5) {
    const piece = pieceAt(tokens, at);
    if (!piece) break;
    at = piece.next;
  }
  return at > start ? at : null;
}

/** What stands after a house number: where it ends, how many capitals, and whether a word for a street closes it. */
interface StreetName {
  readonly end: number;
  readonly capitals: number;
  readonly ended: boolean;
}

function streetName(tokens: readonly Token[], start: number, text: string): StreetName {
  let at = start;
  let capitals = 0;
  let ended = false;
  while (at < tokens.length && at - start < 8) {
    const token = tokens[at];
    if (!token || opensLine(tokens, at, text)) break;
    if (isInnerMark(tokens, at, start)) {
      at += 1;
      continue;
    }
    const street = at > start && isStreet(token);
    if (!street && !goesOn(token, at - start)) break;
    if (isCapital(token.raw)) capitals += 1;
    at += 1;
    ended ||= street || endsAsStreet(token);
    if (street && !isCapital(tokens[at]?.raw ?? '')) break;
  }
  return { end: at, capitals, ended };
}

function opensLine(tokens: readonly Token[], at: number, text: string): boolean {
  return text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0).includes('\n');
}

function isStreet({ text, raw }: Token): boolean {
  return STREETS.has(text) || (isCapital(raw) && CAPITAL_STREETS.has(text));
}

/** "Koskikatu", and "Rua": words that need no word for a street after them. */
function endsAsStreet({ text, raw }: Token): boolean {
  return (isCapital(raw) && ENDINGS.test(text)) || BEFORE_NAME.has(text);
}

/** A hyphen, an apostrophe, the point of an abbreviation. */
function isInnerMark(tokens: readonly Token[], at: number, start: number): boolean {
  const raw = tokens[at]?.raw ?? '';
  if (raw === '-' || raw === "'") return true;
  return raw === '.' && (at === start || (tokens[at - 1]?.raw.length ?? 9) <= 4);
}

/** Whether a word can be part of a street's name, so many words in. */
function goesOn(token: Token, distance: number): boolean {
  if (token.kind !== 'word') return false;
  if (isCapital(token.raw)) return true;
  if (distance >= 3) return false;
  return !NOT_STREET.has(token.text) || /^(de|da|do|dos|of|van|del|la)$/.test(token.text);
}

/** "69 Gordon Terrace", "6750 Koskikatu 25", "forty two maple street". */
function afterNumber(tokens: readonly Token[], start: number, text: string): number | null {
  const { end, capitals, ended } = streetName(tokens, start, text);
  if (end === start) return null;
  const trailing = trailingNumber(tokens, end);
  const cue = cueBefore(tokens, start);
  if (capitals === 0) {
    const last = tokens[end - 1]?.text ?? '';
    const abroad = ended || (ENDINGS.test(last) && last.length > 6);
    const plain = STREETS.has(last) && !ALSO_WORDS.has(last);
    return plain || (cue && (STREETS.has(last) || abroad)) ? (trailing ?? end) : null;
  }
  if (ended || cue || unitAt(tokens, end) !== null) return trailing ?? end;
  if (trailing === null) return null;
  return unitAt(tokens, trailing) !== null || (tokens[start - 1]?.text.length ?? 0) >= 3 ? trailing : null;
}

/** "Pod Floriánem 1677", "Rua Diadema 1903", "hegyalja út 98": the number after the name. */
function beforeNumber(tokens: readonly Token[], start: number): number | null {
  const abroad = BEFORE_NAME.has(tokens[start]?.text ?? '');
  const { end, capitals, ended } = nameBeforeNumber(tokens, start, abroad);
  const isName = (capitals > 0 && (abroad || ended)) || cueBefore(tokens, start);
  return end > start && isName ? trailingNumber(tokens, end) : null;
}

/** `abroad`: it begins with a word for a street. */
function nameBeforeNumber(tokens: readonly Token[], start: number, abroad: boolean): StreetName {
  let at = start;
  let capitals = 0;
  let ended = false;
  while (at < tokens.length && at - start < 6) {
    const token = tokens[at];
    if (!token) break;
    if (token.raw === '.' && at > start && (tokens[at - 1]?.raw.length ?? 9) <= 4) {
      at += 1;
      continue;
    }
    if (token.kind !== 'word') break;
    const capital = /^\p{Lu}/u.test(token.raw);
    if (!capital && !abroad && !(at === start ? opensSmall(token) : joinsSmall(token))) break;
    if (capital) capitals += 1;
    if (ENDINGS.test(token.text)) ended = true;
    at += 1;
  }
  return { end: at, capitals, ended };
}

/** "hegyalja": what a name can begin with though it has no capital. */
function opensSmall({ text, raw }: Token): boolean {
  return ENDINGS.test(text) && raw.length > 6;
}

function joinsSmall({ text }: Token): boolean {
  return /^(út|utca|de|delle|della|põik)$/.test(text);
}

function trailingNumber(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  return token?.kind === 'digits' && token.text.length <= 5 ? at + 1 : null;
}

function cueBefore(tokens: readonly Token[], at: number): boolean {
  for (let back = 1; back <= 8; back += 1) {
    const token = tokens[at - back];
    if (token && CUES.has(token.text)) return true;
  }
  return false;
}

/** "Apt. 864", "Suite 042", "PO Box 12". */
function unitAt(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  if (!token || !UNIT_WORDS.has(token.text)) return null;
  const number = tokens[at + 1]?.raw === '.' || tokens[at + 1]?.raw === '#' ? at + 2 : at + 1;
  if (/^(aa|ae|ap)$/.test(tokens[number]?.text ?? '') && tokens[number + 1]?.kind === 'digits')
    return number + 2;
  const piece = pieceAt(tokens, number);
  if (!piece || piece.scaled) return null;
  // "Unit 5022 Box 1225"; a room or floor by itself is no address.
  const box = tokens[piece.next]?.raw === ',' ? piece.next + 1 : piece.next;
  const boxed = tokens[box]?.text === 'box' ? unitAt(tokens, box) : null;
  if (boxed !== null) return boxed;
  if (/^(room|floor|unit|box|psc|flat)$/.test(token.text) && !poBefore(tokens, at)) return null;
  // "apartment four b"
  const lettered = /^[a-hj-z]$/i.test(tokens[piece.next]?.raw ?? '');
  return lettered ? piece.next + 1 : piece.next;
}

function poBefore(tokens: readonly Token[], at: number): boolean {
  return /^(po|o|office)$/.test(tokens[at - 1]?.text ?? '') || tokens[at - 1]?.raw === '.';
}

/** What follows a street: flat, town, state, country, code; over commas and line ends. */
function continuation(tokens: readonly Token[], start: number, text: string): number {
  let end = start;
  for (let parts = 0; parts < 8; parts += 1) {
    const at = afterCommas(tokens, end);
    const lines = text.slice(tokens[end - 1]?.end ?? 0, tokens[end]?.start ?? 0).split('\n').length - 1;
    if (lines > 2 || (lines > 1 && !isPlace(tokens[at]?.raw ?? ''))) break;
    const next = partAt(tokens, at, text, parts > 0 || at > end || lines > 0);
    if (next === null) break;
    end = next;
  }
  return end;
}

function afterCommas(tokens: readonly Token[], start: number): number {
  let at = start;
  while (at - start < 2 && tokens[at]?.raw === ',') at += 1;
  return at;
}

/** One part of an address; `expected`: after a comma, a line's end or another part, where a code or a town may stand. */
function partAt(tokens: readonly Token[], at: number, text: string, expected: boolean): number | null {
  const part = unitAt(tokens, at) ?? codeAt(tokens, at, expected);
  return part ?? (expected || unitBefore(tokens, at) ? townAt(tokens, at, text) : null);
}

function unitBefore(tokens: readonly Token[], at: number): boolean {
  return UNIT_WORDS.has(tokens[at - 2]?.text ?? '') || UNIT_WORDS.has(tokens[at - 3]?.text ?? '');
}

function codeAt(tokens: readonly Token[], at: number, expected: boolean): number | null {
  const token = tokens[at];
  if (!expected || token?.kind !== 'digits' || token.text.length < 3 || token.text.length > 7) return null;
  return tokens[at + 1]?.raw === '-' && tokens[at + 2]?.kind === 'digits' ? at + 3 : at + 1;
}

function townAt(tokens: readonly Token[], start: number, text: string): number | null {
  let at = start;
  while (at - start < 5) {
    const token = tokens[at];
    const hyphen = token?.raw === '-' && at > start;
    if (!token || !(hyphen || isOfTown(tokens, at, start, text))) break;
    at += 1;
    if (at - start === 1 && STATE.test(token.raw)) break;
  }
  return at > start ? at : null;
}

function isOfTown(tokens: readonly Token[], at: number, start: number, text: string): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || NOT_TOWN.test(token.raw)) return false;
  if (at > start) return !opensLine(tokens, at, text) && isPlaceName(token);
  const abbreviated = token.raw.length <= 3 && tokens[at + 1]?.kind === 'digits';
  return abbreviated || isPlaceName(token);
}

function isPlaceName({ raw }: Token): boolean {
  return /^\p{Lu}/u.test(raw) || isPlace(raw);
}
