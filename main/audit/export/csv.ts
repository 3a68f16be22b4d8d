import { isoTime, type ReadableEntry } from './readable.ts';

/** What a spreadsheet takes for the beginning of a formula, half-width or full-width. */
const FORMULA = /^[\s\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

export const CSV_HEAD: string = row([
  'seq',
  'time',
  'action',
  'outcome',
  'actor',
  'target',
  'ocsf_class',
  'detail',
]);

/** An entry as a line of CSV (RFC 4180). */
export function csvRow(entry: ReadableEntry): string {
  const { seq, at, action, outcome, actor, target, classUid, detail } = entry;
  return row([String(seq), isoTime(at), action, outcome, actor, target, classUid, detail]);
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** A cell in quotes; one that a spreadsheet would calculate is made text by an apostrophe (OWASP, CSV injection). */
function cell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
