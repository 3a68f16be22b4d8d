import { SottoError } from '../../base/index.ts';
import type { HandlersOf } from './types.ts';

export const session: HandlersOf<'session'> = {
  'session.signIn': async ({ username, passphrase }, context) => {
    const opened = await context.signIn(username, passphrase);
    context.session.begin(opened);
    return opened;
  },
  'session.resume': ({ token }, context) => {
    const resumed = context.open().identity.resume(token);
    if (resumed === null)
      throw new SottoError('session/expired', 'The session has ended.', { remedy: 'Sign in again.' });
    context.session.begin(resumed);
    return resumed;
  },
  'session.signOut': (_, context) => {
    const current = context.session.current(context.open());
    if (current !== null) context.open().identity.signOut(current.token);
    context.session.end();
    return {};
  },
};
