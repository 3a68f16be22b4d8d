import { systemClock } from '../base/index.ts';
import { type Member, openIdentity } from '../identity/index.ts';
import type { OpenSite } from './open-vault.ts';
import { findPassphrase, readPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

/**
 * Signs members in, one after the other, each with a passphrase of their own: asked for, or in the private files that
 * SOTTO_MEMBER_PASSPHRASE_FILE names in the same order (with colons between them). They are signed out at once: what is
 * done is done in their name here and now.
 * @throws SottoError what `signIn` and `findPassphrase` throw.
 */
export async function signInMembers(
  terminal: Terminal,
  { vault, audit }: OpenSite,
  names: readonly string[],
): Promise<readonly Member[]> {
  const identity = openIdentity(vault, audit, { clock: systemClock });
  const files = process.env.SOTTO_MEMBER_PASSPHRASE_FILE?.split(':') ?? [];
  const members: Member[] = [];
  for (const [place, name] of names.entries()) {
    const file = names.length > 1 ? files[place] : undefined;
    const wanted = { variable: 'SOTTO_MEMBER_PASSPHRASE_FILE', of: `of ${name}` } as const;
    const passphrase = file ? await readPassphrase(file) : await findPassphrase(terminal, wanted);
    const { token, member } = await identity.signIn(name, passphrase);
    identity.signOut(token);
    members.push(member);
  }
  return members;
}
