import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkDeskPack, loadDeskPack } from '../main/dialogue/index.ts';

const desks = new URL('../desks/', import.meta.url).pathname;
const folders = globSync('*/desk.yaml', { cwd: desks }).map(dirname);

test('there are the two desks that a site can start from', () => {
  expect(folders.sort()).toEqual(['bank-branch', 'clinic-frontdesk']);
});

describe.each(folders)('%s', (name) => {
  const folder = join(desks, name);

  test('has neither an error nor a warning', async () => {
    const { problems } = await checkDeskPack(folder);
    expect(problems).toEqual([]);
  });

  test('asks before everything that changes the world, and reads back what it will do', async () => {
    const { tools } = await loadDeskPack(folder);
    const changing = Object.entries(tools).filter(([, tool]) => tool.risk !== 'read');
    expect(changing.length).toBeGreaterThan(3);
    for (const [tool, { confirm, confirmText, result }] of changing) {
      expect(confirm, tool).not.toBe('none');
      expect(confirmText, tool).toBeDefined();
      expect(result, tool).toBeDefined();
    }
  });

  test('says in its first words that it is no person', async () => {
    const { desk } = await loadDeskPack(folder);
    expect(desk.disclosures[0]?.say).toMatch(/automated assistant.*not a person/);
  });

  test('every word that can be said to it has a pronunciation', async () => {
    const { desk, flows } = await loadDeskPack(folder);
    const dictionary = new Set(
      readFileSync('/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict', 'utf8')
        .split('\n')
        .map((line) => line.split(' ')[0]),
    );
    const phrases = [
      ...desk.handOff.phrases,
      ...Object.values(desk.lists).flat(),
      ...Object.values(flows).flatMap((flow) => [
        ...flow.phrases,
        ...Object.values(flow.lists).flat(),
        ...Object.values(flow.slots).flatMap((slot) => Object.values(slot.options ?? {}).flat()),
      ]),
    ];
    const words = phrases.flatMap((phrase) => phrase.replace(/<\w+>|\{\w+\}/g, ' ').match(/[a-z']+/g) ?? []);
    const unknown = words.filter(
      (word) => !dictionary.has(word) && !Object.hasOwn(desk.pronunciations, word),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});
