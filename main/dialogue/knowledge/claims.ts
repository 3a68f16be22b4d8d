/** What a sentence claims, in a form that two sentences can be compared by. */
import { cardinal, ordinal } from '../language/numbers.ts';

/** A sentence taken apart. Words are stems; numbers are their values, however they were written. */
export interface Claims {
  readonly numbers: ReadonlySet<number>;
  /** Names of people, places, days and months, in small letters. */
  readonly names: ReadonlySet<string>;
  /** What is counted: dollars, days, percent. */
  readonly units: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly negated: boolean;
}

const NEGATIONS = new Set(
  'not no never none without cannot nothing nobody neither nor except unless hardly barely refuse refused refuses'.split(
    ' ',
  ),
);
const DAYS_AND_MONTHS = new Set(
  'monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december'.split(
    ' ',
  ),
);
const UNITS: Readonly<Record<string, string>> = {
  $: 'dollar',
  '€': 'euro',
  '£': 'pound',
  '%': 'percent',
  buck: 'dollar',
};
const COUNTED = new Set(
  'dollar cent euro pound percent second minute hour day week month year morning afternoon evening night pm mile meter kilometer milligram gram milliliter tablet dose'.split(
    ' ',
  ),
);
const HALVES: Readonly<Record<string, string>> = { morning: 'am', afternoon: 'pm', evening: 'pm', pm: 'pm' };
/** Words that say how the rest hangs together, not what it says. */
const GRAMMAR = new Set(
  `a an the of to in on at by for with from as is are was were be been being am do does did have has had it its this that these
  those there here and or but so then if when while which who whom whose what where how i you he she we they me him her us them my
  your his our their can could may might will would shall should yes sure certainly please thanks thank hello hi sorry also too just
  very really about into out up than such each any some all both more most other own same s t re ve ll d m o'clock
  unfortunately according based however otherwise let know tell get gets got`.split(/\s+/),
);
const TOKEN = /[$€£%]|\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?|\p{L}+(?:['’]\p{L}+)*/giu;

/** Takes a sentence apart. `common` are words that are no names though they begin the sentence. */
export function claimsOf(sentence: string, common: ReadonlySet<string> = new Set()): Claims {
  const clock = sentence.replaceAll(/(\d)\s*([ap])\.?\s?m\b\.?/gi, (_, hour: string, half: string) =>
    /a/i.test(half) ? `${hour} morning` : `${hour} pm`,
  );
  const tokens = [...clock.matchAll(TOKEN)].map(([text], at) => ({
    text,
    lower: text.toLowerCase().replaceAll('’', "'"),
    first: at === 0,
  }));
  const words = tokens.map(({ lower }) => lower);
  const taken = new Set<number>();
  const numbers = numbersIn(words, taken);
  const claims = { names: new Set<string>(), units: hours(words), words: new Set<string>() };
  for (const [at, token] of tokens.entries())
    if (!taken.has(at) && !GRAMMAR.has(token.lower) && !isNegation(token.lower)) sort(token, common, claims);
  return { ...claims, numbers, negated: words.some(isNegation) };
}

/** Puts a word where it belongs. */
function sort(
  { text, lower, first }: { readonly text: string; readonly lower: string; readonly first: boolean },
  common: ReadonlySet<string>,
  into: { readonly names: Set<string>; readonly units: Set<string>; readonly words: Set<string> },
): void {
  const word = stem(lower);
  const unit = UNITS[lower] ?? UNITS[word] ?? word;
  const day = lower.replace(/s$/, '');
  if (COUNTED.has(unit)) into.units.add(unit);
  else if (DAYS_AND_MONTHS.has(day)) into.names.add(day);
  else if (/^\p{Lu}/u.test(text) && !(first && common.has(word))) into.names.add(lower.replace(/'s$/, ''));
  else into.words.add(word);
}

function isNegation(word: string): boolean {
  return NEGATIONS.has(word) || word.endsWith("n't");
}

/** "nine in the morning", "9 a.m.": the hour and its half of the day belong together. */
function hours(words: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const [at, word] of words.entries()) {
    const half = HALVES[word];
    if (half === undefined) continue;
    const before = words.slice(0, at).findLastIndex((each) => each !== 'in' && each !== 'the');
    const hour = words[before] ?? '';
    const value = /^\d+$/.test(hour) ? Number(hour) : cardinal(words, before)?.value;
    if (value !== undefined) found.add(`${value} ${half}`);
  }
  return found;
}

function numbersIn(words: readonly string[], taken: Set<number>): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const written = /^(\d[\d,]*(?:\.\d+)?)/.exec(word)?.[1];
    if (written !== undefined) {
      numbers.add(Number(written.replaceAll(',', '')));
      taken.add(at);
      continue;
    }
    const said = [cardinal(words, at), word === 'second' ? null : ordinal(words, at)]
      .filter((match) => match !== null)
      .sort((a, b) => b.end - a.end)[0];
    if (!said) continue;
    numbers.add(said.value);
    for (let part = at; part < said.end; part += 1) taken.add(part);
    at = said.end - 1;
  }
  return numbers;
}

/** Forms of one word meet: "costs", "cost", "closing", "closed", "accounts". */
export function stem(word: string): string {
  const plain = word.replace(/'s$/, '');
  for (const [ending, least] of [
    ['ies', 3],
    ['ing', 3],
    ['ed', 3],
    ['es', 3],
    ['s', 3],
    ['ly', 4],
  ] as const)
    if (plain.endsWith(ending) && plain.length - ending.length >= least)
      return endless(plain.slice(0, -ending.length) + (ending === 'ies' ? 'y' : ''));
  return endless(plain);
}

function endless(word: string): string {
  return word.length > 3 ? word.replace(/e$/, '').replace(/([b-df-hj-np-tv-z])\1$/, '$1') : word;
}
