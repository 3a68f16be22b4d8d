import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuditLog, witness } from '../../main/audit/index.ts';
import { refusal } from '../vault/support.ts';
import { appendMany, EVENT, exportTo, type Filled, longLog, scratch, tamper } from './support.ts';
import { buildTlogVerifier } from './tools.ts';

let go: ReturnType<typeof buildTlogVerifier>;
beforeAll(() => {
  go = buildTlogVerifier();
});
afterAll(() => go?.remove());

/** A witness's machine: its store, and what is carried to it. */
interface Desk {
  readonly log: Filled;
  readonly key: string;
  look(...sources: readonly string[]): ReturnType<typeof witness>;
  exported(log?: Filled): Promise<string>;
  checkpoint(log?: Filled): string;
  readonly store: string;
}

async function desk(entries: number): Promise<Desk> {
  const log = await longLog(entries);
  const folder = scratch();
  const store = join(folder, 'store');
  const key = log.audit.verifierKey;
  let carried = 0;
  const place = () => {
    carried += 1;
    return join(folder, String(carried));
  };
  return {
    log,
    key,
    store,
    look: (...sources) => witness({ store, sources, pin: key }),
    exported: async ({ audit } = log) => (await exportTo(audit, place())).folder,
    checkpoint: ({ audit } = log) => {
      const file = place();
      writeFileSync(file, audit.checkpoint());
      return file;
    },
  };
}

/** Another state of the same log, with the same keys: what the holder of the machine can make. */
async function sameLogWith(original: Filled, entries: number, change = (_: Filled) => {}): Promise<Filled> {
  const other = await longLog(0);
  const secrets = original.vault.db.prepare<[], { name: string; value: Buffer }>(
    'SELECT name, value FROM secrets',
  );
  const take = other.vault.db.prepare(
    'INSERT OR REPLACE INTO secrets (name, value, created_at) VALUES (?, ?, 0)',
  );
  for (const { name, value } of secrets.all()) take.run(name, value);
  const filled = { ...other, audit: openAuditLog(other.vault, { clock: other.clock }) };
  expect(filled.audit.verifierKey).toBe(original.audit.verifierKey);
  change(filled);
  appendMany(filled, entries);
  return filled;
}

const verdicts = async (reports: ReturnType<typeof witness>) =>
  (await reports).map(({ verdict, problems }) => [verdict, ...problems.map(({ code }) => code)]);

describe('a witness of a log that only grows', () => {
  test('takes exports and checkpoints in turn, and proves each export to continue all before', async () => {
    const { log, look, exported, checkpoint, store } = await desk(300);
    expect(await verdicts(look(await exported()))).toEqual([['first']]);
    appendMany(log, 5);
    const [early, late] = [checkpoint(), await exported()];
    expect(await verdicts(look(early))).toEqual([['unproven']]);
    expect(await verdicts(look(late))).toEqual([['grown']]);
    expect(await verdicts(look(late))).toEqual([['known']]);
    appendMany(log, 400);
    const [next, last] = [checkpoint(), await exported()];
    expect(await verdicts(look(last, next))).toEqual([['unproven'], ['grown']]);
    const [folder = ''] = readdirSync(store);
    expect(folder).toBe('desk-1.bank.example%2Faudit');
    expect(readdirSync(join(store, folder)).filter((name) => name.endsWith('.checkpoint'))).toHaveLength(5);
    expect(existsSync(join(store, folder, 'conflicts'))).toBe(false);
  });

  test('and Go’s transparency log agrees that it grew', async () => {
    const { log, key, exported, checkpoint } = await desk(300);
    const early = checkpoint();
    appendMany(log, 400);
    expect(go.run('consistency', key, early, await exported()).code).toBe(0);
    const rewritten = await sameLogWith(log, 800, ({ audit }) => audit.append({ ...EVENT, actor: 'other' }));
    expect(go.run('consistency', key, early, await exported(rewritten)).code).toBe(1);
  });
});

describe('a witness names', () => {
  test('a log that was rewritten, and keeps the signed evidence', async () => {
    const { log, look, exported, store } = await desk(300);
    await look(await exported());
    const rewritten = await sameLogWith(log, 600, ({ audit }) => audit.append({ ...EVENT, actor: 'other' }));
    const forged = await exported(rewritten);
    expect(await verdicts(look(forged))).toEqual([['refused', 'audit/rewritten']]);
    const conflicts = join(store, 'desk-1.bank.example%2Faudit', 'conflicts');
    const [evidence = ''] = readdirSync(conflicts);
    expect(readFileSync(join(conflicts, evidence), 'utf8')).toBe(
      readFileSync(join(forged, 'checkpoint'), 'utf8'),
    );
    appendMany(log, 5);
    expect(await verdicts(look(await exported()))).toEqual([['grown']]); // the true log goes on
  });

  test('a log that was rewritten since a checkpoint that was never proved', async () => {
    const { log, look, exported, checkpoint } = await desk(10);
    await look(await exported());
    appendMany(log, 20);
    await look(checkpoint());
    const rewritten = await sameLogWith(log, 40);
    expect(await verdicts(look(await exported(rewritten)))).toEqual([
      ['refused', 'audit/rewritten', 'audit/rewritten'],
    ]);
  });

  test('a log that was cut, or set back to an earlier state, even one that was seen before', async () => {
    const { log, look, exported, checkpoint } = await desk(300);
    const [small, early] = [checkpoint(), await exported()];
    await look(small, early);
    appendMany(log, 50);
    await look(await exported());
    expect(await verdicts(look(early))).toEqual([['refused', 'audit/rolled-back']]);
    expect(await verdicts(look(small))).toEqual([['refused', 'audit/rolled-back']]);
    const cut = await sameLogWith(log, 200);
    const reports = await look(await exported(cut));
    expect(reports[0]?.problems[0]).toMatchObject({
      code: 'audit/rolled-back',
      message: expect.stringContaining('352 entries and has 201 here'),
    });
  });

  test('two logs under one name', async () => {
    const { log, look, checkpoint } = await desk(300);
    await look(checkpoint());
    const fork = await sameLogWith(log, 299, ({ audit }) => audit.append({ ...EVENT, actor: 'other' }));
    expect(await verdicts(look(checkpoint(fork)))).toEqual([['refused', 'audit/forked']]);
  });

  test('a database that was set back behind its log: it refuses entries, and a copy of it is told', async () => {
    const { log, look, exported, checkpoint } = await desk(300);
    await look(await exported());
    const { vault, audit } = log;
    tamper(vault, () => {
      vault.db.exec('DELETE FROM audit_entries WHERE seq >= 250');
      vault.db.exec('DELETE FROM audit_checkpoints WHERE size > 250');
    });
    expect(audit.verify().problems.map(({ code }) => code)).toContain('audit/truncated');
    expect(await refusal(() => checkpoint())).toBe('audit/damaged');
  });
});

describe('a checkpoint or export that is not what it says', () => {
  test.each([
    [
      'with a byte of its signature changed',
      (text: string) =>
        text.replace(/.(.{8})\n$/, (_, rest) => `${text.at(-10) === 'A' ? 'B' : 'A'}${rest}\n`),
    ],
    ['with a larger size written into it', (text: string) => text.replace('\n301\n', '\n901\n')],
    ['without a signature', (text: string) => `${text.split('\n\n')[0]}\n\n`],
  ])('%s is refused and not kept', async (_, forge) => {
    const { look, exported, store } = await desk(300);
    const folder = await exported();
    writeFileSync(join(folder, 'checkpoint'), forge(readFileSync(join(folder, 'checkpoint'), 'utf8')));
    expect(await verdicts(look(folder))).toEqual([['refused', 'audit/checkpoint-signature']]);
    expect(await verdicts(look(join(folder, 'checkpoint')))).toEqual([
      ['refused', 'audit/checkpoint-signature'],
    ]);
    expect(existsSync(store)).toBe(false);
  });

  test('signed with another key is refused', async () => {
    const { log, look, checkpoint } = await desk(300);
    await look(checkpoint());
    appendMany(log, 5);
    expect(await verdicts(look(checkpoint(await longLog(400))))).toEqual([
      ['refused', 'audit/checkpoint-signature'],
    ]);
  });

  test.each([
    ['a listed file taken away', 'audit/file-missing', (out: string) => rmSync(join(out, 'index.html'))],
    [
      'a page edited',
      'audit/file-changed',
      (out: string) => writeFileSync(join(out, 'index.html'), 'All is well.'),
    ],
    ['a file slipped in', 'audit/file-unlisted', (out: string) => writeFileSync(join(out, 'note.txt'), 'x')],
    ['the entries taken away', 'audit/file-missing', (out: string) => rmSync(join(out, 'entries.jsonl'))],
    [
      'a line without an end',
      'audit/entry-changed',
      (out: string) => writeFileSync(join(out, 'entries.jsonl'), 'x'.repeat(300_000)),
    ],
    [
      'a hash changed in the leaves',
      'audit/tiles-changed',
      (out: string) => writeFileSync(join(out, 'tile/0/000'), Buffer.alloc(8192)),
    ],
    ['a tile taken away', 'audit/tile-missing', (out: string) => rmSync(join(out, 'tile/0/000'))],
    [
      'the entry of the export exchanged',
      'audit/not-this-export',
      (out: string) => writeFileSync(join(out, 'export.json'), '{}'),
    ],
  ])('an export with %s is refused (%s)', async (_, code, act) => {
    const { look, exported } = await desk(300);
    const out = await exported();
    act(out);
    const [report] = await look(out);
    expect(report?.problems.map((problem) => problem.code)).toContain(code);
    expect(report?.verdict).toBe('refused');
  });

  test('a list of hashes signed anew with a key that the log does not name is refused', async () => {
    const { log, look, exported } = await desk(300);
    const [out, other] = [await exported(), await exported(await longLog(300))];
    for (const file of ['SHA256SUMS', 'SHA256SUMS.sig', 'allowed_signers'])
      cpSync(join(other, file), join(out, file));
    const [report] = await look(out);
    expect(report?.problems.map(({ code }) => code)).toContain('audit/sums-signature');
    expect(log.audit.verify().ok).toBe(true);
  });
});

describe('the key of a log', () => {
  test('must be pinned before anything is believed, and holds ever after', async () => {
    const { log, store, key, checkpoint } = await desk(10);
    const [first, other] = [checkpoint(), await longLog(10)];
    const at = (pin?: string) => () =>
      witness({ store, sources: [first], ...(pin === undefined ? {} : { pin }) });
    expect(await refusal(at())).toBe('audit/unpinned');
    expect(await refusal(at('nonsense'))).toBe('audit/bad-verifier-key');
    expect(await refusal(at(key.replace('desk-1', 'desk-2')))).toBe('audit/bad-verifier-key');
    expect(await refusal(at(key))).toBe('none');
    expect(await refusal(at())).toBe('none');
    expect(await refusal(at(other.audit.verifierKey))).toBe('audit/other-key');
    expect(log.audit.verifierKey).toBe(key);
  });

  test('of a log whose name would lead out of the store leads nowhere', async () => {
    const folder = scratch();
    const file = join(folder, 'note');
    writeFileSync(file, '..\n5\nAAAA\n\n\u2014 .. AAAA\n');
    const store = join(folder, 'inner', 'store');
    mkdirSync(store, { recursive: true });
    expect(await refusal(() => witness({ store, sources: [file] }))).toBe('audit/unpinned');
    expect(readdirSync(join(folder, 'inner'))).toEqual(['store']);
  });

  test('a store that somebody changed is not believed', async () => {
    const { log, look, checkpoint, store } = await desk(10);
    await look(checkpoint());
    const kept = join(store, 'desk-1.bank.example%2Faudit', '0000000000000010.checkpoint');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('\n10\n', '\n9\n'));
    appendMany(log, 5);
    expect(await refusal(() => look(checkpoint()))).toBe('audit/witness-store');
  });

  test('what is no checkpoint at all is told as that', async () => {
    const { look } = await desk(1);
    expect(await refusal(() => look('/nowhere'))).toBe('audit/no-checkpoint');
    expect(await refusal(() => look(scratch()))).toBe('audit/no-checkpoint');
  });
});
