import type { HandlersOf } from './types.ts';

export const audit: HandlersOf<'audit'> = {
  'audit.verify': (_, context) => context.open().audit.verify(),
};
