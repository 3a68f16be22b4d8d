import type { HandlersOf } from './types.ts';

export const packs: HandlersOf<'packs'> = {
  'packs.list': (_, context) => {
    const { models } = context.open();
    const chosen = models.chosen();
    return models.installed().map((pack) => ({ ...pack, chosen: chosen[pack.kind] === pack.id }));
  },
  'packs.choose': ({ id }, context) => {
    context.open().models.choose(id, context.member().id);
    return {};
  },
  'packs.unchoose': ({ kind }, context) => {
    context.open().models.unchoose(kind, context.member().id);
    return {};
  },
};
