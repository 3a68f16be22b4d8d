import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spokenFile } from '../../bench/spoken/voices.ts';
import { silentLog } from '../../main/base/index.ts';
import { type CompiledDesk, compileDesk } from '../../main/dialogue/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { hear, readWav } from '../speech/sound.ts';
import { dataFile } from '../support/data.ts';
import { wordsDesk } from './language-desk.ts';

const ASKED = { kind: 'slot', flow: 'visit', slot: 'surname' } as const;
const NAMES = [
  'Turner',
  'Nelson',
  'Bailey',
  'Parker',
  'Young',
  "O'Brien",
  'Garcia',
  'Cooper',
  'Edwards',
  'Reed',
];
const RATE = 16_000;

let speech: SupervisedSpeech;
let desk: CompiledDesk;
let knowing: CompiledDesk;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
  desk = await wordsDesk();
  const { visit } = desk.pack.flows;
  const surname = visit?.slots.surname;
  if (!visit || !surname) throw new Error('The desk has no surname to ask for.');
  const slots = { ...visit.slots, surname: { ...surname, known: NAMES } };
  knowing = compileDesk({ ...desk.pack, flows: { ...desk.pack.flows, visit: { ...visit, slots } } });
});
afterAll(() => speech.close());

/** What a desk that asks for the surname takes these sounds for. */
async function surnames(asking: CompiledDesk, sounds: readonly Float32Array[]): Promise<string[]> {
  const stream = await speech.recogniser.open(asking.grammar(ASKED), { whole: true });
  const found: string[] = [];
  for (const sound of sounds) {
    const { text } = await hear(stream, sound);
    found.push(asking.understand(text, ASKED, 0).slots.surname ?? text);
  }
  await stream.close();
  return found;
}

function flite(text: string): Float32Array {
  const file = spokenFile(text, 'slt');
  if (file === null) throw new Error('The voice cannot say it.');
  return readWav(file).samples;
}

/** Recordings of one person's letters, one after the other, with the pauses of spelling between them. */
function saidByAPerson(letters: string, pauseSeconds = 0.2): Float32Array {
  const takes = readdirSync(dataFile('speech', 'spelled'));
  const pause = new Float32Array(pauseSeconds * RATE);
  const parts = [...letters].flatMap((letter, at) => {
    const own = takes.filter((file) => file.startsWith(`${letter}-`));
    const { samples } = readWav(dataFile('speech', 'spelled', own[at % own.length] ?? ''));
    const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const loud = (value: number) => Math.abs(value) > peak * 0.03;
    const sound = samples.slice(samples.findIndex(loud), samples.findLastIndex(loud));
    return [sound.map((value) => (value / peak) * 0.5), pause];
  });
  return Float32Array.from([pause, ...parts].flatMap((part) => [...part])).map(
    // A room is never quite silent.
    (value, at) => value + Math.sin(at * at) * 3e-4,
  );
}

describe('a name that is spelled aloud', { timeout: 90_000 }, () => {
  it('is understood with words that make each letter plain, in every form', async () => {
    const said = {
      's as in sam m as in mary i as in ida t as in tom h as in henry': 'SMITH',
      's for sugar u for uncle e for edward': 'SUE',
      'sierra mike india tango hotel': 'SMITH',
      'alpha bravo one two seven d as in david': 'AB127D',
      'w one four b as in boy': 'W14B',
    };
    expect(await surnames(desk, Object.keys(said).map(flite))).toEqual(Object.values(said));
  });

  it('gets no more letters than were said', async () => {
    const said = ['ward', 'smith', 'baqg', 'maxq', 'khjl', 'young', 'udnyrq', 'wxxth'];
    const heard = await surnames(
      desk,
      said.map((letters) => saidByAPerson(letters)),
    );
    const right = heard.filter((value, at) => value === said[at]?.toUpperCase()).length;
    expect(right, heard.join(' ')).toBeGreaterThanOrEqual(3);
    for (const [at, value] of heard.entries())
      expect(value.length, `${value} for ${said[at]}`).toBeLessThanOrEqual((said[at]?.length ?? 0) + 1);
  });

  it('is a name that the desk knows, where the letters alone leave it open', async () => {
    const said = ['turner', 'nelson', 'bailey', 'reed'];
    const sounds = said.map((letters) => saidByAPerson(letters));
    const rightAt = (heard: readonly string[]) =>
      heard.filter((value, at) => value === said[at]?.toUpperCase()).length;
    const without = rightAt(await surnames(desk, sounds));
    const known = rightAt(await surnames(knowing, sounds));
    expect(known).toBeGreaterThanOrEqual(3);
    expect(without).toBeLessThan(known);
    // Other strings are not bent to the names.
    const others = await surnames(
      knowing,
      ['khjl', 'wxxth'].map((letters) => saidByAPerson(letters)),
    );
    const upper = NAMES.map((name) => name.toUpperCase().replace("'", ''));
    expect(others.filter((value) => upper.includes(value))).toEqual([]);
  });

  it('is read back so that nobody takes a letter for another', () => {
    expect(desk.readBack('visit', 'surname', 'BD4I')).toBe('B as in Bob, D as in David, four, I');
  });
});
