import {
  ibanHolds,
  luhn,
  mbiHolds,
  nhsHolds,
  ninoHolds,
  npiHolds,
  routingHolds,
  ssnHolds,
} from './checksums.ts';
import { type Cue, cuesNear, type PlacedCue } from './cues.ts';
import type { FoundDate } from './dates.ts';
import { BETWEEN, type Dictation, dictationsIn } from './dictation.ts';
import type { Finding, Surroundings } from './finding.ts';
import { REPEATS } from './number-words.ts';
import { packTypeOf } from './pack-types.ts';
import { isQuantity, isTime } from './quantities.ts';
import type { Token } from './tokens.ts';

/** Shorter runs are times, small amounts and counts, unless words around them name a type. */
const FEWEST_DIGITS = 4;

/** How a type is known: by its shape and checksum, by the words around it, or both. */
interface Recogniser {
  readonly type: string;
  /** Shape of the value without separators. */
  readonly shape: RegExp;
  /** Score by shape alone; by shape where its check holds; 0: the words around must name it. */
  readonly plain: number;
  readonly checks?: (value: string) => boolean;
  readonly checked?: number;
}

const RECOGNISERS: readonly Recogniser[] = [
  { type: 'card', shape: /^\d{13,19}$/, plain: 0.6, checks: luhn, checked: 0.85 },
  { type: 'card', shape: /^\d{4,12}$/, plain: 0 },
  { type: 'cvv', shape: /^\d{2,4}$/, plain: 0 },
  { type: 'expiry', shape: /^(0?[1-9]|1[0-2])\d{2}(\d{2})?$/, plain: 0 },
  { type: 'account', shape: /^[A-Z]{0,3}\d{4,17}$/, plain: 0 },
  { type: 'routing', shape: /^\d{9}$/, plain: 0.1, checks: routingHolds, checked: 0.35 },
  { type: 'routing', shape: /^\d{6}$/, plain: 0 },
  { type: 'iban', shape: /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, plain: 0.7, checks: ibanHolds, checked: 0.99 },
  { type: 'ssn', shape: /^\d{9}$/, plain: 0.1, checks: ssnHolds, checked: 0.3 },
  { type: 'ssn', shape: /^\d{3}-\d{2}-\d{4}$/, plain: 0.7 },
  { type: 'ssn', shape: /^\d{4,8}$/, plain: 0 },
  { type: 'nino', shape: /^[A-Z]{2}\d{6}[A-D]$/, plain: 0.5 },
  { type: 'nino', shape: /^[A-Z]{2}\d{6}[A-Z]?$/, plain: 0.2, checks: ninoHolds, checked: 0.9 },
  { type: 'nhs', shape: /^\d{10}$/, plain: 0.05, checks: nhsHolds, checked: 0.2 },
  { type: 'npi', shape: /^\d{10}$/, plain: 0.05, checks: npiHolds, checked: 0.25 },
  { type: 'mbi', shape: /^\d[A-Z0-9]{10}$/, plain: 0.05, checks: mbiHolds, checked: 0.9 },
  { type: 'mrn', shape: /^[A-Z]{0,4}\d{4,12}$/, plain: 0 },
  { type: 'phone', shape: /^1?\d{10}$/, plain: 0.3 },
  { type: 'phone', shape: /^\d{7,15}$/, plain: 0.2 },
  { type: 'passport', shape: /^[A-Z]{0,3}\d{6,9}$/, plain: 0 },
  { type: 'licence', shape: /^[A-Z0-9]{5,18}$/, plain: 0 },
  { type: 'pin', shape: /^\d{2,8}$/, plain: 0 },
  { type: 'code', shape: /^[A-Z0-9]{3,12}$/, plain: 0 },
  { type: 'birthdate', shape: /^\d{4,8}$/, plain: 0 },
  { type: 'postcode', shape: /^(\d{5}(\d{4})?|\d{4})$/, plain: 0 },
];

/** Words that name these are words of an identifier: what stands by them is masked even when it is short or a quantity. */
const SHORT_ONES: ReadonlySet<string> = new Set(['cvv', 'pin', 'code', 'expiry']);
const NAMES_IT = /^(number|num|no|ending|ends|is|are|#|:|it's|digits|last)$/;

/** What the numbers of a text are worked out from. */
export interface NumberScene {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly cues: readonly PlacedCue[];
  /** Cues of the question before. */
  readonly asked: readonly Cue[];
  readonly dates: readonly FoundDate[];
  /** Tokens of amounts and times. */
  readonly kept: ReadonlySet<number>;
  readonly around: Surroundings;
}

/** Every run of digits that is no amount, time, year or small count, with the type that fits best. */
export function findNumbers(scene: NumberScene): Finding[] {
  const found: Finding[] = [];
  for (const value of dictationsIn(scene.tokens, scene.kept)) {
    const finding = judge(scene, value);
    if (finding) found.push(finding);
  }
  return found;
}

function judge(scene: NumberScene, value: Dictation): Finding | null {
  const { tokens, around } = scene;
  const cues = [...cuesNear(scene.cues, value.from, value.to), ...scene.asked];
  const best = bestType(scene, value, cues);
  const named = best !== null && best.cue !== null && best.score >= 0.5;
  const declared = best?.declared === true && !isQuantity(tokens, value);
  if (!declared && !isMasked(scene, value, named ? best.type : null, best?.cue ?? null)) return null;
  const from = best?.from ?? value.from;
  const start = tokens[/^(\+|\(|#|plus)$/.test(tokens[from - 1]?.text ?? '') ? from - 1 : from]?.start ?? 0;
  const end = tokens[value.to - 1]?.end ?? start;
  if (best && best.score >= 0.3) return { start, end, type: best.type, score: best.score, why: best.why };
  const dictating = around.dictating;
  if (dictating)
    return { start, end, type: dictating, score: 0.5, why: 'goes on with the value of the turn before' };
  return { start, end, type: 'number', score: 0.5, why: `${value.digits} digits` };
}

function isMasked(scene: NumberScene, value: Dictation, type: string | null, cue: Cue | null): boolean {
  const { tokens, around } = scene;
  if (value.exact >= 13 || (value.digits >= 13 && value.scaled === 0)) return true;
  // Somebody who is asked for a number may say it one digit at a time.
  const awaited = scene.asked.length > 0 || (around.dictating ?? null) !== null;
  if (awaited && fillsTurn(tokens, value) && !isAskedTime(scene, value)) return true;
  const nearCue = cue !== null && cue.distance <= 4;
  if (isQuantity(tokens, value) || isAskedTime(scene, value))
    return (
      type !== null && nearCue && value.digits >= 3 && (type === 'birthdate' || saysIdentifier(scene, value))
    );
  if (isPhoneNumber(value)) return true;
  if (value.digits >= FEWEST_DIGITS && !(value.letters === 0 && mixesQuantities(value))) return true;
  if (type !== null && nearCue && isShortOne(type, cue, value)) return true;
  // A whole turn of three or more digits said one at a time is nobody's count.
  return value.digits >= 3 && value.digitByDigit && fillsTurn(tokens, value);
}

/** "cvv 312"; "the pin is eighty seven" may be eight, nought and seven. */
function isShortOne(type: string, cue: Cue, value: Dictation): boolean {
  if (!SHORT_ONES.has(type)) return false;
  const fewest = (type === 'cvv' || type === 'pin') && cue.distance <= 1 ? 2 : 3;
  return value.value.length >= fewest;
}

/** "two, three hundred": a quantity among other numbers, too short for an identifier. */
function mixesQuantities(value: Dictation): boolean {
  return !value.dashed && value.exact < FEWEST_DIGITS && value.digits - value.exact >= 3 && value.digits < 7;
}

/** "one, eight hundred": the start of a toll-free number. */
function isPhoneNumber(value: Dictation): boolean {
  return /^18(00|88|77|66|55|44|33)/.test(value.value) && value.digits >= 4;
}

/** "account number is one thousand two hundred": the words say that it is not an amount. */
function saysIdentifier({ tokens }: NumberScene, value: Dictation): boolean {
  return [1, 2].some((back) => NAMES_IT.test(tokens[value.from - back]?.text ?? ''));
}

function isAskedTime({ tokens, around }: NumberScene, value: Dictation): boolean {
  const asked = around.asked ?? '';
  return /\b(time|when|hour|o'clock)\b/i.test(asked) && isTime(tokens, value, true);
}

/** Nothing but the value, and a word or two such as "yes" or "it's". */
function fillsTurn(tokens: readonly Token[], value: Dictation): boolean {
  const outside = tokens.filter(
    ({ kind, text }, at) =>
      (at < value.from || at >= value.to) && kind === 'word' && !BETWEEN.has(text) && !REPEATS.has(text),
  );
  return outside.length <= 2;
}

interface Judged {
  readonly type: string;
  readonly score: number;
  readonly why: string;
  readonly cue: Cue | null;
  /** It has all of a shape that the pack declares. */
  readonly declared?: boolean;
  /** Its first token, where that stands before what was dictated. */
  readonly from?: number;
}

function bestType(scene: NumberScene, value: Dictation, cues: readonly Cue[]): Judged | null {
  let best: Judged | null = null;
  // As it stands in the text: some types are known by their dashes.
  const { text, tokens } = scene;
  const said = text.slice(tokens[value.from]?.start ?? 0, tokens[value.to - 1]?.end ?? 0);
  for (const recogniser of RECOGNISERS) {
    const judged = judgeAs(recogniser, recogniser.shape.test(said) ? said : value.value, cues);
    if (judged && judged.score > (best?.score ?? 0)) best = judged;
  }
  const own = judgeAsPack(scene, value);
  if (own && own.score > (best?.score ?? 0)) best = own;
  const address = networkAddress(scene, value);
  return address && address.score > (best?.score ?? 0) ? address : best;
}

function judgeAs(recogniser: Recogniser, value: string, cues: readonly Cue[]): Judged | null {
  const { type, shape, plain, checks, checked } = recogniser;
  if (!shape.test(value)) return null;
  const holds = checks?.(value) === true;
  const base = holds ? (checked ?? plain) : plain;
  const cue = cues.find((each) => each.type === type) ?? null;
  if (!cue && base === 0) return null;
  const score = 1 - (1 - base) * (1 - (cue?.weight ?? 0));
  const reasons = [`${value.length} long`];
  if (holds) reasons.push('its check holds');
  if (cue) reasons.push(`"${cue.phrase}" ${cue.side}`);
  return { type, score: round(score), why: `${type}: ${reasons.join(', ')}`, cue };
}

/** A value with the pack's own shape is of that type; the beginning of one is, until it turns out to be something else. */
function judgeAsPack({ tokens, around }: NumberScene, value: Dictation): Judged | null {
  const match = packTypeOf(around.packTypes ?? [], value, tokens, around.asked ?? '');
  if (!match) return null;
  const { type, whole, near, from } = match;
  const cue: Cue | null =
    near === null ? null : { type, weight: 0.9, phrase: near, side: 'before', distance: 0 };
  if (!whole) return { type, score: 0.9, why: `${type}: begins like the pack's own shape`, cue, from };
  return { type, score: 0.97, why: `${type}: the pack's own shape`, cue, from, declared: true };
}

function networkAddress({ text, tokens }: NumberScene, value: Dictation): Judged | null {
  const said = text.slice(tokens[value.from]?.start ?? 0, tokens[value.to - 1]?.end ?? 0);
  const parts = said.split(/\s*(?:\.|\bdot\b)\s*/i);
  if (parts.length !== 4 || value.letters > 0 || value.digits > 12) return null;
  if (!parts.every((part) => /^\d{1,3}$/.test(part) || /^[a-z -]+$/i.test(part))) return null;
  return { type: 'network-address', score: 0.8, why: 'network-address: four parts with dots', cue: null };
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}
