import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AuditEvent, type AuditExport, type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog } from '../../main/base/index.ts';
import { createVault, type Vault } from '../../main/vault/index.ts';
import { testClock, throwaway } from '../vault/support.ts';

export interface Filled {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: ReturnType<typeof testClock>;
}

export const START: number = Date.UTC(2026, 4, 2, 9);
const SITE = 'desk-1.bank.example/audit';

export const EVENT: AuditEvent = {
  action: 'tool.call',
  actor: 'system',
  target: 'tool:hours',
  outcome: 'success',
};

/** A log with entries and two checkpoints: over 9 entries and over 20. */
export async function filledLog(): Promise<Filled> {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock, site: SITE });
  for (let i = 0; i < 20; i += 1) {
    if (i === 9) audit.checkpoint();
    audit.append({ ...EVENT, detail: { i } });
    clock.advance(1000);
  }
  audit.checkpoint();
  return { vault, audit, clock };
}

/** Changes the log's tables behind its back: takes the triggers off, and puts them on again. */
export function tamper({ db }: Vault, act: () => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  act();
  for (const { sql } of triggers) db.exec(sql);
}

/** A log of so many entries, one a second from START on. It ends with the test. */
export async function longLog(entries: number): Promise<Filled> {
  const clock = testClock(START);
  return fill(entries, await throwaway(clock), clock);
}

/** The same in a folder of the caller's, for more than one test. */
export async function makeLog(entries: number, folder: string): Promise<Filled> {
  const clock = testClock(START);
  const vault = await createVault(pathsIn(folder), { kind: 'ephemeral' }, { clock, log: silentLog });
  return fill(entries, vault, clock);
}

export function appendMany({ vault, audit, clock }: Filled, entries: number): void {
  vault.transaction(() => {
    for (let i = 0; i < entries; i += 1) {
      audit.append({ ...EVENT, detail: { i } });
      clock.advance(1000);
    }
  });
}

export function exportTo(
  audit: AuditLog,
  out: string,
  range: { readonly since?: number; readonly until?: number } = {},
): Promise<AuditExport> {
  return audit.export({ out, actor: 'system', via: 'test', ...range });
}

/** A folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fill(entries: number, vault: Vault, clock: Filled['clock']): Filled {
  const filled = { vault, clock, audit: openAuditLog(vault, { clock, site: SITE }) };
  appendMany(filled, entries);
  return filled;
}
