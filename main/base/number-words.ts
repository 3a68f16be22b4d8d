/** Numbers as American English says them ("one hundred twenty"), without "and" and without hyphens. */

/** "zero" to "nineteen". */
export const UNITS_IN_WORDS: readonly string[] =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
/** "twenty" to "ninety", each at its tens' place: the first two are empty. */
export const TENS_IN_WORDS: readonly string[] = [
  '',
  '',
  ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' '),
];
const SCALES = '_ thousand million billion trillion quadrillion quintillion sextillion septillion'.split(' ');
const IRREGULAR_ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** A whole number: 1205 is "one thousand two hundred five". Negative: "minus …". Beyond septillions: its digits. */
export function cardinalInWords(value: number | bigint): string {
  const size = BigInt(value);
  if (size < 0n) return `minus ${cardinalInWords(-size)}`;
  if (size < 1000n) return belowThousand(Number(size));
  const groups: number[] = [];
  for (let rest = size; rest > 0n; rest /= 1000n) groups.push(Number(rest % 1000n));
  if (groups.length > SCALES.length) return digitsInWords(String(size));
  return groups
    .flatMap((group, at) =>
      group === 0 ? [] : [`${belowThousand(group)}${at === 0 ? '' : ` ${SCALES[at]}`}`],
    )
    .reverse()
    .join(' ');
}

/** 23 is "twenty third". */
export function ordinalInWords(value: number | bigint): string {
  const words = cardinalInWords(value).split(' ');
  const last = words.at(-1) ?? '';
  const formed = IRREGULAR_ORDINALS[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return [...words.slice(0, -1), formed].join(' ');
}

/** 1985 is "nineteen eighty five", 2006 "two thousand six", 1506 "fifteen oh six". */
export function yearInWords(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year < 1000 || year > 9999 || (century % 10 === 0 && rest < 10)) return cardinalInWords(year);
  if (rest === 0) return `${cardinalInWords(century)} hundred`;
  return `${cardinalInWords(century)} ${rest < 10 ? `oh ${cardinalInWords(rest)}` : cardinalInWords(rest)}`;
}

/** "1234" is "one two three four"; what is no digit is left out. */
export function digitsInWords(digits: string): string {
  return [...digits].flatMap((digit) => (/\d/.test(digit) ? [UNITS_IN_WORDS[Number(digit)]] : [])).join(' ');
}

function belowThousand(value: number): string {
  if (value < 20) return UNITS_IN_WORDS[value] ?? '';
  if (value < 100) return joined(TENS_IN_WORDS[Math.floor(value / 10)] ?? '', value % 10);
  return joined(`${UNITS_IN_WORDS[Math.floor(value / 100)]} hundred`, value % 100);
}

function joined(head: string, rest: number): string {
  return rest === 0 ? head : `${head} ${belowThousand(rest)}`;
}
