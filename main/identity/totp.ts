import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
/** One step to either side: clocks differ, and a code is typed slowly (RFC 6238, section 5.2). */
const DRIFT_STEPS = 1;

/**
 * A time-based one-time code (RFC 6238 with HMAC-SHA-1 and steps of 30 s, what authenticator apps speak).
 * @param key At least 16 bytes (RFC 4226, R6).
 * @param at Epoch milliseconds.
 */
export function totpCode(key: Uint8Array, at: number, digits: 6 | 8 = 6): string {
  return codeOfStep(key, Math.floor(at / STEP_MS), digits);
}

/** The time step that a code belongs to, or null when it is none of about now. Takes the same time either way. */
export function stepOfCode(key: Uint8Array, code: string, at: number): number | null {
  const now = Math.floor(at / STEP_MS);
  let found: number | null = null;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step += 1)
    if (sameCode(codeOfStep(key, step, 6), code)) found = step;
  return found;
}

/** HOTP (RFC 4226) of the step's number. */
function codeOfStep(key: Uint8Array, step: number, digits: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(0, step)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

function sameCode(right: string, given: string): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === right.length && timingSafeEqual(Buffer.from(right), bytes);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A key as people type it and as apps read it (RFC 4648, section 6, without padding). */
export function base32(key: Uint8Array): string {
  const bits = [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('');
}

/** What an authenticator app reads from a QR code (the Key URI format). */
export function keyUri(key: Uint8Array, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({
    secret: base32(key),
    issuer,
    algorithm: 'SHA1',
    digits: '6',
    period: String(STEP_MS / 1000),
  });
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`;
}
