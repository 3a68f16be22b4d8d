/**
 * Whether an answer that a model phrased says only what its sources say. It errs on the side of no: then the source is
 * quoted instead. What it cannot see: a wrong relation between words that one source sentence holds all of.
 */
import { type Claims, claimsOf, stem } from './claims.ts';

/** A passage as it was given to the model: its sentences, and the headings above them. */
export interface GroundingPassage {
  readonly text: string;
  readonly headings?: readonly string[];
}

export interface Grounding {
  readonly grounded: boolean;
  /** What no source says, for logs of developers and tests: `number 30`, `name Carol`, `negation`, `"…"`. */
  readonly missing: readonly string[];
}

/** Of the words of a part of the answer that tell something, so many may be the model's own. */
const OWN_WORDS = 0.5;
/** One of these where the source has the other turns the sense round. */
const OPPOSITES: readonly (readonly [string, string])[] = (
  'open/closed open/close opens/closes before/after above/below over/under left/right first/last more/less most/least maximum/minimum ' +
  'free/costs free/cost free/charge allowed/forbidden accept/reject accepted/refused include/exclude with/without upstairs/downstairs ' +
  'earliest/latest early/late in/out begin/end start/end start/stop increase/decrease safe/dangerous morning/evening morning/afternoon ' +
  'credit/debit empty/full inside/outside mandatory/optional required/optional always/never abroad/domestic import/export'
)
  .split(' ')
  .map((pair) => {
    const [one = '', other = ''] = pair.split('/').map(stem);
    return [one, other] as const;
  });

/**
 * Checks every part of an answer against the sources. A part is grounded when one sentence of one passage (with its
 * headings) holds all its numbers, dates, units and names, is negated where it is, and holds every word of it that the
 * sources use at all: facts of two sentences put together are not.
 */
export function groundedIn(answer: string, passages: readonly GroundingPassage[]): Grounding {
  const sources = passages.flatMap(({ text, headings = [] }) =>
    sentencesOf(text).map((sentence) => sourceOf(sentence, headings)),
  );
  const known = new Set(sources.flatMap(({ whole }) => [...everything(whole)]));
  const missing = sentencesOf(answer).flatMap((part) => missingFrom(part, sources, known));
  return { grounded: missing.length === 0 && sources.length > 0, missing: [...new Set(missing)] };
}

interface Source {
  readonly sentence: Claims;
  /** With its headings. */
  readonly whole: Claims;
  /** Its parts between commas and the like, for what is negated in it. */
  readonly clauses: readonly Claims[];
}

function sourceOf(sentence: string, headings: readonly string[]): Source {
  const own = claimsOf(sentence);
  const above = headings.map((heading) => claimsOf(heading.toLowerCase()));
  const whole = above.reduce<Claims>(
    (sum, { numbers, names, units, words }) => ({
      numbers: new Set([...sum.numbers, ...numbers]),
      names: new Set([...sum.names, ...names]),
      units: new Set([...sum.units, ...units]),
      words: new Set([...sum.words, ...words]),
      negated: sum.negated,
    }),
    own,
  );
  return { sentence: own, whole, clauses: clausesOf(sentence).map((clause) => claimsOf(clause)) };
}

function missingFrom(
  part: string,
  sources: readonly Source[],
  known: ReadonlySet<string>,
): readonly string[] {
  const claims = claimsOf(part, known);
  const telling = everything(claims);
  if (telling.size === 0 && claims.numbers.size === 0) return [];
  const faults = sources.map((source) => faultsIn(claims, telling, source, known));
  const least = faults.toSorted((a, b) => a.length - b.length)[0];
  if (!least) return [`"${part}"`];
  const own = [...telling].filter((word) => !known.has(word)).length;
  return own > OWN_WORDS * telling.size ? [...least, `"${part}"`] : least;
}

/** What is wrong with a part of the answer, if this were its source. */
function faultsIn(
  claims: Claims,
  telling: ReadonlySet<string>,
  { whole, clauses, sentence }: Source,
  known: ReadonlySet<string>,
): readonly string[] {
  const holds = everything(whole);
  // Not its headings: "Opening hours" stands above "closed" too.
  const itself = everything(sentence);
  const faults = [
    ...[...claims.numbers].filter((number) => !whole.numbers.has(number)).map((number) => `number ${number}`),
    ...[...claims.units].filter((unit) => !isCounted(unit, whole.units)).map((unit) => `unit ${unit}`),
    ...[...claims.names]
      .filter((name) => !holds.has(name) && !holds.has(stem(name)))
      .map((name) => `name ${name}`),
    ...[...telling].filter((word) => known.has(word) && !holds.has(word)).map((word) => `word ${word}`),
  ];
  for (const [one, other] of OPPOSITES)
    for (const [said, stands] of [
      [one, other],
      [other, one],
    ] as const)
      if (telling.has(said) && !itself.has(said) && itself.has(stands)) faults.push(`opposite of ${stands}`);
  const nearest = clauses.toSorted((a, b) => shared(b, claims) - shared(a, claims))[0] ?? sentence;
  const negated = claims.negated ? sentence.negated : nearest.negated;
  if (negated !== claims.negated) faults.push('negation');
  return faults;
}

/** "5 p.m." is in the afternoon, or in the evening. */
function isCounted(unit: string, units: ReadonlySet<string>): boolean {
  if (units.has(unit)) return true;
  if (unit === 'pm') return units.has('afternoon') || units.has('evening');
  return (unit === 'afternoon' || unit === 'evening') && units.has('pm');
}

function shared(clause: Claims, claims: Claims): number {
  const mine = everything(claims);
  const words = [...everything(clause)].filter((word) => mine.has(word)).length;
  return words + [...clause.numbers].filter((number) => claims.numbers.has(number)).length;
}

function everything({ names, units, words }: Claims): ReadonlySet<string> {
  return new Set([...words, ...units, ...names, ...[...names].map(stem)]);
}

/** Sentences and what semicolons and colons part. Points within numbers and "a.m." part nothing. */
function sentencesOf(text: string): readonly string[] {
  return text
    .replaceAll(/\b([ap])\.m\b\.?/gi, '$1m')
    .split(/(?<=[.!?;:])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function clausesOf(sentence: string): readonly string[] {
  return sentence
    .split(/[,;]|\b(?:but|and|while|although|because)\b/)
    .filter((clause) => /\p{L}/u.test(clause));
}
