import { type Core, openCore, openThrowaway } from '../../appliance.ts';
import { type Paths, SottoError, systemClock } from '../../base/index.ts';
import type { Member, Role } from '../../identity/index.ts';
import { startSpeech } from '../../speech/index.ts';
import { openSiteVault } from '../open-vault.ts';
import { findPassphrase } from '../passphrase.ts';
import type { Terminal } from '../terminal.ts';

/** What a conversation stands on, and who holds it. */
export interface Ground {
  readonly core: Core;
  readonly member: Pick<Member, 'id' | 'roles'> | null;
}

/** Who may hold conversations: as in the window. */
const DESK_ROLES: readonly Role[] = ['staff', 'supervisor', 'admin'];

/** A vault in memory, with its files gone when the command ends. @throws SottoError what `openThrowaway` throws. */
export async function throwawayGround(terminal: Terminal, folder: string, sound: boolean): Promise<Ground> {
  const appliance = await openThrowaway({ deskFolder: folder, log: terminal.log, sound });
  terminal.closing.defer(() => appliance.close());
  terminal.tell('sotto: no --data, so this conversation stands in a throwaway vault and is not kept');
  return { core: appliance.core, member: null };
}

/**
 * The vault of the site, where the conversation is kept: for a member who signs in.
 * @throws SottoError `cli/no-user`, `cli/wrong-role`, and what opening the vault and signing in throw.
 */
export async function siteGround(
  terminal: Terminal,
  folder: string,
  site: { readonly paths: Paths; readonly user: string | undefined; readonly credential: string | undefined },
): Promise<Ground> {
  const { paths, user, credential } = site;
  if (user === undefined)
    throw new SottoError('cli/no-user', 'A conversation that is kept needs somebody who holds it.', {
      remedy: 'Say who with --user NAME; or leave out --data (and SOTTO_HOME), and nothing is kept.',
    });
  const vault = await openSiteVault(terminal, paths, credential);
  const log = terminal.log;
  const speech = await startSpeech({ log });
  terminal.closing.defer(() => speech.close());
  const { deskData, models } = paths;
  const core = await openCore({
    vault,
    deskFolder: folder,
    deskData,
    models,
    speech,
    clock: systemClock,
    log,
  });
  terminal.closing.defer(() => core.close('stopped'));
  const wanted = { variable: 'SOTTO_MEMBER_PASSPHRASE_FILE', of: `of ${user}` } as const;
  const { token, member } = await core.identity.signIn(user, await findPassphrase(terminal, wanted));
  terminal.closing.defer(() => core.identity.signOut(token));
  if (!member.roles.some((role) => DESK_ROLES.includes(role)))
    throw new SottoError('cli/wrong-role', 'This member may not hold conversations.', {
      remedy: `It takes one of the roles ${DESK_ROLES.join(', ')}.`,
    });
  return { core, member };
}
