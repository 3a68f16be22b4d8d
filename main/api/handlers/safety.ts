import type { HandlersOf } from './types.ts';

export const standstill: HandlersOf<'standstill'> = {
  'standstill.list': (_, context) => context.open().safety.standstill.list(),
  'standstill.stop': ({ target, reason }, context) => {
    context.open().safety.standstill.stop(target, context.member().id, { reason });
    return {};
  },
  'standstill.lift': ({ target }, context) => {
    const lifting = context.open().safety.standstill.lift(target, context.member().id);
    if (lifting.kind === 'lifted') return { lifted: true, askedBy: [] };
    return { lifted: false, askedBy: lifting.askedBy };
  },
};

export const tools: HandlersOf<'tools'> = {
  'tools.list': (_, context) => {
    const { tools: declared, switches } = context.open().safety;
    return { tools: declared, stops: switches.list() };
  },
  'tools.stop': ({ target }, context) => {
    context.open().safety.switches.stop(target, context.member().id);
    return {};
  },
  'tools.allow': ({ target }, context) => {
    context.open().safety.switches.allow(target, [context.member().id]);
    return {};
  },
  'tools.unresolved': (_, context) => context.open().safety.gateway.unresolved(),
  'tools.resolve': ({ proposalId, happened }, context) => {
    context.open().safety.ledger.resolve(proposalId, context.member().id, happened);
    return {};
  },
};
