/** Cheats with what is carried away from the log, and with the whole data folder: told by a witness on another machine. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog, witness } from '../../main/audit/index.ts';
import { pathsIn } from '../../main/base/index.ts';
import {
  backUp,
  createVault,
  makeRecoveryKey,
  openVault,
  restoreBackup,
  type Vault,
} from '../../main/vault/index.ts';
import { credential, ports, testClock } from '../vault/support.ts';
import { EVENT, exportTo, scratch } from './support.ts';
import { sha256sumCheck } from './tools.ts';

const clock = testClock();
const source = () => credential();

/** A site with a log of so many entries, and what its witness says of what it is shown. */
async function site(entries = 5) {
  const folder = scratch();
  const paths = pathsIn(join(folder, 'data'));
  const key = source();
  const open = async (at = paths) => {
    const vault = await openVault(at, key, ports);
    return { vault, audit: openAuditLog(vault, { clock }) };
  };
  const vault = await createVault(paths, key, ports);
  const audit = openAuditLog(vault, { clock, site: 'desk-1.bank.example/audit' });
  for (let i = 0; i < entries; i += 1) audit.append({ ...EVENT, detail: { i } });
  const pin = audit.verifierKey;
  let shown = 0;
  const show = async (log: typeof audit, change = (_: string) => {}) => {
    shown += 1;
    const out = join(folder, `export-${shown}`);
    await exportTo(log, out);
    change(out);
    const [report] = await witness({ store: join(folder, 'store'), sources: [out], pin });
    return { verdict: report?.verdict, codes: report?.problems.map(({ code }) => code) ?? [], out };
  };
  const more = (log: typeof audit, count = 3) => {
    for (let i = 0; i < count; i += 1) log.append({ ...EVENT, detail: { later: i } });
  };
  return { folder, paths, open, vault, audit, show, more };
}

const end = ({ vault, audit }: { vault: Vault; audit: ReturnType<typeof openAuditLog> }) => {
  audit.close();
  vault.close();
};

const edits: readonly [cheat: string, file: string, code: string, by: (text: string) => string][] = [
  [
    'a cell of the CSV changed',
    'entries.csv',
    'audit/file-changed',
    (text) => text.replace('tool.call', 'tool.ca11'),
  ],
  ['the last rows of the CSV cut off', 'entries.csv', 'audit/file-changed', (text) => text.slice(0, -200)],
  [
    'a line of the JSONL changed',
    'entries.jsonl',
    'audit/entry-changed',
    (text) => text.replace('hours', 'other'),
  ],
  [
    'the JSONL cut off',
    'entries.jsonl',
    'audit/entries-missing',
    (text) => `${text.split('\n').slice(0, 2).join('\n')}\n`,
  ],
  ['the summary changed', 'index.html', 'audit/file-changed', (text) => text.replace('whole', 'wh0le')],
  [
    'the instructions changed',
    'VERIFY.md',
    'audit/file-changed',
    (text) => text.replace('sha256sum', 'sha1sum'),
  ],
];
test.each(edits)('%s (%s) is told (%s), and by sha256sum', async (_, file, code, by) => {
  const here = await site();
  const change = (out: string) => {
    const text = readFileSync(join(out, file), 'utf8');
    expect(by(text)).not.toBe(text);
    writeFileSync(join(out, file), by(text));
  };
  const { verdict, codes, out } = await here.show(here.audit, change);
  expect(verdict).toBe('refused');
  expect(codes).toContain(code);
  expect(sha256sumCheck(out).code).toBe(1);
  end(here);
});

test('the data folder set back to an earlier copy is told when it is shown, and when it has gone on', async () => {
  const here = await site();
  end(here);
  const copy = pathsIn(join(here.folder, 'copy'));
  cpSync(here.paths.data, copy.data, { recursive: true });
  const real = await here.open();
  here.more(real.audit);
  expect(await here.show(real.audit)).toMatchObject({ verdict: 'first' });
  end(real);

  const old = await here.open(copy);
  expect(old.audit.verify().ok).toBe(true); // by itself it is whole: only who saw more can tell
  const before = await here.show(old.audit);
  expect([before.verdict, before.codes]).toEqual(['refused', ['audit/rolled-back']]);
  here.more(old.audit, 9);
  const after = await here.show(old.audit);
  expect([after.verdict, after.codes]).toEqual(['refused', ['audit/rewritten']]);
  end(old);
});

test('an old backup that was restored is told by the witness', async () => {
  const here = await site();
  const { publicKey: recoveryKey, privateKey } = await makeRecoveryKey();
  const into = join(here.folder, 'disk');
  mkdirSync(into);
  const { folder: from } = await backUp(here.vault, { into, recoveryKey, clock });
  here.more(here.audit);
  expect(await here.show(here.audit)).toMatchObject({ verdict: 'first' });
  end(here);

  const elsewhere = pathsIn(join(here.folder, 'elsewhere'));
  const key = source();
  await restoreBackup(elsewhere, { from, recoveryKey: privateKey, source: key, clock });
  const vault = await openVault(elsewhere, key, ports);
  const audit = openAuditLog(vault, { clock });
  const { verdict, codes } = await here.show(audit);
  expect([verdict, codes]).toEqual(['refused', ['audit/rolled-back']]);
  here.more(audit, 9);
  expect((await here.show(audit)).codes).toEqual(['audit/rewritten']);
  end({ vault, audit });
});

test('the signing key swapped: the log’s own verification and the witness tell it', async () => {
  const here = await site();
  expect(await here.show(here.audit)).toMatchObject({ verdict: 'first' });
  here.vault.db.exec("UPDATE secrets SET value = randomblob(32) WHERE name = 'audit/signing-key'");
  const swapped = openAuditLog(here.vault, { clock });
  const { problems } = swapped.verify();
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['audit/checkpoint-signature']));
  here.more(swapped);
  expect((await here.show(swapped)).codes).toEqual(['audit/checkpoint-signature']);
  swapped.close();
  end(here);
});

test('a clock that was set back, and forth, is an entry and a notice; the order is that of the numbers', async () => {
  const here = await site();
  clock.advance(-86_400_000);
  here.more(here.audit, 1);
  clock.advance(86_400_000);
  here.more(here.audit, 1);
  const { ok, notices } = here.audit.verify();
  expect(ok).toBe(true);
  expect(notices.map(({ code }) => code)).toEqual(['audit/clock-set-back']);
  expect(await here.show(here.audit)).toMatchObject({ verdict: 'first', codes: [] });
  end(here);
});
