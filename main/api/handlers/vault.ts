import type { HandlersOf } from './types.ts';

export const vault: HandlersOf<'vault'> = {
  'vault.unlock': async ({ passphrase }, { services }) => {
    await services.unlock(passphrase);
    return {};
  },
  'vault.state': (_, context) => context.open().vaultState(),
};
