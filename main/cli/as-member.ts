import { SottoError } from '../base/index.ts';
import type { Member, Role } from '../identity/index.ts';
import type { OpenSite } from './open-vault.ts';
import { signInMembers } from './signing-in.ts';
import type { Terminal } from './terminal.ts';

/**
 * The member in whose name a command is run: whoever looks at records, or decides about them, is known.
 * @throws SottoError `cli/wrong-role`, and what signing in throws.
 */
export async function asMember(
  terminal: Terminal,
  site: OpenSite,
  name: string,
  roles: readonly Role[],
): Promise<Member> {
  const [member] = await signInMembers(terminal, site, [name]);
  if (member?.roles.some((role) => roles.includes(role))) return member;
  const event = { action: 'access.refuse', actor: member?.id ?? 'system', outcome: 'failure' } as const;
  site.audit.append({ ...event, detail: { via: 'command-line' } });
  throw new SottoError('cli/wrong-role', 'This member may not do that.', {
    remedy: `It takes one of the roles ${roles.join(', ')}.`,
  });
}
