import { z } from 'zod';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, newId, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import { SignInAttempts } from './attempts.ts';
import { type Identity, type Member, ROLES, type Session } from './contract.ts';
import { MemberTable } from './members.ts';
import { refuseWeak } from './obvious.ts';
import { hashPassphrase, passphraseMatches } from './passphrase.ts';
import { Sessions } from './sessions.ts';

type NewMember = Parameters<Identity['createMember']>[0];

const newMemberSchema = z.object({
  username: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/),
  displayName: z.string().trim().min(1).max(80),
  passphrase: z.string(),
  roles: z.array(z.enum(ROLES)).min(1),
});

/** Opens the people of a vault. */
export function openIdentity(vault: Vault, audit: AuditLog, ports: { readonly clock: Clock }): Identity {
  return new VaultIdentity(vault, audit, ports.clock);
}

class VaultIdentity implements Identity {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #members: MemberTable;
  readonly #sessions: Sessions;
  readonly #attempts: SignInAttempts;
  /** Hashed in place of a passphrase when nobody bears the name, so that the answer takes as long. */
  #nobody: Promise<string> | undefined;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
    this.#members = new MemberTable(vault.db);
    this.#sessions = new Sessions(vault.db);
    this.#attempts = new SignInAttempts(vault.db);
  }

  get empty(): boolean {
    return this.#members.empty;
  }

  async createMember(input: NewMember, actor: string): Promise<Member> {
    const { username, displayName, passphrase, roles } = checked(input);
    refuseWeak(passphrase, [username, displayName]);
    this.#refuseTaken(username);
    const hash = await hashPassphrase(passphrase);
    const member: Member = { id: newId(), username, displayName, roles, createdAt: this.#clock.now() };
    this.#audit.record(
      {
        action: 'member.create',
        actor,
        target: `member:${member.id}`,
        outcome: 'success',
        detail: { name: this.#audit.pseudonym(username), roles },
      },
      () => {
        this.#refuseTaken(username); // another call may have come first while this one hashed
        this.#members.add(member, hash);
      },
    );
    return member;
  }

  async signIn(username: string, passphrase: string): Promise<Session> {
    const name = username.trim().toLowerCase();
    const pseudonym = this.#audit.pseudonym(name);
    this.#admit(pseudonym);
    const found = this.#members.byUsername(name);
    const nobodys = await this.#nobodysHash();
    const matches = await passphraseMatches(passphrase, found?.passphraseHash ?? nobodys);
    if (found === null || !matches) {
      this.#audit.append(refusal(pseudonym, found === null ? 'unknown-name' : 'wrong-passphrase'));
      throw new SottoError('identity/refused', 'The name or the passphrase is wrong.', {
        remedy: 'Check both and try again.',
      });
    }
    return this.#begin(found.member, pseudonym);
  }

  resume(token: string): Session | null {
    const session = this.#sessions.resume(token, this.#clock.now());
    const member = session && this.#members.byId(session.memberId);
    return session && member && { token, member, expiresAt: session.expiresAt };
  }

  signOut(token: string): void {
    this.#vault.transaction(() => {
      const memberId = this.#sessions.end(token);
      if (memberId === null) return;
      this.#audit.append({
        action: 'signIn.end',
        actor: memberId,
        target: `member:${memberId}`,
        outcome: 'success',
      });
    });
  }

  members(): readonly Member[] {
    return this.#members.all();
  }

  /** Lets an attempt through, counted as failed until it has succeeded; or refuses it for now. */
  #admit(pseudonym: string): void {
    const now = this.#clock.now();
    const waitMs = this.#vault.transaction(() => {
      const wait = this.#attempts.waitMs(pseudonym, now);
      if (wait > 0) this.#audit.append(refusal(pseudonym, 'slow-down'));
      else this.#attempts.count(pseudonym, now);
      return wait;
    });
    if (waitMs === 0) return;
    throw new SottoError('identity/slow-down', 'Too many attempts with this name.', {
      remedy: `Try again in ${Math.ceil(waitMs / 1000)} seconds.`,
    });
  }

  #begin(member: Member, pseudonym: string): Session {
    const event = {
      action: 'signIn.succeed',
      actor: member.id,
      target: `member:${member.id}`,
      outcome: 'success',
    } as const;
    const session = this.#audit.record(event, () => {
      this.#attempts.forget(pseudonym);
      return this.#sessions.begin(member.id, this.#clock.now());
    });
    return { ...session, member };
  }

  #nobodysHash(): Promise<string> {
    this.#nobody ??= hashPassphrase('nobody bears this name');
    return this.#nobody;
  }

  #refuseTaken(username: string): void {
    if (!this.#members.has(username)) return;
    throw new SottoError('identity/name-taken', 'This user name is taken.', { remedy: 'Choose another.' });
  }
}

function refusal(pseudonym: string, reason: string) {
  return {
    action: 'signIn.refuse',
    actor: 'system',
    target: `name:${pseudonym}`,
    outcome: 'failure',
    detail: { reason },
  } as const;
}

function checked(input: NewMember): z.infer<typeof newMemberSchema> {
  const parsed = newMemberSchema.safeParse(input);
  if (parsed.success) return { ...parsed.data, roles: [...new Set(parsed.data.roles)] };
  throw new SottoError('identity/bad-name', 'The user name, the display name or the roles cannot be used.', {
    remedy: 'User names: 2 to 32 of a-z, 0-9, dot, dash, underscore, a letter first. At least one role.',
  });
}
