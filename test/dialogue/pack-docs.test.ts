import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { installRoot } from '../../main/base/index.ts';
import { replyReview } from '../../main/conversation/index.ts';
import {
  checkDeskPack,
  checkWayOut,
  compileDesk,
  loadDeskPack,
  rehearseDesk,
} from '../../main/dialogue/index.ts';

let scratch = '';
let blocks: readonly string[] = [];
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sotto-docs-'));
  const text = await readFile(join(installRoot, 'docs', 'desk-packs.md'), 'utf8');
  blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What the page leaves to the reader: the tools that its flows use beside the one that it shows. */
const MORE_TOOLS = `
  opening_hours:
    server: branch
    description: When it is open
    risk: read
    arguments: { type: object, properties: { date: { type: string } }, required: [date] }
    result: { type: object, properties: { open: { type: boolean } } }
  find_customer:
    server: branch
    description: Find a customer
    risk: read
    arguments: { type: object, properties: { number: { type: string }, code: { type: string } }, required: [number, code] }
    result: { type: object, properties: { found: { type: boolean }, name: { type: string } } }
  account_balance:
    server: branch
    description: Look up a balance
    risk: read
    arguments: { type: object, properties: { account: { type: string } }, required: [account] }
    result: { type: object, properties: { balance: { type: string } } }
`;

/** The files of an example: a block says in its first line which it is; those of one name are put together. */
async function written(example: string, more: Readonly<Record<string, string>>): Promise<string> {
  const files = new Map<string, string>();
  for (const block of blocks) {
    const [, given, file] = /^# (?:(\w+): )?([\w./]+\.yaml)(?:, .*)?\n/.exec(block) ?? [];
    if (file !== undefined && (given ?? 'bank') === example) files.set(file, (files.get(file) ?? '') + block);
  }
  for (const [file, text] of Object.entries(more)) files.set(file, (files.get(file) ?? '') + text);
  const folder = join(scratch, example);
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

describe('docs/desk-packs.md', () => {
  it('every example is YAML', () => {
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) expect(() => parse(block), block).not.toThrow();
  });

  it('its examples make a desk that passes its check and its tests', async () => {
    const folder = await written('bank', {
      'tools.yaml': MORE_TOOLS,
      'knowledge/hours.md': '# Opening hours\n\nWe are open from nine until five.\n',
    });
    expect((await checkDeskPack(folder)).problems).toEqual([]);
    expect(checkWayOut(compileDesk(await loadDeskPack(folder)))).toEqual([]);
    const { tests } = await rehearseDesk(folder, { review: replyReview });
    expect(tests.map(({ name, failures }) => [name, failures])).toEqual([
      ['a transfer with a correction', []],
      ['it does not go well', []],
    ]);
  });

  it('its desk in two languages passes too', async () => {
    const folder = await written('spanish', {});
    const { pack, problems } = await checkDeskPack(folder);
    expect(problems).toEqual([]);
    expect(pack?.translations['es-US']?.desk.handOff.to).toBe('un cajero');
  });
});
