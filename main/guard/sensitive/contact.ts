import type { Finding } from './finding.ts';
import { pieceAt } from './number-words.ts';
import type { Token } from './tokens.ts';

const WRITTEN = /[\p{L}\p{N}._%+'&-]{1,64} ?@ ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}(?![\w:])/gi;

/** E-mail addresses as written, and network addresses of the longer kind. */
export function findWrittenContacts(text: string): Finding[] {
  const found: Finding[] = [];
  for (const { 0: value, index } of text.matchAll(WRITTEN))
    found.push({
      start: index,
      end: index + value.length,
      type: 'email',
      score: 0.99,
      why: 'email: name@domain',
    });
  for (const { 0: value, index } of text.matchAll(IPV6))
    found.push({
      start: index,
      end: index + value.length,
      type: 'network-address',
      score: 0.95,
      why: 'network-address: eight groups',
    });
  return found;
}

const AT: ReadonlySet<string> = new Set(['at', '@']);
const DOT: ReadonlySet<string> = new Set(['dot', '.']);
const TOP_LEVEL: ReadonlySet<string> = new Set(
  `com org net edu gov mil int io co uk us de fr it es eu info biz me ca au nz ie in app dev health bank nhs ac
  abc sm pl cz dk se no fi nl be ch at jp cn br mx`.split(/\s+/),
);
/** Words before "at" that are no part of the name. */
const ENDS_NAME: ReadonlySet<string> = new Set(
  `is it's its address email e-mail mail to on my the me am are be was that's this via using use and or reach send
  contact write write's says said yes yeah no please um uh er so okay ok well i'm called`.split(/\s+/),
);
const JOINS: ReadonlySet<string> = new Set(
  'dot . dash - hyphen underscore _ plus + period point ampersand & apostrophe'.split(' '),
);
const MOST_NAME_WORDS = 3;

/** E-mail addresses as they are said: "j doe at example dot com", "abc one at gmail dot com slash 12". */
export function findSpokenEmails(tokens: readonly Token[]): Finding[] {
  const found: Finding[] = [];
  for (let at = 1; at < tokens.length; at += 1) {
    if (!isAt(tokens, at)) continue;
    const to = domainEnd(tokens, at + 1);
    if (to === null) continue;
    const from = nameStart(tokens, at);
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (from === at || !first || !last) continue;
    found.push({
      start: first.start,
      end: last.end,
      type: 'email',
      score: 0.9,
      why: 'email: words, "at", a domain with "dot"',
    });
    at = to - 1;
  }
  return found;
}

/** "at", "@", "(at)". */
function isAt(tokens: readonly Token[], at: number): boolean {
  return AT.has(tokens[at]?.text ?? '');
}

/** Labels and dots after the "at": where the domain, and a path said after it, ends. */
function domainEnd(tokens: readonly Token[], start: number): number | null {
  let at = /^[)\]]$/.test(tokens[start]?.text ?? '') ? start + 1 : start;
  let dots = 0;
  let end: number | null = null;
  for (let label = 0; label < 6; label += 1) {
    const next = labelEnd(tokens, at);
    if (next === null) break;
    if (dots > 0) {
      const last = tokens[next - 1]?.text ?? '';
      if (TOP_LEVEL.has(last) || (last.length <= 4 && next - at === 1) || end !== null) end = next;
    }
    if (!DOT.has(tokens[next]?.text ?? '') || endsSentence(tokens, next)) break;
    dots += 1;
    at = next + 1;
  }
  return end === null ? null : pathEnd(tokens, end);
}

function endsSentence(tokens: readonly Token[], dot: number): boolean {
  const [token, next] = [tokens[dot], tokens[dot + 1]];
  return token?.raw === '.' && (next === undefined || next.start > token.end);
}

/** "gmail", "gma four i dash l", "hotmail": one part of a domain. */
function labelEnd(tokens: readonly Token[], start: number): number | null {
  // After the top-level label, ordinary words go on.
  const whole = TOP_LEVEL.has(tokens[start]?.text ?? '');
  let at = start;
  let words = 0;
  while (at < tokens.length && at - start < 8) {
    const token = tokens[at];
    if (!token || endsLabel(token) || (whole && at > start && !isDash(token))) break;
    const piece = pieceAt(tokens, at);
    if (!piece && !isDash(token) && token.text.length > 1) words += 1;
    if (words > 3) return null;
    at = piece?.next ?? at + 1;
  }
  return at === start ? null : at;
}

function isDash({ text }: Token): boolean {
  return /^(dash|hyphen|-)$/.test(text);
}

function endsLabel(token: Token): boolean {
  return DOT.has(token.text) || (token.kind === 'mark' && !isDash(token));
}

function pathEnd(tokens: readonly Token[], start: number): number {
  let end = start;
  for (let at = start; at < tokens.length && at - start < 14; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (text !== 'slash' && text !== '/' && text !== 'dash' && text !== '-' && !pieceAt(tokens, at)) {
      const joined = /^(slash|\/|dash|-)$/.test(tokens[at - 1]?.text ?? '');
      if (!joined || at === start) break;
    }
    if (at === start && text !== 'slash' && text !== '/') break;
    end = at + 1;
  }
  return end;
}

/** Back from the "at" over what can be a mailbox name. */
function nameStart(tokens: readonly Token[], at: number): number {
  let from = /^[([]$/.test(tokens[at - 1]?.text ?? '') ? at - 1 : at;
  let words = 0;
  while (from > 0 && at - from < 16) {
    const token = tokens[from - 1];
    if (!token || (token.kind === 'mark' && !JOINS.has(token.text))) break;
    if (isWord(tokens, from - 1) && !JOINS.has(tokens[from]?.text ?? '')) {
      words += 1;
      if (ENDS_NAME.has(token.text) || words > MOST_NAME_WORDS) break;
    }
    from -= 1;
  }
  return from;
}

/** A word, and no letter, number or sign that is said. */
function isWord(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || token.text.length <= 1) return false;
  return !JOINS.has(token.text) && !pieceAt(tokens, at);
}
