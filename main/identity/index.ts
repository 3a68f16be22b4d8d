/**
 * Identity: the people who use Sotto (members, with their roles), how they sign in and for how long. Passphrases are
 * kept as Argon2id hashes, tokens as SHA-256; guessing is slowed down name by name and address by address. Administrators
 * lock, unlock and remove members, and access is reviewed. The audit log knows people by
 * their member id, and names only as keyed hashes.
 */

export { openMembers } from './administration.ts';
export type * from './contract.ts';
export { ROLES } from './contract.ts';
export { openIdentity } from './identity.ts';
export { stepOfCode, totpCode } from './totp.ts';
