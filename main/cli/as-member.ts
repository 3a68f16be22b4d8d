import type { AuditLog } from '../audit/index.ts';
import { SottoError, systemClock } from '../base/index.ts';
import { type Member, openIdentity, type Role } from '../identity/index.ts';
import type { Vault } from '../vault/index.ts';
import { findPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

/**
 * Signs a member in for as long as the command runs: whoever looks at records, or decides about them, is known.
 * @throws SottoError `cli/wrong-role`, and what signing in throws.
 */
export async function asMember(
  terminal: Terminal,
  { vault, audit }: { readonly vault: Vault; readonly audit: AuditLog },
  name: string,
  roles: readonly Role[],
): Promise<Member> {
  const identity = openIdentity(vault, audit, { clock: systemClock });
  const wanted = { variable: 'SOTTO_MEMBER_PASSPHRASE_FILE', of: `of ${name}` } as const;
  const session = await identity.signIn(name, await findPassphrase(terminal, wanted));
  terminal.closing.defer(() => identity.signOut(session.token));
  const { member } = session;
  if (session.mustChangePassphrase)
    throw new SottoError('cli/must-change-passphrase', 'This passphrase was set by somebody else.', {
      remedy: 'Sign in at the window and choose one of your own first.',
    });
  if (member.roles.some((role) => roles.includes(role))) return member;
  const event = { action: 'access.refuse', actor: member.id, outcome: 'failure' } as const;
  audit.append({ ...event, detail: { via: 'command-line' } });
  throw new SottoError('cli/wrong-role', 'This member may not do that.', {
    remedy: `It takes one of the roles ${roles.join(', ')}.`,
  });
}
