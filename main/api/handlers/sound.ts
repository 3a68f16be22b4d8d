import { SottoError } from '../../base/index.ts';
import type { CallContext, HandlersOf } from './types.ts';

export const sound: HandlersOf<'sound'> = {
  'sound.check': async ({ sdp }, { services, custody }) => {
    custody.reserve();
    const check = await services.soundCheck(sdp);
    custody.hold(check.id, () => services.endSoundCheck(check.id));
    return { checkId: check.id, sdp: check.sdp };
  },
  'sound.levels': ({ checkId }, context) => {
    assertOwn(checkId, context);
    return context.services.soundLevels(checkId);
  },
  'sound.measure': ({ checkId }, context) => {
    assertOwn(checkId, context);
    return context.services.measureSound(checkId);
  },
  'sound.end': async ({ checkId }, context) => {
    assertOwn(checkId, context);
    context.custody.drop(checkId);
    await context.services.endSoundCheck(checkId);
    return {};
  },
};

/** A sound check belongs to the connection that began it. */
function assertOwn(checkId: string, { custody }: CallContext): void {
  if (!custody.holds(checkId))
    throw new SottoError('sound/not-found', 'This sound check is over.', {
      remedy: 'Start the sound check again.',
    });
}
