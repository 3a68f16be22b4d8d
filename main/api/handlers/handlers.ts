import { audit } from './audit.ts';
import { conversation } from './conversation.ts';
import { limits, soundPolicy } from './guard.ts';
import { alerts, incidents } from './incidents.ts';
import { account, members } from './members.ts';
import { packs } from './packs.ts';
import { records } from './records.ts';
import { erasure, holds, retention } from './retention.ts';
import { standstill, tools } from './safety.ts';
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
  ...account,
  ...sound,
  ...conversation,
  ...records,
  ...retention,
  ...holds,
  ...erasure,
  ...audit,
  ...members,
  ...standstill,
  ...tools,
  ...incidents,
  ...alerts,
  ...limits,
  ...soundPolicy,
  ...packs,
};
