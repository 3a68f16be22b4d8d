import type { Finding } from './finding.ts';
import type { Token } from './tokens.ts';

/** "password", with the words that lead from it to the secret itself. */
const OPENERS: ReadonlyMap<string, string> = new Map([
  ['password', 'password'],
  ['passwords', 'password'],
  ['passphrase', 'password'],
  ['passcode', 'password'],
  ['pwd', 'password'],
  ['passwort', 'password'],
]);
const TWO_WORDS: ReadonlySet<string> = new Set([
  'pass word',
  'pass phrase',
  'memorable word',
  'secret word',
  'security word',
  'security answer',
  'code word',
]);
const LEADS: ReadonlySet<string> = new Set([
  'is',
  'was',
  ':',
  '=',
  "it's",
  'equals',
  '-',
  '"',
  "'",
  '“',
  'still',
]);
/** Talk about a password, which is not the password. */
const ABOUT: ReadonlySet<string> = new Set(
  `not wrong working the incorrect expired reset locked required too a an invalid forgotten lost changed being never
  always what for to no longer still on in my your needed weak compromised blocked rejected correct right there here
  unknown old different case stolen denied refused declined asked accepted recognised recognized saved set`.split(
    /\s+/,
  ),
);
const ENDS: ReadonlySet<string> = new Set(
  'and but so please thanks thank because can could will would i you it that when then or with for'.split(
    ' ',
  ),
);
const MOST_WORDS = 6;

/** Passwords, passphrases and memorable words as they are told: "my password is blue horse seven". */
export function findPasswords(tokens: readonly Token[]): Finding[] {
  const found: Finding[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const opener = openerAt(tokens, at);
    if (opener === null) continue;
    const lead = leadEnd(tokens, opener) ?? bareSecret(tokens, opener);
    if (lead === null) continue;
    const to = secretEnd(tokens, lead);
    const [first, last] = [tokens[lead], tokens[to - 1]];
    if (to === lead || !first || !last) continue;
    found.push({
      start: first.start,
      end: last.end,
      type: 'password',
      score: 0.85,
      why: 'password: said to be one',
    });
    at = to - 1;
  }
  return found;
}

/** "is wrong", "is correct but…", and not "is correct horse battery". */
function isAbout(tokens: readonly Token[], at: number): boolean {
  const [first, next] = [tokens[at], tokens[at + 1]];
  if (!first || !ABOUT.has(first.text) || first.raw !== first.text) return false;
  const goesOn = next?.kind === 'word' && !ENDS.has(next.text) && !ABOUT.has(next.text);
  return !(goesOn && /^(correct|right|old|set|saved|strong)$/.test(first.text));
}

function openerAt(tokens: readonly Token[], at: number): number | null {
  const text = tokens[at]?.text ?? '';
  if (OPENERS.has(text)) return at + 1;
  return TWO_WORDS.has(`${text} ${tokens[at + 1]?.text ?? ''}`) ? at + 2 : null;
}

/** "is", ":", "for online banking is": where the secret starts; null when none follows. */
function leadEnd(tokens: readonly Token[], start: number): number | null {
  for (let at = start; at < Math.min(start + 5, tokens.length); at += 1) {
    if (!LEADS.has(tokens[at]?.text ?? '')) continue;
    let end = at + 1;
    while (LEADS.has(tokens[end]?.text ?? '')) end += 1;
    return end;
  }
  return null;
}

/** "password hunter2": what no word looks like. */
function bareSecret(tokens: readonly Token[], at: number): number | null {
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (!token || token.kind === 'mark' || !next || next.start !== token.end) return null;
  return next.kind === 'digits' || (token.kind === 'digits' && next.kind === 'word') ? at : null;
}

function secretEnd(tokens: readonly Token[], start: number): number {
  const first = tokens[start];
  if (!first || /^[.,;!?)]$/.test(first.raw) || isAbout(tokens, start)) return start;
  let words = 0;
  let at = start;
  for (; at < tokens.length && words < MOST_WORDS; at += 1) {
    const token = tokens[at];
    const before = tokens[at - 1];
    if (!token || !before) break;
    const touches = at > start && before.end === token.start;
    if (!touches && at > start) {
      if (ENDS.has(token.text) || /^[.,;!?]$/.test(before.raw)) break;
      words += 1;
    }
  }
  while (at > start + 1 && /^[.,;!?"”]$/.test(tokens[at - 1]?.raw ?? '')) at -= 1;
  return at;
}
