import type { AuditEvent } from '../../main/audit/index.ts';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import type { Vault } from '../../main/vault/index.ts';
import { testClock, throwaway } from '../vault/support.ts';

export const EVENT: AuditEvent = {
  action: 'tool.call',
  actor: 'system',
  target: 'tool:hours',
  outcome: 'success',
};

/** A log with entries and two checkpoints: over 9 entries and over 20. */
export async function filledLog(): Promise<{
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: ReturnType<typeof testClock>;
}> {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock, site: 'desk-1.bank.example/audit' });
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
