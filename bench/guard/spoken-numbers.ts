import { readFileSync } from 'node:fs';
import { maskSensitive } from '../../main/guard/index.ts';
import { seeded, spokenIn } from '../../test/guard/spoken-forms.ts';
import { dataFile } from '../../test/support/data.ts';
import { table } from '../machine.ts';

type Judge = (text: string) => boolean;

/** Where each pair of the set belongs: digits that identify must go, quantities must stay. */
const MUST_GO = ['telephone', 'serial', 'cardinal', 'electronic'] as const;

/**
 * The written and spoken pairs of NeMo. Digit classes: whatever has four or more digits and is no quantity must leave no
 * digit; amounts and grouped cardinals must stay as they are.
 */
export function spokenNumbersTable(): string {
  const rows: (string | number)[][] = [];
  for (const name of MUST_GO) {
    const texts = pairs(name).filter(([written]) => isIdentifier(name, written));
    for (const [form, pick] of [
      ['written', 0],
      ['spoken', 1],
    ] as const) {
      const said = texts.map((pair) => pair[pick]);
      rows.push([`${name}, ${form}`, 'masked', said.length, share(said, gone)]);
    }
  }
  for (const [form, pick] of [
    ['written', 0],
    ['spoken', 1],
  ] as const) {
    const said = pairs('money').map((pair) => pair[pick]);
    rows.push([`money, ${form}`, 'left readable', said.length, share(said, readable)]);
  }
  rows.push(['13-19 digits said in every way (made here)', 'masked', 2000, share(made(2000), gone)]);
  return table(['class', 'must be', 'texts', 'right'], rows);
}

function pairs(name: string): [written: string, spoken: string][] {
  const lines = readFileSync(dataFile('text', 'spoken-numbers', `test_cases_${name}.txt`), 'utf8').split(
    '\n',
  );
  return lines.filter(Boolean).map((line) => {
    const [written = '', spoken = ''] = line.split('~');
    return [written, spoken];
  });
}

function isIdentifier(name: string, written: string): boolean {
  if (name === 'electronic') return written.includes('@');
  const digits = written.replace(/\D/g, '').length;
  if (name === 'telephone') return true;
  // "1,000,000" and "9000 ~ nine thousand" are quantities.
  if (name === 'cardinal')
    return digits >= 4 && !/^-?\d{1,3}(,\d{3}){1,3}$/.test(written) && written !== '9000' && digits < 20;
  // "$12@12%" is an amount and a rate.
  return digits >= 4 && !/[$%]/.test(written);
}

const NUMBER_WORD =
  /\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b/i;
const gone: Judge = (text) => !NUMBER_WORD.test(maskSensitive(text).masked);
const readable: Judge = (text) => maskSensitive(text).masked === text;

function made(count: number): string[] {
  const random = seeded(406);
  return Array.from({ length: count }, () => {
    const length = 13 + Math.floor(random() * 7);
    const digits = Array.from({ length }, () => Math.floor(random() * 10)).join('');
    return spokenIn(digits, random);
  });
}

function share(texts: readonly string[], right: Judge): string {
  const count = texts.filter(right).length;
  return `${(count / texts.length).toFixed(3)} (${count})`;
}
