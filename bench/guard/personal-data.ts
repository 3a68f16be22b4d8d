import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { maskSensitive } from '../../main/guard/index.ts';
import { dataFile } from '../../test/support/data.ts';
import { table } from '../machine.ts';
import { type Half, halfOf } from './halves.ts';

const samples = z.array(
  z.object({
    full_text: z.string(),
    template_id: z.number(),
    spans: z.array(
      z.object({
        entity_type: z.string(),
        entity_value: z.string(),
        start_position: z.number(),
        end_position: z.number(),
      }),
    ),
  }),
);
export type Sample = z.infer<typeof samples>[number];

/** The file's types beside ours. What is not here is not personal data that a desk masks, or not by itself. */
export const LOOKED_FOR: Readonly<Record<string, readonly string[]>> = {
  PERSON: ['name'],
  STREET_ADDRESS: ['address', 'postcode'],
  ZIP_CODE: ['postcode', 'address'],
  CREDIT_CARD: ['card'],
  US_SSN: ['ssn'],
  US_DRIVER_LICENSE: ['licence'],
  PHONE_NUMBER: ['phone'],
  EMAIL_ADDRESS: ['email'],
  IBAN_CODE: ['iban'],
  IP_ADDRESS: ['network-address'],
  WHOLE_DATE: ['birthdate'],
};
const WHOLE_DATE = /\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;

export function samplesOf(half: Half): Sample[] {
  const all = samples.parse(JSON.parse(readFileSync(dataFile('text', 'presidio-synth-v2.json'), 'utf8')));
  return all.filter((sample) => halfOf(`template:${sample.template_id}`) === half);
}

interface Count {
  entities: number;
  whole: number;
  tokens: number;
  masked: number;
  named: number;
  claimed: number;
  claimedRight: number;
}
const none = (): Count => ({
  entities: 0,
  whole: 0,
  tokens: 0,
  masked: 0,
  named: 0,
  claimed: 0,
  claimedRight: 0,
});

export function typeOf(span: Sample['spans'][number]): string {
  if (span.entity_type === 'DATE_TIME' && WHOLE_DATE.test(span.entity_value)) return 'WHOLE_DATE';
  return span.entity_type;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Word by word, as Presidio's own evaluation counts: each word has a label, and each is masked or not. */
export function measure(set: readonly Sample[]): Map<string, Count> {
  const counts = new Map<string, Count>();
  const of = (type: string): Count => {
    const count = counts.get(type) ?? none();
    counts.set(type, count);
    return count;
  };
  for (const sample of set) {
    const masked = maskSensitive(sample.full_text).spans;
    const words = [...sample.full_text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
    }));
    for (const span of sample.spans) countEntity(of(typeOf(span)), span, words, masked);
    for (const word of words) {
      const label = sample.spans.find((span) => overlap(word, stretchOf(span)));
      const mask = masked.find((each) => overlap(word, each));
      countWord(of, label ? typeOf(label) : null, mask?.type ?? null);
    }
  }
  return counts;
}

/** An entity is found whole when each of its words is masked. */
function countEntity(
  count: Count,
  span: Sample['spans'][number],
  words: readonly Stretch[],
  masked: readonly Stretch[],
): void {
  const its = words.filter((word) => overlap(word, stretchOf(span)));
  count.entities += 1;
  if (its.every((word) => masked.some((each) => overlap(word, each)))) count.whole += 1;
}

/** @param type its label, @param mask as what it was masked; null: none */
function countWord(of: (type: string) => Count, type: string | null, mask: string | null): void {
  const right = type !== null && mask !== null && LOOKED_FOR[type]?.includes(mask) === true;
  if (type !== null) {
    const count = of(type);
    count.tokens += 1;
    if (mask !== null) count.masked += 1;
    if (right) count.named += 1;
  }
  if (mask === null) return;
  countClaim(of(`claimed:${mask}`), right);
  countClaim(of('all'), type !== null);
  countClaim(of('looked-for'), type !== null && Object.hasOwn(LOOKED_FOR, type));
}

function countClaim(count: Count, right: boolean): void {
  count.claimed += 1;
  if (right) count.claimedRight += 1;
}

function stretchOf({ start_position: start, end_position: end }: Sample['spans'][number]): Stretch {
  return { start, end };
}

function overlap(a: Stretch, b: Stretch): boolean {
  return a.start < b.end && a.end > b.start;
}

export function personalDataTable(set: readonly Sample[]): string {
  const counts = measure(set);
  const rows: (string | number)[][] = [];
  const total = { looked: none(), all: none() };
  for (const [type, count] of [...counts].sort((a, b) => b[1].tokens - a[1].tokens)) {
    if (type.includes(':') || type === 'all' || type === 'looked-for') continue;
    const ours = LOOKED_FOR[type];
    add(total.all, count);
    if (!ours) continue;
    add(total.looked, count);
    const claimed = ours.reduce((sum, name) => sum + (counts.get(`claimed:${name}`)?.claimed ?? 0), 0);
    const right = ours.reduce((sum, name) => sum + (counts.get(`claimed:${name}`)?.claimedRight ?? 0), 0);
    const precision = claimed > 0 ? right / claimed : Number.NaN;
    rows.push([
      type,
      count.entities,
      three(precision),
      three(count.masked / count.tokens),
      three(f2(precision, count.masked / count.tokens)),
      three(count.named / count.tokens),
      three(count.whole / count.entities),
    ]);
  }
  for (const [name, count, claims] of [
    ['**types looked for**', total.looked, counts.get('looked-for') ?? none()],
    ['**every label of the file**', total.all, counts.get('all') ?? none()],
  ] as const) {
    const precision = claims.claimedRight / claims.claimed;
    const recall = count.masked / count.tokens;
    rows.push([
      name,
      count.entities,
      three(precision),
      three(recall),
      three(f2(precision, recall)),
      '',
      three(count.whole / count.entities),
    ]);
  }
  return table(['type', 'values', 'precision', 'recall', 'F2', 'named right', 'masked whole'], rows);
}

function add(total: Count, count: Count): void {
  for (const key of Object.keys(total) as (keyof Count)[]) total[key] += count[key];
}

function f2(precision: number, recall: number): number {
  return (5 * precision * recall) / (4 * precision + recall);
}

function three(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3).replace(/^0/, '');
}
