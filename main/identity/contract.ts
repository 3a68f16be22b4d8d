export const ROLES = ['staff', 'supervisor', 'admin', 'auditor', 'privacy'] as const;
export type Role = (typeof ROLES)[number];

export interface Member {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly createdAt: number;
}

/** A member as administrators and reviewers see it. */
export interface MemberState extends Member {
  readonly locked: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly passphraseAt: number;
  /** An administrator chose the passphrase: the member must choose another before anything else. */
  readonly mustChangePassphrase: boolean;
  /** Last time; null for never. */
  readonly signedInAt: number | null;
  /** When one-time codes were set up and confirmed; null when they are not. */
  readonly codesSince: number | null;
  readonly reviewedAt: number | null;
}

export interface Session {
  /** Shown to nobody: 32 random bytes, base64url; kept hashed. */
  readonly token: string;
  readonly member: Member;
  readonly expiresAt: number;
  /** Present when the member must choose a new passphrase before anything else (`Members.changePassphrase`). */
  readonly mustChangePassphrase?: true;
}

/** A sign-in that did not succeed, for those who watch: no name, only what stands for it. */
export interface SignInRefusal {
  readonly reason: 'unknown-name' | 'wrong-passphrase' | 'slow-down' | 'locked';
  /** Keyed hash of the name that was tried. */
  readonly name: string;
  /** The member who bears it, if one does. */
  readonly memberId: string | null;
  readonly address: string | null;
}

export interface Identity {
  /** True until the first administrator exists. */
  readonly empty: boolean;
  /**
   * @throws SottoError `identity/weak-passphrase`, `identity/name-taken`, `identity/bad-name`.
   */
  createMember(
    input: {
      readonly username: string;
      readonly displayName: string;
      readonly passphrase: string;
      readonly roles: readonly Role[];
    },
    actor: string,
  ): Promise<Member>;
  /**
   * Takes the same time whether the name exists or not. `address` is where it comes from, where that is known: attempts
   * are limited by name and by address.
   * @throws SottoError `identity/refused` (wrong name or passphrase), `identity/slow-down` (too many attempts; says for
   * how long), `identity/locked` (the passphrase was right, and the member is locked).
   */
  signIn(username: string, passphrase: string, address?: string): Promise<Session>;
  /** Told after each refusal is in the log. */
  onRefusal?(listener: (refusal: SignInRefusal) => void): () => void;
  /** The session behind a token, or null when unknown or expired. Extends it. */
  resume(token: string): Session | null;
  signOut(token: string): void;
  members(): readonly Member[];
}

/** One-time codes that are being set up: shown once, to the member alone. */
export interface CodeEnrolment {
  /** For the QR code of an authenticator app. */
  readonly uri: string;
  /** The key for those who type it (base32). */
  readonly secret: string;
}

/** What somebody who reviews access should look at. */
export interface ReviewLine extends MemberState {
  readonly remarks: readonly ReviewRemark[];
}
export type ReviewRemark =
  | 'never-signed-in'
  | 'not-seen-for-90-days'
  | 'locked'
  | 'passphrase-set-by-another'
  /** May be asked for a one-time code, and has none. */
  | 'no-codes'
  /** Administers and audits: one person should not do both. */
  | 'admin-and-auditor'
  | 'never-reviewed'
  | 'review-older-than-a-year';

/**
 * The administration of members. `actor` is the id of an administrator, or `system` for the operator of the machine
 * and for rules of the site. All throw SottoError `identity/not-allowed` when the actor is no administrator,
 * `identity/no-such-member`, and `identity/last-admin` for what would leave nobody who can administer.
 */
export interface Members {
  roster(): readonly MemberState[];
  /** What somebody who reviews access must see, the most remarkable first. */
  review(now?: number): readonly ReviewLine[];
  /** Records that these members' access was looked at and is right. The reviewer is not among them. */
  confirmReview(memberIds: readonly string[], actor: string): void;
  setRoles(memberId: string, roles: readonly Role[], actor: string): void;
  /** Signs the member out everywhere. `reason` is a code or a few words without personal data. */
  lock(memberId: string, actor: string, reason: string): void;
  unlock(memberId: string, actor: string): void;
  remove(memberId: string, actor: string): void;
  /** Sets a passphrase that the member must change at once, and signs the member out. @throws `identity/weak-passphrase`. */
  resetPassphrase(memberId: string, passphrase: string, actor: string): Promise<void>;
  /** The member's own change. @throws `identity/refused` (the present one is wrong), `identity/weak-passphrase`. */
  changePassphrase(memberId: string, present: string, next: string): Promise<void>;
  /** Makes a new key; what was set up before stays good until the first code of the new one. The member's own act. */
  beginCodes(memberId: string): CodeEnrolment;
  /** The first code, typed in, proves that the app has the key. @throws `identity/wrong-code`, `identity/no-enrolment`. */
  confirmCodes(memberId: string, code: string): void;
  removeCodes(memberId: string, actor: string): void;
  /** The key of a member's codes (RFC 6238); null when none is confirmed or the member is locked. For `StepUpPort`. */
  codeKey(memberId: string): Uint8Array | null;
  /** The roles that a member has now; none when there is no such member or it is locked. For `StepUpPort`. */
  rolesOf(memberId: string): readonly Role[];
}
