import { sendSubject } from '../subject-export.ts';
import type { HandlersOf } from './types.ts';

export const retention: HandlersOf<'retention'> = {
  'retention.rules': (_, context) => context.open().retention.rules(),
  'retention.setRules': ({ rules }, context) => {
    context.open().retention.setRules(rules, context.member().id);
    return {};
  },
  'retention.preview': (_, context) => context.open().retention.preview(),
  'retention.sweep': (_, context) => context.open().retention.sweep(context.member().id),
};

export const holds: HandlersOf<'hold'> = {
  'hold.list': (_, context) => context.open().retention.holds.list(),
  'hold.place': ({ target, matter }, context) => {
    const targetId = target.scope === 'everything' ? '*' : target.id;
    return context
      .open()
      .retention.holds.place({ scope: target.scope, targetId, matter }, context.member().id);
  },
  'hold.lift': ({ id }, context) => {
    context.open().retention.holds.lift(id, context.member().id);
    return {};
  },
};

export const erasure: HandlersOf<'erasure'> = {
  'erasure.find': (reference, context) => ({
    review: context.open().retention.erasure.find(reference, context.member().id),
  }),
  'erasure.access': ({ kind, value, reason }, context) =>
    sendSubject(context.open(), { memberId: context.member().id, reason }, { kind, value }),
  'erasure.review': ({ subjectId }, context) => context.open().retention.erasure.review(subjectId),
  'erasure.request': ({ subjectId }, context) =>
    context.open().retention.erasure.request(subjectId, context.member().id),
  'erasure.confirm': ({ id }, context) => context.open().retention.erasure.confirm(id, context.member().id),
  'erasure.withdraw': ({ id }, context) => {
    context.open().retention.erasure.withdraw(id, context.member().id);
    return {};
  },
  'erasure.list': (_, context) => context.open().retention.erasure.list(),
};
