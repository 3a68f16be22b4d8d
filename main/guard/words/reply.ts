import type { Verdict } from '../contract.ts';
import { withoutInvisible } from './normalise.ts';
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
  /** Everything that a number in the reply may come from: slots, results, passages, the pack's own wordings. */
  readonly grounds?: readonly string[];
  /** Names of tools: those that no person would say (`transfer_money`) are not said. */
  readonly tools?: readonly string[];
  /** Topics that are never discussed, as words or phrases. */
  readonly forbidden?: readonly string[];
  /** Promises that are never made: "guarantee", "we will refund". */
  readonly promises?: readonly string[];
}

export interface ScreenedReply extends Verdict {
  /** What may be said: the reply without marks that a synthesiser would obey, or WITHHELD_REPLY. */
  readonly text: string;
}

/**
 * Layer 3: every reply passes here before it is spoken or shown. Only printable text leaves, bounded in length, without
 * marks that a synthesiser would take as instructions (SSML, eSpeak `[[phonemes]]`), without the canary, the prompt,
 * secrets, numbers from nowhere, forbidden topics and promises.
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
  if (context.grounds && ungrounded(reply, context.grounds)) yield 'ungrounded-number';
  if (context.tools?.some((tool) => namesTool(reply.toLowerCase(), tool))) yield 'names-tools';
  if (context.forbidden?.some((phrase) => says(reply, phrase))) yield 'forbidden-topic';
  if (context.promises?.some((phrase) => says(reply, phrase))) yield 'promise';
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

/** Numbers of four digits and more, and amounts, that none of the grounds has. */
function ungrounded(reply: string, grounds: readonly string[]): boolean {
  const known = new Set(grounds.flatMap((ground) => numbersOf(ground)));
  const digits = grounds.map((ground) => ground.replace(/\D/g, '')).join(' ');
  return numbersOf(reply).some((number) => {
    if (known.has(number)) return false;
    return number.length > 3
      ? !digits.includes(number)
      : !digits.split(' ').some((each) => each.includes(number));
  });
}

function numbersOf(text: string): string[] {
  return [...text.matchAll(/\d[\d,.]*/g)].map(([number]) =>
    number
      .replace(/[.,]+$/, '')
      .replace(/,/g, '')
      .replace(/\.0+$/, ''),
  );
}

function says(reply: string, phrase: string): boolean {
  const wanted = wordsOf(phrase).join(' ');
  return wanted.length > 0 && ` ${wordsOf(reply).join(' ')} `.includes(` ${wanted} `);
}
