import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';

/** Names of the files of a backup: a folder for each, and beside them the one ring of data keys. */
export const DATABASE_FILE = 'sotto.db';
export const MANIFEST_FILE = 'backup.json';
export const KEYRING_FILE = 'keyring.jwe';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `backup.json`. */
export const manifestSchema = z.strictObject({
  format: z.literal('sotto-backup'),
  version: z.literal(1),
  vaultId: z.uuid(),
  createdAt: z.int(),
  database: z.strictObject({ file: z.literal(DATABASE_FILE), size: z.int().positive(), sha256 }),
  /** The ring of data keys must be of this generation or a later one. */
  keyring: z.int().positive(),
  recoveryKey: z.string(),
  /** JWE: the key of the database of this backup. */
  key: z.string(),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

/** What `keyring.jwe` holds. */
export const keyringSchema = z.strictObject({
  format: z.literal('sotto-keyring'),
  version: z.literal(1),
  vaultId: z.uuid(),
  generation: z.int().positive(),
  writtenAt: z.int(),
  root: z.base64(),
  keys: z.array(
    z.strictObject({
      scope: z.enum(['conversation', 'subject']),
      id: z.string(),
      generation: z.int().positive(),
      subject: z.string().nullable(),
      wrapped: z.base64(),
      createdAt: z.int(),
    }),
  ),
  destroyed: z.array(
    z.strictObject({ scope: z.enum(['conversation', 'subject']), id: z.string(), at: z.int() }),
  ),
});
export type Keyring = z.infer<typeof keyringSchema>;

/** SHA-256 of a file, hex; streamed. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file)) hash.update(block);
  return hash.digest('hex');
}

/** @throws SottoError `backup/unreadable`, `backup/damaged`. */
export async function readJson<T>(file: string, schema: ZodType<T>): Promise<T> {
  const text = await readText(file);
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw damagedBackup();
  }
}

/** @throws SottoError `backup/unreadable`. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SottoError('backup/unreadable', 'A file of the backup is missing or cannot be read.', {
      remedy: `Name the folder that holds ${MANIFEST_FILE}, with ${KEYRING_FILE} beside it.`,
      cause,
    });
  }
}

export function damagedBackup(): SottoError {
  return new SottoError(
    'backup/damaged',
    'The backup is not what was written: it is damaged or was changed.',
    {
      remedy: 'Use another backup.',
    },
  );
}
