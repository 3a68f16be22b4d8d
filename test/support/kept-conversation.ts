import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../../main/audit/index.ts';
import type { Clock } from '../../main/base/index.ts';
import { openRecords } from '../../main/records/index.ts';
import type { Vault } from '../../main/vault/index.ts';

/** One conversation in the record, begun and ended now: a person typed "hello". */
export function keepConversation(vault: Vault, audit: AuditLog, clock: Clock): void {
  const writer = openRecords(vault, audit, { clock }).begin({
    ...{ id: randomUUID(), deskId: 'bank-branch', packHash: 'a', memberId: null },
    ...{ carrier: 'typed', startedAt: clock.now() },
  });
  writer.turn({
    ...{ turn: 1, speaker: 'person', at: clock.now(), text: 'hello', flow: null },
    ...{ confidence: 1, interrupted: false },
  });
  writer.end('done', clock.now());
}
