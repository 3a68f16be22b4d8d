import type { AuditLog } from '../audit/index.ts';

/** An engine's process ended unasked: one entry in the log, whichever engine it was. */
export function logCrash(audit: Pick<AuditLog, 'append'>, engine: string): void {
  audit.append({ action: 'engine.crash', actor: 'system', target: `engine:${engine}`, outcome: 'failure' });
}
