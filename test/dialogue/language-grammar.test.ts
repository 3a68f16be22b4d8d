import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { compileDesk, type Expectation, loadDeskPack } from '../../main/dialogue/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { sentencesOf } from './jsgf-sentences.ts';
import { wordsDesk } from './language-desk.ts';

const desk = await wordsDesk();
const expectations: Expectation[] = [
  { kind: 'open' },
  ...Object.values(desk.pack.flows).flatMap((flow): Expectation[] => [
    { kind: 'yesNo', flow: flow.flow },
    ...Object.keys(flow.slots).map((slot): Expectation => ({ kind: 'slot', flow: flow.flow, slot })),
  ]),
];

describe('the speech grammar', () => {
  it('has small letters and apostrophes only, and one public rule', () => {
    for (const expectation of expectations) {
      const { jsgf } = desk.grammar(expectation);
      const body = jsgf.split('\n').slice(2).join('\n');
      expect(body.match(/^public /gm)).toHaveLength(1);
      expect(body.replaceAll(/<NULL>|<VOID>|<r\d+>|\/[\d.]+\//g, '')).toMatch(/^[a-z'\s()[\]|*+=;<>]+$/);
    }
  });

  it('is cached by what is expected, and named by what it holds', () => {
    expect(desk.grammar({ kind: 'open' })).toBe(desk.grammar({ kind: 'open' }));
    const ids = new Set(expectations.map((expectation) => desk.grammar(expectation).id));
    expect(ids.size).toBeGreaterThan(10);
    expect(compileDesk(desk.pack).grammar({ kind: 'open' }).id).toBe(desk.grammar({ kind: 'open' }).id);
  });

  it('loads in the recogniser under every expectation', async () => {
    const speech = await startSpeech({ log: silentLog });
    try {
      for (const expectation of expectations) {
        const stream = await speech.recogniser.open(desk.grammar(expectation));
        await stream.begin();
        stream.write(new Float32Array(8000));
        expect((await stream.finish()).text).toBe('');
        await stream.close();
      }
    } finally {
      await speech.close();
    }
  });

  it('carries the pronunciations of the pack', () =>
    expect(desk.grammar({ kind: 'open' }).pronunciations).toEqual({ zorblax: ['Z AO R B L AE K S'] }));

  it('takes each slot of a repeated choice once: nobody orders a large medium coffee', async () => {
    const folder = fileURLToPath(new URL('../desks/speech-intent', import.meta.url));
    const { jsgf } = compileDesk(await loadDeskPack(folder)).grammar({ kind: 'open' });
    let seed = 1;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const orders = sentencesOf(jsgf, 400, random);
    const sizes = orders.map((words) => words.filter((word) => /^(small|large|ounce)$/.test(word)).length);
    const shots = orders.map((words) => words.filter((word) => word === 'shot').length);
    expect(Math.max(...sizes)).toBe(1);
    expect(Math.max(...shots)).toBe(1);
    expect(sizes.some((count, at) => count === 1 && shots[at] === 1)).toBe(true);
  });

  it('names a list that contains itself', async () => {
    const pack = { ...desk.pack, desk: { ...desk.pack.desk, lists: { want: ['again <want>'] } } };
    expect(() => compileDesk(pack)).toThrow(expect.objectContaining({ code: 'language/list-cycle' }));
  });
});
