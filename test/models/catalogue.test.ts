import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { installRoot } from '../../main/base/index.ts';
import { describedPack, ENGINE_FAMILIES, KINDS } from '../../main/models/index.ts';
import { collision, unsafePath } from '../../main/models/safe-path.ts';

const entrySchema = z.strictObject({
  upstream: z.strictObject({
    fetch: z.array(z.url({ protocol: /^https$/ })).min(1),
    keep: z.array(z.string()).min(1),
    licence: z.string().min(3),
    note: z.string().min(3),
  }),
  pack: z.unknown(),
});
const entries = globSync('models/catalogue/*.yaml', { cwd: installRoot }).map((file) => {
  const { upstream, pack } = entrySchema.parse(parse(readFileSync(`${installRoot}/${file}`, 'utf8')));
  return { name: basename(file, '.yaml'), upstream, pack: describedPack(pack) };
});

describe('the catalogue', () => {
  test.each(entries)(
    '$name can be built as it stands: its engine finds its files among those to keep',
    ({ name, upstream, pack }) => {
      expect(pack.id).toBe(name);
      expect(KINDS).toContain(pack.kind);
      expect(ENGINE_FAMILIES[pack.engine.family]).toBe(pack.kind);
      const kept = upstream.keep.map((path) => path.replace(/\/ .*$/, ''));
      for (const path of Object.values(pack.engine.files)) expect(kept).toContain(path);
      expect(upstream.fetch).toContain(pack.source);
    },
  );

  test('has something of each family that the appliance speaks or hears with', () => {
    const families = entries.map(({ pack }) => pack.engine.family);
    for (const family of [
      'zipformer-streaming',
      'moonshine',
      'whisper',
      'nemo-transducer',
      'vits',
      'kokoro',
      'matcha',
      'kitten',
      'gtcrn',
      'speaker-embedding',
    ])
      expect(families).toContain(family);
  });
});

test('the real phoneme data of eSpeak NG, with its signs and spaces in names, may stand in a pack', () => {
  const paths = globSync('**/*', { cwd: '/usr/lib/x86_64-linux-gnu/espeak-ng-data', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice('/usr/lib/x86_64-linux-gnu/'.length)}/${entry.name}`);
  expect(paths.length).toBeGreaterThan(200);
  expect(paths.filter((path) => unsafePath(path) !== null)).toEqual([]);
  expect(collision(paths)).toBeNull();
});
