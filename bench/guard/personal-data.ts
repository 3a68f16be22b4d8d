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
    const inside = (word: { start: number; end: number }, start: number, end: number) =>
      word.start < end && word.end > start;
    for (const span of sample.spans) {
      const count = of(typeOf(span));
      const its = words.filter((word) => inside(word, span.start_position, span.end_position));
      const hit = its.filter((word) => masked.some((each) => inside(word, each.start, each.end)));
      count.entities += 1;
      if (hit.length === its.length) count.whole += 1;
    }
    for (const word of words) {
      const label = sample.spans.find((span) => inside(word, span.start_position, span.end_position));
      const mask = masked.find((each) => inside(word, each.start, each.end));
      const type = label ? typeOf(label) : null;
      if (type) {
        const count = of(type);
        count.tokens += 1;
        if (mask) count.masked += 1;
        if (mask && LOOKED_FOR[type]?.includes(mask.type)) count.named += 1;
      }
      if (mask) {
        const claimed = of(`claimed:${mask.type}`);
        claimed.claimed += 1;
        if (type && LOOKED_FOR[type]?.includes(mask.type)) claimed.claimedRight += 1;
        const all = of('all');
        all.claimed += 1;
        if (type) all.claimedRight += 1;
        const looked = of('looked-for');
        looked.claimed += 1;
        if (type && Object.hasOwn(LOOKED_FOR, type)) looked.claimedRight += 1;
      }
    }
  }
  return counts;
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
