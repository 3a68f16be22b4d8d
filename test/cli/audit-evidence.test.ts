import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuditExport, openAuditLog, type WitnessReport } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { jsonLines, scratch, sotto, startSotto } from './sotto.ts';

const ports = { clock: systemClock, log: silentLog };
const EVENT = { action: 'tool.call', actor: 'system', target: 'tool:hours', outcome: 'success' } as const;

describe('sotto audit export, checkpoint and witness', () => {
  it('carry the log to a witness, who sees that it grew', async () => {
    const { data, env } = await site(3);
    const folder = scratch();
    const [out, note, store] = ['out', 'note', 'store'].map((name) => join(folder, name));
    const exported = await sotto(['audit', 'export', '--data', data, '--out', `${out}`, '--json'], { env });
    expect(exported.code).toBe(0);
    const [facts] = jsonLines<AuditExport>(exported.out);
    expect(facts).toMatchObject({ folder: out, size: 4, first: 0, end: 4, verification: { ok: true } });

    const pin = readdirSync(`${out}`).find((name) => name.endsWith('.vkey'));
    const first = ['audit', 'witness', '--store', `${store}`, '--pin', join(`${out}`, `${pin}`), `${out}`];
    expect(await sotto(first)).toMatchObject({ code: 0, out: expect.stringContaining('first that is seen') });

    const checkpoint = await sotto(['audit', 'checkpoint', '--data', data, '--out', `${note}`], { env });
    expect(checkpoint).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(`${note}`, 'utf8')).toMatch(/^\S+\n5\n\S+\n\n\u2014 \S+ \S+\n$/);
    const later = await sotto(['audit', 'witness', '--store', `${store}`, '--json', `${note}`]);
    expect(jsonLines<WitnessReport>(later.out)).toMatchObject([
      { size: 5, verdict: 'unproven', problems: [] },
    ]);
    expect(later.code).toBe(0);

    const back = await sotto(['audit', 'witness', '--store', `${store}`, `${out}`]);
    expect(back.out).toContain('REFUSED');
    expect(back.out).toContain('(audit/rolled-back)');
    expect(back.code).toBe(1);
  });

  it('take days and times in UTC, and refuse what is none and what is there already', async () => {
    const { data, env } = await site(3);
    const out = join(scratch(), 'out');
    const command = ['audit', 'export', '--data', data, '--json'];
    const day = new Date().toISOString().slice(0, 10);
    const ranged = await sotto([...command, '--out', out, '--since', day, '--until', day], { env });
    const [entry] = jsonLines<AuditExport>(ranged.out);
    expect(entry).toMatchObject({ first: 0, end: 4 });
    expect(JSON.parse(readFileSync(join(out, 'export.json'), 'utf8')).unmapped).toMatchObject({
      since: Date.parse(`${day}T00:00:00Z`),
      until: Date.parse(`${day}T00:00:00Z`) + 86_400_000,
      via: 'command-line',
    });
    const again = await sotto([...command, '--out', out], { env });
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('audit/export-exists') });
    const unread = await sotto([...command, '--out', `${out}2`, '--since', 'yesterday'], { env });
    expect(unread).toMatchObject({ code: 2, out: expect.stringContaining('2026-05-31') });
    const backwards = ['--since', '2026-05-02T00:00:00Z', '--until', '2026-05-01T00:00:00+02:00'];
    expect((await sotto([...command, '--out', `${out}2`, ...backwards], { env })).code).toBe(2);
    expect(existsSync(`${out}2`)).toBe(false);
  });

  it('ask for the key of a log that was never seen', async () => {
    const folder = scratch();
    const note = join(folder, 'note');
    writeFileSync(note, 'a.example/audit\n5\nAAAA\n\n\u2014 a.example/audit AAAA\n');
    const unpinned = await sotto(['audit', 'witness', '--store', join(folder, 'store'), note]);
    expect(unpinned).toMatchObject({ code: 2, err: expect.stringContaining('--pin') });
  });

  it('leave nothing of an export that is interrupted', async () => {
    const { data, env } = await site(60_000);
    const folder = scratch();
    const exporting = startSotto(['audit', 'export', '--data', data, '--out', join(folder, 'out')], env);
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    exporting.child.kill('SIGINT');
    expect(await exporting.ended).toMatchObject({ code: 130, out: '' });
    expect(readdirSync(folder)).toEqual([]);
    const recent = await sotto(['audit', 'recent', '--limit', '1', '--data', data], { env });
    expect(recent.out).toContain('audit.export  FAILED');
  }, 60_000);
});

/** A vault under a credential file, with so many entries. */
async function site(entries: number): Promise<{ data: string; env: NodeJS.ProcessEnv }> {
  const folder = scratch();
  const file = join(folder, 'key');
  writeFileSync(file, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  const data = join(folder, 'data');
  const vault = await createVault(pathsIn(data), { kind: 'credential', file }, ports);
  const audit = openAuditLog(vault, ports);
  vault.transaction(() => {
    for (let i = 0; i < entries; i += 1) audit.append(EVENT);
  });
  audit.close();
  vault.close();
  return { data, env: { SOTTO_CREDENTIAL_FILE: file } };
}

it('sotto audit checkpoint draws the note as a QR code; sotto audit collector names where the log goes', async () => {
  const { data, env } = await site(2);
  const folder = scratch();
  const qr = join(folder, 'checkpoint.svg');
  expect(await sotto(['audit', 'checkpoint', '--data', data, '--qr', qr], { env })).toMatchObject({
    code: 0,
    out: '',
  });
  expect(readFileSync(qr, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>$/);
  const collector = ['audit', 'collector', '--data', data, '--json'];
  expect(await sotto([...collector, '--host', 'siem.example'], { env })).toMatchObject({ code: 2 });
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
  const named = await sotto([...collector, '--host', 'siem.example', '--ca', ca, '--format', 'cef'], { env });
  expect(jsonLines(named.out)).toEqual([
    { collector: { host: 'siem.example', port: 6514, format: 'cef' }, waiting: expect.any(Number) },
  ]);
  const off = await sotto([...collector, '--off'], { env });
  expect(jsonLines(off.out)).toEqual([{ collector: null, waiting: 0 }]);
});
