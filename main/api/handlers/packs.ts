import type { HandlersOf } from './types.ts';

export const packs: HandlersOf<'packs'> = {
  'packs.list': async (_, context) => {
    const models = await context.open().models();
    const chosen = models.chosen();
    return models.installed().map((pack) => ({ ...pack, chosen: chosen[pack.kind] === pack.id }));
  },
  'packs.choose': async ({ id }, context) => {
    (await context.open().models()).choose(id, context.member().id);
    return {};
  },
  'packs.unchoose': async ({ kind }, context) => {
    (await context.open().models()).unchoose(kind, context.member().id);
    return {};
  },
};
