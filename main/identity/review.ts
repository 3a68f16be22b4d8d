import type { MemberState, ReviewRemark } from './contract.ts';

const DAY_MS = 86_400_000;
/** NIST SP 800-53, AC-2 (3): accounts that are not used are found; ninety days is what banks commonly choose. */
const UNSEEN_MS = 90 * DAY_MS;
const REVIEW_EVERY_MS = 365 * DAY_MS;
const ASKED_FOR_CODES = ['staff', 'supervisor', 'admin'];

/** What somebody who reviews access should look at in this member. */
export function remarksOn(member: MemberState, now: number): readonly ReviewRemark[] {
  const { roles, signedInAt, reviewedAt, createdAt } = member;
  const has = (role: string) => roles.some((one) => one === role);
  const remarks: [ReviewRemark, boolean][] = [
    ['admin-and-auditor', has('admin') && has('auditor')],
    ['never-signed-in', signedInAt === null],
    ['not-seen-for-90-days', signedInAt !== null && now - signedInAt > UNSEEN_MS],
    ['locked', member.locked !== null],
    ['passphrase-set-by-another', member.mustChangePassphrase],
    ['no-codes', member.codesSince === null && ASKED_FOR_CODES.some(has)],
    ['never-reviewed', reviewedAt === null],
    ['review-older-than-a-year', now - (reviewedAt ?? createdAt) > REVIEW_EVERY_MS],
  ];
  return remarks.filter(([, holds]) => holds).map(([remark]) => remark);
}
