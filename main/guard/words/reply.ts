import type { Verdict } from '../contract.ts';
import type { PackType } from '../sensitive/finding.ts';
import { maskSensitive } from '../sensitive/mask.ts';
import { withoutInvisible } from './normalise.ts';
import { type OwnWords, sentencesIn } from './own-words.ts';
import { promises } from './promises.ts';
import { numbersGrounded } from './said-numbers.ts';
import { namesTool } from './tool-names.ts';

/** Said in place of a reply that must not be said. */
export const WITHHELD_REPLY = 'I am sorry, I cannot answer that. A person at the desk can help you.';

const LONGEST_REPLY = 2000;

/** What a reply is checked against; each part only where it is given. */
export interface ReplyContext {
  /** A secret word of the system prompt: seeing it means that the prompt leaks. */
  readonly canary?: string;
  /** The system prompt: eight words of it in a row may not be said. */
  readonly prompt?: string;
  /** What the desk says in words of its own: only what is not of them is asked where it comes from. */
  readonly own?: OwnWords;
  /**
   * Everything that a number, a day, a name or another person's datum in the reply may come from: slots, results, pages.
   * Absent: it is not asked.
   */
  readonly grounds?: readonly string[];
  /** What is known of other people: it is never said. */
  readonly others?: readonly string[];
  /** The desk's own types of personal data. */
  readonly packTypes?: readonly PackType[];
  /** Names of tools: those that no person would say (`transfer_money`) are not said. */
  readonly tools?: readonly string[];
  /** Topics that are never discussed, as words or phrases. */
  readonly forbidden?: readonly string[];
  /**
   * Given: nothing is promised but in the desk's own words, in `quoted` pages word for word, or in a sentence with one of
   * the `allowed` phrases.
   */
  readonly promises?: { readonly allowed: readonly string[]; readonly quoted?: readonly string[] };
}

export interface ScreenedReply extends Verdict {
  /** What may be said: the reply without marks that a synthesiser would obey, or WITHHELD_REPLY. */
  readonly text: string;
}

/**
 * Layer 3: every reply passes here before it is spoken or shown. Only printable text leaves, bounded in length, without
 * marks that a synthesiser would take as instructions (SSML, eSpeak `[[phonemes]]`), without the canary, the prompt,
 * secrets, numbers and people from nowhere, other people's data, forbidden topics and promises that nobody allowed.
 */
export function screenReply(text: string, context: ReplyContext = {}): ScreenedReply {
  const clean = withoutInvisible(text)
    .replace(/\[\[|\]\]|<[^>]{0,200}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = clean.slice(0, LONGEST_REPLY);
  const reasons = [...leaks(clean, context)];
  if (reasons.length > 0)
    return { text: WITHHELD_REPLY, verdict: 'block', layer: 'reply', score: 1, reasons };
  if (cut === text) return { text: cut, verdict: 'pass', layer: 'reply', score: 0, reasons: [] };
  return { text: cut, verdict: 'flag', layer: 'reply', score: 0.5, reasons: ['unspeakable-marks'] };
}

function* leaks(reply: string, context: ReplyContext): Generator<string> {
  if (context.canary && holdsCanary(reply, context.canary)) yield 'canary';
  if (context.prompt && saysPrompt(reply, context.prompt)) yield 'prompt-text';
  if (SECRETS.some((pattern) => pattern.test(reply))) yield 'secret';
  if (context.tools?.some((tool) => namesTool(reply.toLowerCase(), tool))) yield 'names-tools';
  if (context.others?.some((value) => says(reply, value))) yield 'other-persons-data';
  yield* inForeignWords(context.own?.foreign(reply) ?? sentencesIn(reply), context);
}

/** What only words that are not the desk's own are asked. */
function* inForeignWords(foreign: readonly string[], context: ReplyContext): Generator<string> {
  const { grounds, forbidden, promises: may } = context;
  if (grounds && !foreign.every((part) => numbersGrounded(part, grounds))) yield 'ungrounded-number';
  if (grounds && foreign.some((part) => tellsSomebody(part, grounds, context.packTypes ?? [])))
    yield 'ungrounded-person';
  if (forbidden?.some((phrase) => foreign.some((part) => says(part, phrase)))) yield 'forbidden-topic';
  if (may && foreign.some((part) => promises(part) && !isAllowed(part, may))) yield 'promise';
}

function isAllowed(part: string, { allowed, quoted = [] }: NonNullable<ReplyContext['promises']>): boolean {
  return allowed.some((phrase) => says(part, phrase)) || quoted.some((page) => says(page, part));
}

/** Types that tell who somebody is, beside numbers, which are looked at as such. */
const WHO: ReadonlySet<string> = new Set([
  'name',
  'email',
  'address',
  'birthdate',
  'password',
  'iban',
  'nino',
]);

/** Whether a person's datum is told that stands in no ground. */
function tellsSomebody(part: string, grounds: readonly string[], packTypes: readonly PackType[]): boolean {
  const own = new Set(packTypes.map(({ type }) => type));
  // The capital that a sentence begins with makes no name of its first word.
  const plain = part.slice(0, 1).toLowerCase() + part.slice(1);
  const found = [
    ...maskSensitive(plain, { packTypes }).spans,
    ...maskSensitive(part, { packTypes }).spans.filter(({ start, end }) => / /.test(part.slice(start, end))),
  ];
  const told = found.filter(({ type }) => WHO.has(type) || own.has(type));
  return told.some(({ start, end }) => {
    const words = wordsOf(part.slice(start, end));
    return !grounds.some((ground) => {
      const known = new Set(wordsOf(ground));
      return words.every((word) => known.has(word));
    });
  });
}

/** The canary as it is, spelled out, backwards, or encoded. */
function holdsCanary(reply: string, canary: string): boolean {
  const squeeze = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const secret = squeeze(canary);
  if (secret.length < 4) return false;
  const said = squeeze(reply);
  if (said.includes(secret) || said.includes(Array.from(secret).reverse().join(''))) return true;
  const turned = secret.replace(/[a-z]/g, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97),
  );
  if (said.includes(turned) || said.includes(Buffer.from(canary).toString('hex'))) return true;
  // In base64 a text has three spellings, by where it starts; the letters at its ends depend on what is beside it.
  return [0, 1, 2].some((shift) => {
    const encoded = Buffer.from(' '.repeat(shift) + canary)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(shift === 0 ? 0 : shift + 1, -1);
    return encoded.length >= 5 && reply.replace(/\s/g, '').includes(encoded);
  });
}

const SHINGLE = 8;

function saysPrompt(reply: string, prompt: string): boolean {
  const said = ` ${wordsOf(reply).join(' ')} `;
  const words = wordsOf(prompt);
  for (let at = 0; at + SHINGLE <= words.length; at += 1)
    if (said.includes(` ${words.slice(at, at + SHINGLE).join(' ')} `)) return true;
  return false;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,200}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,100}\b/,
  /\bxox[abposr]-[A-Za-z0-9-]{10,100}/,
  /\beyJ[A-Za-z0-9_-]{10,500}\.[A-Za-z0-9_-]{5,2000}\.?/,
  /\bBearer [A-Za-z0-9._~+/-]{16,500}/,
  /\b(?:password|passphrase|api[_ -]?key|secret[_ -]?key|access[_ -]?token)\s?[:=]\s?\S{6,100}/i,
  /\b[0-9a-f]{40,128}\b/,
];

function says(reply: string, phrase: string): boolean {
  const wanted = wordsOf(phrase).join(' ');
  return wanted.length > 0 && ` ${wordsOf(reply).join(' ')} `.includes(` ${wanted} `);
}
