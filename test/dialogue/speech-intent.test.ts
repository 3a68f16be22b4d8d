import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { readWav } from '../speech/sound.ts';
import { dataFile } from '../support/data.ts';

interface Label {
  readonly intent: string;
  readonly slots: Readonly<Record<string, string>>;
}

const labels = JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8')) as Record<
  string,
  Label
>;
const packFolder = fileURLToPath(new URL('../desks/speech-intent', import.meta.url));
/** Each stream set decodes in an engine of its own: one for each of two cores. */
const ENGINES = 2;
const LEAST_EXACT = 0.95;

describe('orders spoken by people on their own microphones', () => {
  it('are understood exactly, flow and slots, in at least 95 of 100', { timeout: 180_000 }, async () => {
    const desk = compileDesk(await loadDeskPack(packFolder));
    const open = { kind: 'open' } as const;
    const files = Object.keys(labels).sort();
    const missed: string[] = [];
    const hear = async () => {
      const speech = await startSpeech({ log: silentLog });
      try {
        const stream = await speech.recogniser.open(desk.grammar(open));
        for (let file = files.pop(); file !== undefined; file = files.pop()) {
          const { samples } = readWav(dataFile('speech', 'intent', 'wav', file));
          await stream.begin();
          stream.write(samples);
          const { text } = await stream.finish();
          const { flow, slots } = desk.understand(text, open, 0);
          const label = labels[file];
          if (flow !== label?.intent || !sameSlots(slots, label.slots))
            missed.push(`${file.slice(0, 8)}: ${text}`);
        }
        await stream.close();
      } finally {
        await speech.close();
      }
    };
    await Promise.all(Array.from({ length: ENGINES }, hear));
    const count = Object.keys(labels).length;
    const exact = (count - missed.length) / count;
    console.log(
      `speech/intent, clean: ${count - missed.length} of ${count} exact (${(exact * 100).toFixed(1)} %)`,
    );
    expect(count).toBe(151);
    expect(exact, missed.join('\n')).toBeGreaterThanOrEqual(LEAST_EXACT);
  });
});

function sameSlots(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([slot, value]) => b[slot] === value);
}
