import type { HandlersOf } from './types.ts';

export const limits: HandlersOf<'limits'> = {
  'limits.list': (_, context) => context.open().watching.limits(),
  'limits.set': ({ rules }, context) => {
    context.open().watching.setLimits(rules, context.member().id);
    return {};
  },
};

export const soundPolicy: HandlersOf<'soundPolicy'> = {
  'soundPolicy.read': (_, context) => context.open().watching.soundPolicy(),
  'soundPolicy.set': ({ policy }, context) => {
    context.open().watching.setSoundPolicy(policy, context.member().id);
    return {};
  },
};
