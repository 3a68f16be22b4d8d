import { z } from 'zod';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, Emitter, newId, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import { FREE_ATTEMPTS, SignInAttempts } from './attempts.ts';
import { type Identity, type Member, ROLES, type Session, type SignInRefusal } from './contract.ts';
import { type Found, MemberTable } from './members.ts';
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
  readonly #byName: SignInAttempts;
  readonly #byAddress: SignInAttempts;
  readonly #refusals = new Emitter<SignInRefusal>();
  /** Hashed in place of a passphrase when nobody bears the name, so that the answer takes as long. */
  #nobody: Promise<string> | undefined;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
    this.#members = new MemberTable(vault.db);
    this.#sessions = new Sessions(vault.db);
    this.#byName = new SignInAttempts(vault.db, FREE_ATTEMPTS.name);
    this.#byAddress = new SignInAttempts(vault.db, FREE_ATTEMPTS.address);
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

  async signIn(username: string, passphrase: string, address?: string): Promise<Session> {
    const name = username.trim().toLowerCase();
    const attempt = this.#attempt(name, address);
    this.#admit(attempt);
    const nobodys = await this.#nobodysHash();
    const hash = this.#members.byUsername(name)?.passphraseHash ?? nobodys;
    const matches = await passphraseMatches(passphrase, hash);
    const found = this.#members.byUsername(name); // it may have been locked or removed while this hashed
    if (found === null || !matches || found.passphraseHash !== hash) {
      this.#refuse(attempt, found === null ? 'unknown-name' : 'wrong-passphrase');
      throw new SottoError('identity/refused', 'The name or the passphrase is wrong.', {
        remedy: 'Check both and try again.',
      });
    }
    if (!found.locked) return this.#begin(found, attempt);
    this.#refuse(attempt, 'locked');
    throw new SottoError('identity/locked', 'This member is locked.', {
      remedy: 'Ask an administrator to look why, and to unlock it.',
    });
  }

  onRefusal(listener: (refusal: SignInRefusal) => void): () => void {
    return this.#refusals.on(listener);
  }

  resume(token: string): Session | null {
    const session = this.#sessions.resume(token, this.#clock.now());
    const found = session && this.#members.byId(session.memberId);
    return session && found && !found.locked ? sessionOf({ ...session, token }, found) : null;
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

  #attempt(name: string, address: string | undefined): Attempt {
    const pseudonym = this.#audit.pseudonym(name);
    if (address === undefined) return { name, pseudonym, address: null, addressKey: null };
    return { name, pseudonym, address, addressKey: this.#audit.pseudonym(`address ${address}`) };
  }

  /** Lets an attempt through, counted as failed until it has succeeded; or refuses it for now. */
  #admit(attempt: Attempt): void {
    const now = this.#clock.now();
    const { pseudonym, addressKey } = attempt;
    const waitMs = this.#vault.transaction(() => {
      const wait = Math.max(
        this.#byName.waitMs(pseudonym, now),
        addressKey === null ? 0 : this.#byAddress.waitMs(addressKey, now),
      );
      if (wait > 0) return wait;
      this.#byName.count(pseudonym, now);
      if (addressKey !== null) this.#byAddress.count(addressKey, now);
      return 0;
    });
    if (waitMs === 0) return;
    this.#refuse(attempt, 'slow-down');
    throw new SottoError('identity/slow-down', 'Too many attempts with this name or from this place.', {
      remedy: `Try again in ${Math.ceil(waitMs / 1000)} seconds.`,
    });
  }

  #refuse({ name, pseudonym, address, addressKey }: Attempt, reason: SignInRefusal['reason']): void {
    this.#audit.append({
      action: 'signIn.refuse',
      actor: 'system',
      target: `name:${pseudonym}`,
      outcome: 'failure',
      detail: { reason, ...(addressKey === null ? {} : { address: addressKey }) },
    });
    const memberId = this.#members.byUsername(name)?.member.id ?? null;
    this.#refusals.emit({ reason, name: pseudonym, memberId, address });
  }

  #begin(found: Found, { pseudonym, addressKey }: Attempt): Session {
    const { id } = found.member;
    const event = {
      action: 'signIn.succeed',
      actor: id,
      target: `member:${id}`,
      outcome: 'success',
    } as const;
    const now = this.#clock.now();
    const session = this.#audit.record(event, () => {
      this.#byName.forget(pseudonym);
      if (addressKey !== null) this.#byAddress.takeBack(addressKey);
      this.#members.signedIn(id, now);
      return this.#sessions.begin(id, now);
    });
    return sessionOf(session, found);
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

/** Who tries to sign in: the name, and the keyed hashes that stand for it and for where it comes from. */
interface Attempt {
  readonly name: string;
  readonly pseudonym: string;
  readonly address: string | null;
  readonly addressKey: string | null;
}

function sessionOf(
  { token, expiresAt }: { readonly token: string; readonly expiresAt: number },
  { member, mustChange }: Found,
): Session {
  return { token, member, expiresAt, ...(mustChange ? { mustChangePassphrase: true as const } : {}) };
}

function checked(input: NewMember): z.infer<typeof newMemberSchema> {
  const parsed = newMemberSchema.safeParse(input);
  if (parsed.success) return { ...parsed.data, roles: [...new Set(parsed.data.roles)] };
  throw new SottoError('identity/bad-name', 'The user name, the display name or the roles cannot be used.', {
    remedy: 'User names: 2 to 32 of a-z, 0-9, dot, dash, underscore, a letter first. At least one role.',
  });
}
