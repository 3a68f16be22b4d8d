import type { HandlersOf } from './types.ts';

export const system: HandlersOf<'system'> = {
  'system.status': (_, { services }) => services.status(),
  'system.doctor': (_, { services }) => services.checks(),
};
