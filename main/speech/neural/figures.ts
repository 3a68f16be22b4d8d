/**
 * Numbers as figures, so that what one recogniser writes in words and another in figures can be compared:
 * `four three two one` and `4321`, `two hundred and fifty` and `$250.00`.
 */
const UNITS = 'zero one two three four five six seven eight nine'.split(' ');
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );
const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
]);
const VALUES: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, i) => [word, i] as const),
  ...TEENS.map((word, i) => [word, 10 + i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
  ...ORDINALS.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word.replace(/y$/, 'ieth'), 20 + 10 * i] as const),
  ['oh', 0],
  ['nought', 0],
]);
/** A number as networks write it, with its currency, its cents or minutes, or its ending. */
const FIGURE = /^[$€£]?(\d+)(?:[.:](\d+))?(?:st|nd|rd|th)?[%€]?$/;

/** A word or a run of number words, and where it stood. */
export interface Comparable {
  readonly token: string;
  /** A number: what a slot is made of, and what must not be wrong. */
  readonly isFigure: boolean;
  /** Indexes of the words that it was made of. */
  readonly from: number;
  readonly to: number;
}

/** Words with every run of numbers brought to figures, without apostrophes and hyphens. */
export function comparable(words: readonly string[]): Comparable[] {
  const out: Comparable[] = [];
  for (let at = 0; at < words.length; ) {
    const end = runEnd(words, at);
    if (end > at) {
      out.push({ token: figures(words.slice(at, end)), isFigure: true, from: at, to: end });
      at = end;
      continue;
    }
    const token = (words[at] ?? '').replace(/['’-]/g, '');
    if (!/^(u+[hm]+|e+r+m*|h+m+|m+)$/.test(token)) out.push({ token, isFigure: false, from: at, to: at + 1 });
    at += 1;
  }
  return out;
}

/** Where the numbers that begin here end: with `and` between two of them, never at the end. */
function runEnd(words: readonly string[], from: number): number {
  let end = from;
  for (let at = from; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (isNumber(word)) end = at + 1;
    else if (!(word === 'and' && at === end && at > from && SCALES.has(words[at - 1] ?? ''))) break;
  }
  return end;
}

function isNumber(word: string): boolean {
  return (
    VALUES.has(word) ||
    SCALES.has(word) ||
    FIGURE.test(word) ||
    word.split('-').every((part) => VALUES.has(part))
  );
}

function figures(words: readonly string[]): string {
  const reading = new Reading();
  for (const word of words.flatMap((each) => (VALUES.has(each) ? [each] : each.split('-'))))
    reading.take(word);
  return reading.figures();
}

/** Number words read one by one. */
class Reading {
  #out = '';
  /** Of the number under way: what stands before its last `thousand`, and what since. */
  #high: number | null = null;
  #low: number | null = null;

  take(word: string): void {
    const scale = SCALES.get(word);
    const value = VALUES.get(word);
    if (scale !== undefined) this.#scale(scale);
    else if (value !== undefined) this.#value(value);
    else this.#written(word);
  }

  figures(): string {
    this.#end();
    return this.#out;
  }

  #scale(scale: number): void {
    if (scale === 100) {
      this.#low = (this.#low ?? 1) * 100;
      return;
    }
    this.#high = (this.#high ?? 0) + (this.#low ?? 1) * scale;
    this.#low = null;
  }

  #value(value: number): void {
    const afterThousand = this.#low === null && this.#high !== null && value > 0;
    if (!afterThousand && !fits(this.#low, value)) this.#end();
    this.#low = (this.#low ?? 0) + value;
  }

  /** Cents of nothing are not said. */
  #written(word: string): void {
    const [, whole, part = ''] = FIGURE.exec(word) ?? [];
    if (whole === undefined) return;
    this.#end();
    this.#out += whole + (/^0*$/.test(part) && word.includes('.') ? '' : part);
  }

  #end(): void {
    if (this.#high !== null || this.#low !== null) this.#out += String((this.#high ?? 0) + (this.#low ?? 0));
    this.#high = null;
    this.#low = null;
  }
}

/** Whether a value goes on the number under way (`twenty` `five`, `hundred` `fifty`) or begins another. */
function fits(low: number | null, value: number): boolean {
  if (low === null || value === 0) return false;
  if (low >= 100 && low % 100 === 0) return value < 100;
  return low % 100 >= 20 && low % 10 === 0 && value < 10;
}
