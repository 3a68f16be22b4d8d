const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const TEENS = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** A repeatable source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The digits as somebody might say them: one at a time, in pairs, doubled, with hesitations and corrections. */
export function spokenIn(digits: string, random: () => number): string {
  const parts: string[] = [];
  for (let at = 0; at < digits.length; ) {
    const [part, taken] = partOf(digits.slice(at), random);
    parts.push(part);
    at += taken;
    if (at < digits.length) parts.push(between(random));
  }
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function partOf(rest: string, random: () => number): [said: string, taken: number] {
  const [first, second] = [Number(rest[0]), Number(rest[1])];
  const way = random();
  if (rest.length > 1 && first === second && way < 0.5) return [`double ${DIGITS[first]}`, 2];
  if (rest.length > 1 && way < 0.25) {
    if (first === 1) return [TEENS[second] ?? '', 2];
    if (first > 1) return [second === 0 ? (TENS[first] ?? '') : `${TENS[first]} ${DIGITS[second]}`, 2];
  }
  if (rest.length >= 4 && way < 0.4) return [rest.slice(0, 4), 4];
  if (first === 0 && way < 0.7) return ['oh', 1];
  return [DIGITS[first] ?? '', 1];
}

function between(random: () => number): string {
  const way = random();
  if (way < 0.7) return ' ';
  if (way < 0.8) return ', ';
  if (way < 0.88) return ' uh ';
  if (way < 0.92) return ' dash ';
  if (way < 0.96) return ' no, sorry, ';
  return ' and then ';
}
