import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SottoError } from '../base/index.ts';

const argon2Async = promisify(argon2);

/** RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes. */
const PARAMETERS = { memory: 65_536, passes: 3, parallelism: 4 };

const keptSchema = z.strictObject({
  salt: z.base64(),
  hash: z.base64(),
  memory: z.int(),
  passes: z.int(),
  parallelism: z.int(),
});

/** The Argon2id hash of a passphrase with all that is needed to check it again, as text. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(passphrase, salt, PARAMETERS);
  return JSON.stringify({
    ...PARAMETERS,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  });
}

export async function passphraseMatches(passphrase: string, kept: string): Promise<boolean> {
  const { salt, hash, ...parameters } = keptSchema.parse(JSON.parse(kept));
  const derived = await derive(passphrase, Buffer.from(salt, 'base64'), parameters);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64'));
}

/** Hashes run one after the other: each takes 64 MiB, and a crowd of guesses must not take the machine. */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
const MOST_WAITING = 32;

/** @throws SottoError `identity/busy`. */
async function derive(passphrase: string, nonce: Buffer, parameters: typeof PARAMETERS): Promise<Buffer> {
  if (waiting >= MOST_WAITING)
    throw new SottoError('identity/busy', 'Too many people are signing in at once.', {
      remedy: 'Try again in a few seconds.',
    });
  waiting += 1;
  const message = Buffer.from(passphrase.normalize('NFKC'));
  const turn = last.then(() => argon2Async('argon2id', { message, nonce, tagLength: 32, ...parameters }));
  last = turn.catch(() => {});
  try {
    return await turn;
  } finally {
    waiting -= 1;
    message.fill(0);
  }
}
