import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dataFile } from '../support/data.ts';

const slotsSchema = z.record(z.string(), z.string());
const labelSchema = z.object({ intent: z.string(), slots: slotsSchema });
const heardSchema = z.object({
  file: z.string(),
  text: z.string(),
  inScope: z.boolean(),
  flow: z.string().nullable(),
  slots: slotsSchema,
});

const entry = fileURLToPath(new URL('../../main/cli/index.ts', import.meta.url));
const packFolder = fileURLToPath(new URL('../desks/speech-intent', import.meta.url));
const LEAST_EXACT = 0.97;

describe('orders spoken by people on their own microphones, through sotto hear', () => {
  it('are understood exactly, flow and slots, in at least 97 of 100', { timeout: 300_000 }, async () => {
    const labels = z
      .record(z.string(), labelSchema)
      .parse(JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8')));
    const files = Object.keys(labels).map((name) => dataFile('speech', 'intent', 'wav', name));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [entry, 'hear', '--desk', packFolder, '--json', ...files],
      { maxBuffer: 2 ** 24 },
    );
    const heard = stdout
      .trim()
      .split('\n')
      .map((line) => heardSchema.parse(JSON.parse(line)));
    const missed = heard.filter(({ file, inScope, flow, slots }) => {
      const label = labels[basename(file)];
      return !(inScope && flow === label?.intent && sameSlots(slots, label.slots));
    });
    const exact = heard.length - missed.length;
    console.log(
      `speech/intent, clean: ${exact} of ${heard.length} exact (${((exact / heard.length) * 100).toFixed(1)} %)`,
    );
    expect(heard).toHaveLength(151);
    expect(exact / heard.length, missed.map(({ text }) => text).join('\n')).toBeGreaterThanOrEqual(
      LEAST_EXACT,
    );
  });
});

function sameSlots(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([slot, value]) => b[slot] === value);
}
