import type { AuditAction, AuditLog } from '../audit/index.ts';
import { type Clock, type Json, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import {
  type CodeEnrolment,
  type MemberState,
  type Members,
  type ReviewLine,
  ROLES,
  type Role,
} from './contract.ts';
import { CodeKeys } from './enrolment.ts';
import { type Found, MemberTable } from './members.ts';
import { refuseWeak } from './obvious.ts';
import { hashPassphrase, passphraseMatches } from './passphrase.ts';
import { remarksOn } from './review.ts';
import { Sessions } from './sessions.ts';

const KNOWN_ROLES: ReadonlySet<string> = new Set(ROLES);

/** Opens the administration of the members of a vault. */
export function openMembers(vault: Vault, audit: AuditLog, ports: { readonly clock: Clock }): Members {
  return new VaultMembers(vault, audit, ports.clock);
}

class VaultMembers implements Members {
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #members: MemberTable;
  readonly #sessions: Sessions;
  readonly #codes: CodeKeys;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
    this.#members = new MemberTable(vault.db);
    this.#sessions = new Sessions(vault.db);
    this.#codes = new CodeKeys(vault.db, clock);
  }

  roster(): readonly MemberState[] {
    return this.#members.states();
  }

  review(now = this.#clock.now()): readonly ReviewLine[] {
    return this.roster()
      .map((member) => ({ ...member, remarks: remarksOn(member, now) }))
      .sort((a, b) => b.remarks.length - a.remarks.length);
  }

  confirmReview(memberIds: readonly string[], actor: string): void {
    if (memberIds.includes(actor)) throw notAllowed('Nobody reviews their own access.');
    for (const id of memberIds) {
      const { roles } = this.#find(id).member;
      // Reviewers are administrators or auditors; the auditor only looks, so this is no administration.
      if (actor !== 'system' && !this.rolesOf(actor).some((role) => role === 'admin' || role === 'auditor'))
        throw notAllowed('Access is reviewed by administrators and auditors.');
      this.#act('member.review', actor, id, { roles }, () => this.#members.reviewed(id, this.#clock.now()));
    }
  }

  setRoles(memberId: string, roles: readonly Role[], actor: string): void {
    this.#mustAdminister(actor);
    const { roles: before } = this.#find(memberId).member;
    const after = [...new Set(roles)];
    if (after.length === 0 || after.some((role) => !KNOWN_ROLES.has(role)))
      throw new SottoError('identity/bad-name', 'A member has at least one role, of those that there are.', {
        remedy: `The roles are: ${ROLES.join(', ')}.`,
      });
    this.#act('member.roles', actor, memberId, { before, after }, () => {
      if (!after.includes('admin')) this.#keepAnAdmin(memberId);
      this.#members.setRoles(memberId, after);
    });
  }

  lock(memberId: string, actor: string, reason: string): void {
    this.#mustAdminister(actor);
    this.#find(memberId);
    const short = reason.slice(0, 200);
    this.#act('member.lock', actor, memberId, { reason: short }, () => {
      this.#keepAnAdmin(memberId);
      this.#members.setLock(memberId, { at: this.#clock.now(), by: actor, reason: short });
      this.#sessions.endAllOf(memberId);
    });
  }

  unlock(memberId: string, actor: string): void {
    this.#mustAdminister(actor);
    this.#find(memberId);
    this.#act('member.unlock', actor, memberId, {}, () => this.#members.setLock(memberId, null));
  }

  remove(memberId: string, actor: string): void {
    this.#mustAdminister(actor);
    const { username, roles } = this.#find(memberId).member;
    this.#act('member.remove', actor, memberId, { name: this.#audit.pseudonym(username), roles }, () => {
      this.#keepAnAdmin(memberId);
      this.#members.remove(memberId);
    });
  }

  async resetPassphrase(memberId: string, passphrase: string, actor: string): Promise<void> {
    this.#mustAdminister(actor);
    await this.#setPassphrase(this.#find(memberId), passphrase, actor, true);
  }

  async changePassphrase(memberId: string, present: string, next: string): Promise<void> {
    const found = this.#find(memberId);
    if (found.locked || !(await passphraseMatches(present, found.passphraseHash)))
      throw new SottoError('identity/refused', 'The present passphrase is wrong.', {
        remedy: 'Check it and try again.',
      });
    if (present === next)
      throw new SottoError('identity/weak-passphrase', 'That is the present passphrase.', {
        remedy: 'Choose another one.',
      });
    await this.#setPassphrase(found, next, memberId, false);
  }

  beginCodes(memberId: string): CodeEnrolment {
    return this.#codes.begin(memberId, this.#find(memberId).member.username);
  }

  confirmCodes(memberId: string, code: string): void {
    this.#find(memberId);
    const key = this.#codes.prove(memberId, code);
    this.#act('member.codes', memberId, memberId, { change: 'confirmed' }, () =>
      this.#codes.keep(memberId, key),
    );
  }

  removeCodes(memberId: string, actor: string): void {
    this.#mustAdminister(actor);
    this.#find(memberId);
    this.#act('member.codes', actor, memberId, { change: 'removed' }, () => this.#codes.remove(memberId));
  }

  codeKey(memberId: string): Uint8Array | null {
    const found = this.#members.byId(memberId);
    return found === null || found.locked ? null : this.#codes.of(memberId);
  }

  rolesOf(memberId: string): readonly Role[] {
    const found = this.#members.byId(memberId);
    return found === null || found.locked ? [] : found.member.roles;
  }

  async #setPassphrase(
    { member }: Found,
    passphrase: string,
    actor: string,
    mustChange: boolean,
  ): Promise<void> {
    refuseWeak(passphrase, [member.username, member.displayName]);
    const hash = await hashPassphrase(passphrase);
    this.#act('member.passphrase', actor, member.id, { mustChange }, () => {
      this.#find(member.id); // it may have been removed while this was hashed
      this.#members.setPassphrase(member.id, hash, this.#clock.now(), mustChange);
      this.#sessions.endAllOf(member.id);
    });
  }

  #find(memberId: string): Found {
    const found = this.#members.byId(memberId);
    if (found !== null) return found;
    throw new SottoError('identity/no-such-member', 'There is no such member.', {
      remedy: 'List the members: sotto member list',
    });
  }

  #mustAdminister(actor: string): void {
    if (actor !== 'system' && !this.rolesOf(actor).includes('admin'))
      throw notAllowed('It takes an administrator to do that.');
  }

  /** Within the transaction of the act, so that two at once cannot take away the last two. */
  #keepAnAdmin(without: string): void {
    const others = this.roster().filter(({ id, locked }) => id !== without && locked === null);
    if (others.some(({ roles }) => roles.includes('admin'))) return;
    if (!this.rolesOf(without).includes('admin')) return;
    throw new SottoError('identity/last-admin', 'Nobody would be left who can administer.', {
      remedy: 'Make somebody else an administrator first.',
    });
  }

  #act(
    action: AuditAction,
    actor: string,
    memberId: string,
    detail: Readonly<Record<string, Json>>,
    act: () => void,
  ): void {
    this.#audit.record({ action, actor, target: `member:${memberId}`, outcome: 'success', detail }, act);
  }
}

function notAllowed(message: string): SottoError {
  return new SottoError('identity/not-allowed', message, { remedy: 'Ask an administrator.' });
}
