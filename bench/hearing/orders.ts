/** Orders of real people at a coffee counter, as they are and with a kitchen around them. */
import { readFileSync } from 'node:fs';
import { dataFile } from '../../test/support/data.ts';
import { BenchEars } from './decoder.ts';
import { COFFEE, deskOf } from './desk.ts';
import { kitchen, mixed, samplesOf } from './sound.ts';

export interface Order {
  readonly file: string;
  readonly slots: Readonly<Record<string, string>>;
}

/** How many of some recordings were heard exactly, and of these how many would be acted on. */
export interface Exact {
  readonly tried: number;
  readonly right: number;
  readonly taken: number;
  readonly processMs: number;
  readonly audioMs: number;
}

export function orders(): readonly Order[] {
  const labels = JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8'));
  return Object.entries(labels as Record<string, Omit<Order, 'file'>>).map(([file, { slots }]) => ({
    file,
    slots,
  }));
}

/** @param db of the voice above the noise; null: as recorded. Of the recordings, share `part` of `parts`. */
export async function exactOrders(db: number | null, part: number, parts: number): Promise<Exact> {
  const desk = await deskOf(COFFEE);
  const grammar = desk.grammar({ kind: 'open' });
  const ears = new BenchEars(true);
  const noise = kitchen();
  const counted = { tried: 0, right: 0, taken: 0, processMs: 0, audioMs: 0 };
  const chosen = orders()
    .map((order, at) => ({ ...order, at }))
    .filter((_, at) => at % parts === part);
  for (const { file, slots, at } of chosen) {
    const recorded = samplesOf('speech', 'intent', 'wav', file);
    const heard = ears.hear(grammar, db === null ? recorded : mixed(recorded, noise, db, at));
    counted.tried += 1;
    counted.processMs += heard.processMs;
    counted.audioMs += heard.audioMs;
    if (plain(desk.understand(heard.text, { kind: 'open' }, 0).slots) !== plain(slots)) continue;
    counted.right += 1;
    if (heard.inGrammar) counted.taken += 1;
  }
  ears.free();
  return counted;
}

function plain(slots: Readonly<Record<string, string>>): string {
  return Object.entries(slots)
    .map(([slot, value]) => `${slot}=${value.toLowerCase()}`)
    .sort()
    .join(' ');
}
