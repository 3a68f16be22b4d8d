import { findEntries } from '../audit-entries.ts';
import { sendExport } from '../audit-export.ts';
import type { HandlersOf } from './types.ts';

export const audit: HandlersOf<'audit'> = {
  'audit.verify': (_, context) => context.open().audit.verify(),
  'audit.entries': (query, context) => findEntries(context.open().audit, query),
  'audit.checkpoint': (_, context) => {
    const { audit: log } = context.open();
    return { note: log.checkpoint(), origin: log.origin, verifierKey: log.verifierKey };
  },
  'audit.collector': (_, context) => context.open().collector(),
  'audit.export': ({ since, until }, context) =>
    sendExport(context.open(), context.member().id, since, until),
};
