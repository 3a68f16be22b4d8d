import { CommanderError } from 'commander';
import { SottoError } from '../base/index.ts';

/** What `sotto` ends with; the same for every command. Scripts depend on these. */
export const EXIT = {
  ok: 0,
  /** It failed, or what was checked is not well. */
  failed: 1,
  usage: 2,
  /** It cannot run here or now: an engine, a device, the keychain or the vault is missing or in use. */
  cannotRun: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const USAGE: ReadonlySet<string> = new Set([
  'audit/bad-range',
  'audit/bad-verifier-key',
  'audit/unpinned',
  'cli/no-user',
  'cli/usage',
  'desk/bad-name',
  'headless/bad-host',
]);
const CANNOT_RUN: ReadonlySet<string> = new Set([
  'cli/no-passphrase',
  'cli/passphrase-exposed',
  'headless/cannot-listen',
  'media/device-failed',
  'media/device-lost',
  'media/no-device-library',
  'pipe/no-handover',
  'speech/engine-unavailable',
  'vault/absent',
  'vault/credential-missing',
  'vault/credential-unsafe',
  'vault/in-use',
  'vault/key-missing',
  'vault/keychain-unavailable',
  'vault/other-key-source',
]);

/** The exit code that stands for a thrown value. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof SottoError)) return EXIT.failed;
  if (USAGE.has(error.code)) return EXIT.usage;
  return CANNOT_RUN.has(error.code) ? EXIT.cannotRun : EXIT.failed;
}
