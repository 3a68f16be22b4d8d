import type { AuditLog } from '../../audit/index.ts';
import { BoundedQueue } from '../../base/index.ts';
import { findEntries } from '../audit-entries.ts';
import { sendExport } from '../audit-export.ts';
import type { Answer, HandlersOf } from './types.ts';

export const audit: HandlersOf<'audit'> = {
  'audit.verify': (_, context) => context.open().audit.verify(),
  'audit.verifying': (_, context) => verifying(context.open().audit),
  'audit.entries': (query, context) => findEntries(context.open().audit, query),
  'audit.checkpoint': (_, context) => {
    const { audit: log } = context.open();
    return { note: log.checkpoint(), origin: log.origin, verifierKey: log.verifierKey };
  },
  'audit.collector': (_, context) => context.open().collector(),
  'audit.export': ({ since, until }, context) =>
    sendExport(context.open(), context.member().id, since, until),
};

/** Ends the verification with the window that asked for it. */
async function* verifying(log: AuditLog): AsyncGenerator<Answer<'audit.verifying'>, void, void> {
  const leaving = new AbortController();
  // A window that is slow to take them misses steps, never the result.
  const events = new BoundedQueue<Answer<'audit.verifying'>>(8);
  const done = log
    .verifyInSteps((entries, of) => events.push({ type: 'checked', entries, of }), leaving.signal)
    .then(
      (result) => {
        events.push({ type: 'result', ...result });
        events.close();
      },
      (error) => events.close(leaving.signal.aborted ? undefined : error),
    );
  try {
    yield* events;
  } finally {
    leaving.abort(new Error('the window has left'));
    await done;
  }
}
