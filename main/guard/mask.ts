import type { MaskedText } from './contract.ts';

/**
 * Masks what looks like a number of a person before a transcript is kept: any run of four or more digits,
 * written ("4929 1312") or spoken ("four nine two nine, one three"), across separators, never gated on a checksum.
 * A span is the whole run, so that a part of the number cannot be pieced together.
 *
 * First form of this room: digits only. Types by context (card, account, phone, birth date, names) come with the
 * guards of their own.
 */
export function maskSensitive(text: string): MaskedText {
  const spans = digitRuns(text).map((run) => ({ start: run.start, end: run.end, type: 'number' }));
  let masked = '';
  let from = 0;
  for (const span of spans) {
    masked += `${text.slice(from, span.start)}[number]`;
    from = span.end;
  }
  return { masked: masked + text.slice(from), spans };
}

/** Shorter runs are times, small amounts and counts, which the record needs. */
const FEWEST_DIGITS = 4;

/** How many digits a spoken word stands for. */
const SPOKEN: ReadonlyMap<string, number> = new Map([
  ...['zero', 'oh', 'o', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].map(
    (word) => [word, 1] as const,
  ),
  ...[
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
  ].map((word) => [word, 2] as const),
  ...['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map(
    (word) => [word, 2] as const,
  ),
]);

/** Words inside a spoken number that add digits to the next ("double five") or none ("uh"). */
const MULTIPLIERS: ReadonlyMap<string, number> = new Map([
  ['double', 1],
  ['triple', 2],
]);
const FILLERS: ReadonlySet<string> = new Set(['uh', 'um', 'er', 'and', 'then', 'dash', 'space', 'hyphen']);

/** A hesitation or two does not end a number that is being dictated. */
const MOST_FILLERS = 2;

interface Run {
  start: number;
  end: number;
  digits: number;
}

function digitRuns(text: string): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  let fillers = 0;
  for (const match of text.matchAll(/[\p{L}']+|\p{Nd}+|[^\s\p{L}\p{Nd}]+/gu)) {
    const digits = digitsOf(match[0]);
    const end = match.index + match[0].length;
    if (digits > 0) {
      run ??= { start: match.index, end, digits: 0 };
      run.digits += digits;
      run.end = end;
      fillers = 0;
    } else if (run) {
      fillers += isSeparator(match[0]) ? 0 : 1;
      if (fillers <= MOST_FILLERS && (isSeparator(match[0]) || FILLERS.has(match[0].toLowerCase()))) continue;
      runs.push(run);
      run = null;
    }
  }
  if (run) runs.push(run);
  return runs.filter((each) => each.digits >= FEWEST_DIGITS);
}

function digitsOf(token: string): number {
  if (/^\p{Nd}+$/u.test(token)) return [...token].length;
  const word = token.toLowerCase();
  return SPOKEN.get(word) ?? MULTIPLIERS.get(word) ?? 0;
}

function isSeparator(token: string): boolean {
  return /^[-–./,()]+$/.test(token);
}
