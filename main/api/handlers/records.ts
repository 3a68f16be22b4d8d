import type { HandlersOf } from './types.ts';

export const records: HandlersOf<'records'> = {
  'records.list': ({ limit, before }, context) =>
    context
      .open()
      .records.list({ memberId: context.member().id }, before === null ? { limit } : { limit, before }),
};
