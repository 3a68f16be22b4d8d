import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { canonicalJson } from '../../main/base/index.ts';
import type { Vault } from '../../main/vault/index.ts';
import { refusal, testClock } from '../vault/support.ts';
import { EVENT, filledLog, tamper } from './support.ts';

const leafOf = (json: string) =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(json)
    .digest();
const jsonAt = ({ db }: Vault, seq: number) =>
  String(db.prepare('SELECT json FROM audit_entries WHERE seq = ?').pluck().get(seq));
const setJson = ({ db }: Vault, seq: number, json: string, leaf: Buffer = leafOf(json)) =>
  db.prepare('UPDATE audit_entries SET json = ?, leaf = ? WHERE seq = ?').run(json, leaf, seq);
const keptLeaf = ({ db }: Vault, seq: number): Buffer => {
  const leaf = db.prepare<[number], Buffer>('SELECT leaf FROM audit_entries WHERE seq = ?').pluck().get(seq);
  return leaf ?? Buffer.alloc(0);
};

const cheats: readonly [cheat: string, code: string, act: (vault: Vault) => void][] = [
  [
    'a word of an entry changed',
    'audit/entry-changed',
    (vault) => setJson(vault, 5, jsonAt(vault, 5).replace('hours', 'other'), keptLeaf(vault, 5)),
  ],
  [
    'an entry changed together with its hash',
    'audit/checkpoint-root',
    (vault) => setJson(vault, 5, jsonAt(vault, 5).replace('hours', 'other')),
  ],
  ['an entry deleted', 'audit/gap', ({ db }) => db.exec('DELETE FROM audit_entries WHERE seq = 5')],
  ['the end cut off', 'audit/truncated', ({ db }) => db.exec('DELETE FROM audit_entries WHERE seq >= 15')],
  [
    'the end cut off with its checkpoint',
    'audit/truncated',
    ({ db }) =>
      db.exec('DELETE FROM audit_entries WHERE seq >= 15; DELETE FROM audit_checkpoints WHERE size > 15'),
  ],
  [
    'everything deleted but the checkpoints',
    'audit/truncated',
    ({ db }) => db.exec("DELETE FROM audit_entries; UPDATE audit_tree SET size = 0, peaks = x''"),
  ],
  [
    'two entries exchanged',
    'audit/reordered',
    (vault) => {
      const [fifth, sixth] = [jsonAt(vault, 5), jsonAt(vault, 6)];
      setJson(vault, 5, sixth);
      setJson(vault, 6, fifth);
    },
  ],
  [
    'the beginning cut off and the rest renumbered',
    'audit/reordered',
    ({ db }) =>
      db.exec(
        'DELETE FROM audit_entries WHERE seq < 3; UPDATE audit_entries SET seq = seq - 3 WHERE seq >= 3',
      ),
  ],
  [
    'an entry slipped in at the end',
    'audit/tree-mismatch',
    (vault) => {
      const json = jsonAt(vault, 19).replace('"sequence":19', '"sequence":20');
      vault.db
        .prepare('INSERT INTO audit_entries SELECT 20, at, ?, ? FROM audit_entries WHERE seq = 19')
        .run(json, leafOf(json));
    },
  ],
  [
    'an entry filed under another time',
    'audit/time-mismatch',
    ({ db }) => db.exec('UPDATE audit_entries SET at = at - 1 WHERE seq = 5'),
  ],
  [
    'an entry dated back',
    'audit/clock-moved-back',
    (vault) => {
      const entry = JSON.parse(jsonAt(vault, 5));
      setJson(vault, 5, canonicalJson({ ...entry, time: entry.time - 86_400_000 }));
    },
  ],
  [
    'an entry written in another form',
    'audit/not-canonical',
    (vault) => setJson(vault, 5, jsonAt(vault, 5).replace('{', '{ ')),
  ],
  [
    'an entry that says something twice',
    'audit/not-canonical',
    (vault) => setJson(vault, 5, jsonAt(vault, 5).replace('{', '{"activity_id":1,')),
  ],
  ['an entry that is no entry', 'audit/bad-entry', (vault) => setJson(vault, 5, '{"nothing":"here"}')],
  [
    'a byte of a signature changed',
    'audit/checkpoint-signature',
    ({ db }) =>
      db.exec("UPDATE audit_checkpoints SET note = replace(note, substr(note, -12, 1), '/') WHERE size = 9"),
  ],
  [
    'the root of a checkpoint rewritten',
    'audit/checkpoint-signature',
    ({ db }) => {
      const root = createHash('sha256').update('another').digest('base64');
      const note = String(db.prepare('SELECT note FROM audit_checkpoints WHERE size = 9').pluck().get());
      const [origin, size, , ...rest] = note.split('\n');
      db.prepare('UPDATE audit_checkpoints SET note = ? WHERE size = 9').run(
        [origin, size, root, ...rest].join('\n'),
      );
    },
  ],
  [
    'a checkpoint moved to another size',
    'audit/checkpoint-misplaced',
    ({ db }) => db.exec('UPDATE audit_checkpoints SET size = 8 WHERE size = 9'),
  ],
  [
    'a checkpoint signed with another key, over what is really there',
    'audit/checkpoint-signature',
    (vault) => {
      const another = openAuditLog(vault, { clock: testClock() });
      const secret = vault.db.prepare('UPDATE secrets SET value = randomblob(32) WHERE name = ?');
      secret.run('audit/signing-key');
      const forger = openAuditLog(vault, { clock: testClock() });
      vault.db.exec('DELETE FROM audit_checkpoints WHERE size = 20');
      forger.checkpoint();
      for (const log of [another, forger]) log.close();
    },
  ],
  [
    'an entry of another log put in the place of one',
    'audit/other-log',
    (vault) => setJson(vault, 5, jsonAt(vault, 5).replace('desk-1.bank.example', 'desk-2.bank.example')),
  ],
  [
    'the middle cut out, and the rest and the tree made to fit',
    'audit/checkpoint-root',
    (vault) => {
      const rest = [...Array(20).keys()].filter((seq) => seq !== 5).map((seq) => jsonAt(vault, seq));
      vault.db.exec('DELETE FROM audit_entries WHERE seq = 19');
      rest.forEach((json, seq) => {
        setJson(vault, seq, json.replace(/"sequence":\d+/, `"sequence":${seq}`));
      });
    },
  ],
  [
    'the kept tree replaced',
    'audit/tree-mismatch',
    ({ db }) => db.exec('UPDATE audit_tree SET peaks = zeroblob(length(peaks))'),
  ],
];

test.each(cheats)('%s is told (%s)', async (_, code, act) => {
  const { vault, audit } = await filledLog();
  expect(audit.verify()).toMatchObject({ ok: true, entries: 20, checkpoints: 2, problems: [] });
  tamper(vault, () => act(vault));
  const verification = audit.verify();
  expect(verification.ok).toBe(false);
  expect(verification.problems.map((problem) => problem.code)).toContain(code);
});

test('the guard taken off is told, even when nothing else was touched', async () => {
  const { vault, audit } = await filledLog();
  vault.db.exec('DROP TRIGGER audit_entries_hold');
  expect(audit.verify().problems.map((problem) => problem.code)).toEqual(['audit/unguarded']);
});

test('with the guard on, the database itself refuses to change what was written', async () => {
  const { vault } = await filledLog();
  for (const table of ['audit_entries', 'audit_checkpoints']) {
    expect(() => vault.db.exec(`DELETE FROM ${table}`)).toThrow('append only');
    expect(() => vault.db.exec(`UPDATE ${table} SET at = 0`)).toThrow('append only');
  }
});

test('an edit is told by the number of the entry', async () => {
  const { vault, audit } = await filledLog();
  tamper(vault, () => setJson(vault, 5, jsonAt(vault, 5).replace('hours', 'other'), keptLeaf(vault, 5)));
  expect(audit.verify().problems[0]).toMatchObject({ seq: 5, code: 'audit/entry-changed' });
});

test('a log that was cut takes no more entries, but opens to be verified', async () => {
  const { vault, audit, clock } = await filledLog();
  audit.close();
  tamper(vault, () => vault.db.exec('DELETE FROM audit_entries WHERE seq >= 15'));
  const again = openAuditLog(vault, { clock });
  expect(await refusal(() => again.append(EVENT))).toBe('audit/damaged');
  expect(again.verify().ok).toBe(false);
  again.close();
});

test('a checkpoint taken away that the passing of a minute had called for is told', async () => {
  const { vault, audit, clock } = await filledLog();
  for (let i = 0; i < 90; i += 1) {
    clock.advance(2000);
    audit.append(EVENT);
  }
  expect(audit.verify()).toMatchObject({ ok: true, checkpoints: 4 });
  tamper(vault, () =>
    vault.db.exec('DELETE FROM audit_checkpoints WHERE size = (SELECT max(size) FROM audit_checkpoints)'),
  );
  expect(audit.verify().problems.map((problem) => problem.code)).toEqual(['audit/checkpoint-missing']);
});
