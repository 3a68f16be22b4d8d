import { audit } from './audit.ts';
import { conversation } from './conversation.ts';
import { records } from './records.ts';
import { session } from './session.ts';
import { setup } from './setup.ts';
import { sound } from './sound.ts';
import { system } from './system.ts';
import type { Handlers } from './types.ts';
import { vault } from './vault.ts';

/** A handler for each entry of the contract; the compiler holds the two together. */
export const handlers: Handlers = {
  ...system,
  ...setup,
  ...vault,
  ...session,
  ...sound,
  ...conversation,
  ...records,
  ...audit,
};
