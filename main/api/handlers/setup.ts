import type { HandlersOf } from './types.ts';

export const setup: HandlersOf<'setup'> = {
  'setup.checks': (_, { services }) => services.checks(),
  'setup.desks': (_, { services }) => services.desks(),
  'setup.complete': async (input, context) => {
    await context.services.setUp(input);
    const { username, passphrase } = input.admin;
    const session = await context.signIn(username, passphrase);
    context.session.begin(session);
    return session;
  },
};
