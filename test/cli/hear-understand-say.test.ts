import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelOf, readWav } from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';
import { COFFEE, jsonLines, scratch, sotto } from './sotto.ts';

interface Heard {
  readonly file: string;
  readonly text: string;
  readonly inScope: boolean;
  readonly flow: string | null;
  readonly slots: Readonly<Record<string, string>>;
  readonly confidence: number;
  readonly audioMs: number;
  readonly processMs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly remedy: string };
}
interface Label {
  readonly intent: string;
  readonly slots: Readonly<Record<string, string>>;
}

const labels = JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8')) as Record<
  string,
  Label
>;
const NAMES = [
  '165bced7-3ecc-41f3-acf8-e584141f0379.wav',
  '0075d273-51bb-47cb-b323-4437bd0de029.wav',
  '1cf61395-1205-46c4-bf1c-2e43dd489455.wav',
];
const recording = (name: string) => dataFile('speech', 'intent', 'wav', name);

describe('sotto hear', () => {
  it('prints what each recording says and means, in the order given, and goes on after a bad file', async () => {
    const [first = '', ...others] = NAMES;
    const bad = join(COFFEE, 'desk.yaml');
    const files = [recording(first), bad, ...others.map(recording)];
    const { code, out, err } = await sotto(['hear', '--desk', COFFEE, '--json', ...files]);
    const heard = jsonLines<Heard>(out);

    expect(heard.map(({ file }) => file)).toEqual(files);
    for (const name of NAMES) {
      const one = heard.find(({ file }) => file.endsWith(name));
      const label = labels[name];
      expect(Object.keys(one ?? {})).toEqual([
        'file',
        'text',
        'inScope',
        'flow',
        'slots',
        'confidence',
        'audioMs',
        'processMs',
      ]);
      expect(one).toMatchObject({ inScope: true, flow: label?.intent });
      expect(one?.slots).toEqual(lowerCased(label?.slots ?? {}));
      expect(one?.confidence).toBeGreaterThan(0.5);
      expect(one?.processMs).toBeGreaterThan(0);
      expect(one?.processMs).toBeLessThan(one?.audioMs ?? 0);
    }
    expect(heard[1]?.error?.code).toBe('media/bad-wav');
    expect(heard[1]?.error?.remedy).not.toBe('');
    expect(code).toBe(1);
    expect(err).toBe('sotto: no --data, so nothing is kept\n');
  });

  it('tells speech about something else from an order', async () => {
    const file = dataFile('speech', 'clips', 'jfk.wav');
    const { code, out } = await sotto(['hear', '--desk', COFFEE, '--json', file]);
    expect(jsonLines<Heard>(out)).toMatchObject([{ inScope: false, flow: null, slots: {} }]);
    expect(code).toBe(0);
  });

  it('hears no words where nobody speaks, however loud', async () => {
    const file = dataFile('speech', 'intent', 'noise', 'kitchen.wav');
    const { code, out } = await sotto(['hear', '--desk', COFFEE, '--json', file]);
    expect(jsonLines<Heard>(out)).toMatchObject([{ text: '', inScope: false, flow: null, confidence: 0 }]);
    expect(code).toBe(0);
  });
});

describe('sotto understand', () => {
  it('prints one meaning for every line, also for an empty one', async () => {
    const input = 'a large coffee with milk\n\nwhat is the capital of France\n';
    const { code, out } = await sotto(['understand', '--desk', COFFEE, '--json'], { input });
    const [order, nothing, other, ...more] = jsonLines<Heard>(out);

    expect(Object.keys(order ?? {})).toEqual(['text', 'inScope', 'flow', 'slots', 'confidence']);
    expect(order).toMatchObject({
      text: 'a large coffee with milk',
      inScope: true,
      flow: 'orderDrink',
      slots: { size: 'large', coffeeDrink: 'coffee', milkAmount: 'milk' },
    });
    for (const each of [nothing, other])
      expect(each).toMatchObject({ inScope: false, flow: null, slots: {} });
    expect(more).toEqual([]);
    expect(code).toBe(0);
  });

  it('knows a desk that ships with Sotto by its name, and reads what is invisible as not there', async () => {
    const input = 'i lost\u200b my card\n';
    const { out } = await sotto(['understand', '--desk', 'bank-branch', '--json'], { input });
    expect(jsonLines<Heard>(out)).toMatchObject([{ text: 'i lost my card', flow: 'block_card' }]);
  });

  it('names the desk pack that is not there', async () => {
    const { code, err } = await sotto(['understand', '--desk', '/nowhere']);
    expect(err).toMatch(/^sotto: There is no desk pack at \/nowhere\.\nnext: .+\n$/);
    expect(code).toBe(1);
  });
});

describe('sotto say', () => {
  it('writes what it speaks as a WAV file', async () => {
    const file = join(scratch(), 'hello.wav');
    const args = [
      'say',
      '--desk',
      'bank-branch',
      '--out',
      file,
      '--json',
      'Good morning.',
      'How can I help?',
    ];
    const { code, out } = await sotto(args);
    const { samples, sampleRate } = await readWav(file);

    expect(jsonLines(out)).toEqual([
      {
        text: 'Good morning. How can I help?',
        audioMs: Math.round((samples.length * 1000) / sampleRate),
        out: file,
      },
    ]);
    expect(samples.length / sampleRate).toBeGreaterThan(1);
    expect(levelOf(samples).rmsDb).toBeGreaterThan(-40);
    expect(code).toBe(0);
  });

  it('says that there is no speaker, and what to do instead', async () => {
    const { code, err } = await sotto(['say', 'hello'], { env: { ALSA_CONFIG_PATH: '/dev/null' } });
    expect(err).toContain('--out FILE.wav');
    expect(code).toBe(3);
  });
});

function lowerCased(slots: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(slots).map(([slot, value]) => [slot, value.toLowerCase()]));
}
