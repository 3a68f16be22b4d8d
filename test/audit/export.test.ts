import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';
import { EVENT, exportTo, longLog, START, scratch, tamper } from './support.ts';
import { buildTlogVerifier, sha256sumCheck, shell, sshVerify } from './tools.ts';

const DAY = 86_400_000;
let go: ReturnType<typeof buildTlogVerifier>;
beforeAll(() => {
  go = buildTlogVerifier();
});
afterAll(() => go?.remove());

const linesOf = (out: string) => readFileSync(join(out, 'entries.jsonl'), 'utf8').split('\n').slice(0, -1);
const goVerify = (key: string, out: string) => go.run('verify', key, out);

describe('an export of the whole log', () => {
  test.each([1, 2, 255, 256, 257, 600])(
    'of %i entries is accepted by ssh-keygen, sha256sum and Go’s transparency log',
    async (size) => {
      const { audit } = await longLog(size - 1);
      const out = join(scratch(), 'out');
      const exported = await exportTo(audit, out);
      expect(exported).toMatchObject({
        size,
        first: 0,
        end: size,
        verification: { ok: true, entries: size },
      });
      const signed = `Good "audit-export@sotto" signature for desk-1.bank.example-audit with ED25519 key ${exported.signer}`;
      expect(sshVerify(out)).toEqual({ code: 0, out: signed });
      expect(sha256sumCheck(out)).toEqual({ code: 0, out: '' });
      const root = Buffer.from(exported.root, 'hex').toString('base64');
      expect(goVerify(audit.verifierKey, out)).toEqual({ code: 0, out: `${size} ${root} ${size}` });
    },
  );

  test('is recorded by its own last entry, and lists every file in it', async () => {
    const { audit } = await longLog(300);
    const out = join(scratch(), 'out');
    const exported = await exportTo(audit, out);
    const entry = readFileSync(join(out, 'export.json'), 'utf8');
    expect(audit.recent(1)).toMatchObject([{ seq: 300, json: entry }]);
    expect(JSON.parse(entry)).toMatchObject({
      activity_name: 'audit.export',
      unmapped: { first: 0, end: null, since: null, until: null, signer: exported.signer, via: 'test' },
    });
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8').split('\n').slice(0, -1);
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(sums).toHaveLength(exported.files);
    expect(files).toHaveLength(exported.files + 2); // the list and its signature
    for (const file of files) expect(statSync(join(file.parentPath, file.name)).mode & 0o077).toBe(0);
  });

  test('says in VERIFY.md what to type, and it works as typed', async () => {
    const { audit } = await longLog(300);
    const out = join(scratch(), 'out');
    const { signer } = await exportTo(audit, out, { since: START + 290_000 });
    const page = readFileSync(join(out, 'VERIFY.md'), 'utf8');
    const commands = page.split('\n').filter((line) => /^ {4}(ssh-keygen|sha256sum|\{|tail)/.test(line));
    expect(commands).toHaveLength(4);
    const outcomes = commands.map((command) => shell(command.trim(), out));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(page).toContain(`    ${outcomes[0]?.out}`);
    expect(page).toContain(audit.verifierKey);
    expect(page).toContain(signer);
    expect(outcomes[2]?.out.split(' ')[0]).toBe(outcomes[3]?.out);
    expect(outcomes[3]?.out).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('an export of a range', () => {
  test('shows its entries and no others, and every one of them stays provable', async () => {
    const { audit } = await longLog(1000);
    const out = join(scratch(), 'out');
    const exported = await exportTo(audit, out, { since: START + 200_000, until: START + 700_000 });
    expect(exported).toMatchObject({ size: 1001, first: 200, end: 700 });
    expect(linesOf(out).map((line) => JSON.parse(line).metadata.sequence)).toEqual(
      Array.from({ length: 500 }, (_, i) => 200 + i),
    );
    expect(readdirSync(join(out, 'tile/entries'))).toEqual(['001']); // 256 to 511: the one bundle within
    expect(goVerify(audit.verifierKey, out)).toMatchObject({ code: 0, out: expect.stringMatching(/ 500$/) });
    expect(sha256sumCheck(out).code).toBe(0);
    const others = audit.recent(2000).filter(({ seq }) => seq < 200 || (seq >= 700 && seq < 1000));
    const text = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
      .join('\n');
    expect(others).toHaveLength(500);
    expect(others.filter(({ json }) => text.includes(json))).toEqual([]);
  });

  test('in which nothing happened has no entries and still verifies', async () => {
    const { audit } = await longLog(10);
    const out = join(scratch(), 'out');
    expect(await exportTo(audit, out, { until: START })).toMatchObject({ first: 0, end: 0 });
    expect(linesOf(out)).toEqual([]);
    expect(goVerify(audit.verifierKey, out).code).toBe(0);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('<p>None.</p>');
  });

  test('that ends before it begins, or begins after now, is refused before anything is written', async () => {
    const { audit } = await longLog(10);
    const out = join(scratch(), 'out');
    expect(await refusal(() => exportTo(audit, out, { since: START, until: START }))).toBe('audit/bad-range');
    expect(await refusal(() => exportTo(audit, out, { since: START + DAY }))).toBe('audit/bad-range');
    expect(existsSync(out)).toBe(false);
  });
});

describe('the readable files', () => {
  test('a cell that a spreadsheet would calculate is made text, and quotes and line ends stay in their cell', async () => {
    const clock = testClock(START);
    const audit = openAuditLog(await throwaway(clock), { clock });
    for (const target of ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\uFF1D1'])
      audit.append({ ...EVENT, target });
    audit.append({ ...EVENT, target: 'say "no",\r\nthen=leave' });
    const out = join(scratch(), 'out');
    await exportTo(audit, out);
    const rows = readFileSync(join(out, 'entries.csv'), 'utf8').split(/\r\n(?=")/);
    expect(rows[1]).toBe(
      `"0","${new Date(START).toISOString()}","tool.call","success","system","'=HYPERLINK(""http://evil"")","6003","{}"`,
    );
    const targets = rows.slice(1, 8).map((line) => line.split('","')[5]);
    expect(targets.every((target) => target?.startsWith("'"))).toBe(true);
    expect(rows[8]).toContain('"say ""no"",\r\nthen=leave"');
  });

  test('the summary counts by action, outcome and day, and holds nothing that a browser would run or fetch', async () => {
    const clock = testClock(START);
    const audit = openAuditLog(await throwaway(clock), { clock, site: '<script>.example/a&b' });
    audit.append(EVENT);
    audit.append({ ...EVENT, outcome: 'failure' });
    clock.advance(DAY);
    audit.append({ ...EVENT, action: 'signIn.refuse', outcome: 'failure' });
    const out = join(scratch(), 'out');
    await exportTo(audit, out);
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).toContain('<th scope="row">tool.call</th><td>1</td><td class="failed">1</td>');
    expect(page).toContain('<th scope="row">signIn.refuse</th><td>0</td><td class="failed">1</td>');
    expect(page).toContain('<th scope="row">2026-05-02</th><td>1</td><td class="failed">1</td>');
    expect(page).toContain('<th scope="row">2026-05-03</th>');
    expect(page).toContain('The log is whole');
    expect(page).toContain('&lt;script&gt;.example/a&amp;b');
    expect(page).not.toMatch(/<script|<img|<link|src=|https?:|javascript:/);
  });
});

describe('an export that cannot be made whole', () => {
  test('never overwrites: what is at its place stays, and no entry says otherwise', async () => {
    const { audit } = await longLog(5);
    const out = scratch();
    writeFileSync(join(out, 'mine'), 'x');
    expect(await refusal(() => exportTo(audit, out))).toBe('audit/export-exists');
    expect(readdirSync(out)).toEqual(['mine']);
    expect(audit.recent(1)[0]?.seq).toBe(4);
  });

  test('leaves nothing behind when it is given up, and says so in the log', async () => {
    const { audit } = await longLog(600);
    const parent = scratch();
    const stop = new AbortController();
    const exporting = audit.export({
      out: join(parent, 'out'),
      actor: 'system',
      via: 'test',
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 5);
    await expect(exporting).rejects.toThrow(/abort/);
    expect(readdirSync(parent)).toEqual([]);
    const [last] = audit.recent(1);
    expect(JSON.parse(last?.json ?? '')).toMatchObject({
      activity_name: 'audit.export',
      status_id: 2,
      unmapped: { code: 'aborted' },
    });
    expect(audit.verify().ok).toBe(true);
  });

  test('where there is no folder to put it, is refused with what to do', async () => {
    const { audit } = await longLog(5);
    expect(await refusal(() => exportTo(audit, join(scratch(), 'no', 'such', 'folder')))).toBe(
      'audit/export-failed',
    );
  });

  test('is refused, and leaves nothing, when an entry is missing from the log', async () => {
    const { vault, audit } = await longLog(600);
    tamper(vault, () => vault.db.exec('DELETE FROM audit_entries WHERE seq = 300'));
    const parent = scratch();
    expect(await refusal(() => exportTo(audit, join(parent, 'out')))).toBe('audit/damaged');
    expect(readdirSync(parent)).toEqual([]);
  });

  test('from a log in which an entry was changed, says so, and the changed entry is the one that does not fit', async () => {
    const { vault, audit } = await longLog(600);
    tamper(vault, () =>
      vault.db.exec("UPDATE audit_entries SET json = replace(json, 'hours', 'other') WHERE seq = 300"),
    );
    const out = join(scratch(), 'out');
    const { verification } = await exportTo(audit, out);
    expect(verification.problems[0]).toMatchObject({ seq: 300, code: 'audit/entry-changed' });
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('The log is NOT whole');
    expect(goVerify(audit.verifierKey, out)).toEqual({
      code: 1,
      out: 'bundle: entry 300 is not the one that was logged',
    });
  });
});

test('entries that are appended while an export is written are no part of it', async () => {
  const { audit } = await longLog(2000);
  const out = join(scratch(), 'out');
  const exporting = exportTo(audit, out);
  const during = setInterval(() => audit.append(EVENT), 1);
  const exported = await exporting;
  clearInterval(during);
  const { size } = exported;
  expect(exported.verification).toMatchObject({ ok: true, entries: size });
  expect(audit.recent(1)[0]?.seq).toBeGreaterThan(size);
  expect(goVerify(audit.verifierKey, out)).toMatchObject({ code: 0 });
  expect(audit.verify().ok).toBe(true);
});
