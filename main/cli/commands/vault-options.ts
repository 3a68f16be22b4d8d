/** What the commands of the vault have in common: their options, and where a key is to live from now on. */
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import type { KeySource } from '../../vault/index.ts';
import type { Commands } from '../command.ts';
import { siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';

const SOURCES = ['keychain', 'passphrase', 'credential'] as const;

export const newSourceOptions = siteOptions.extend({
  to: z.enum(SOURCES),
  newCredential: z.string().min(1).optional(),
});

export function withNewSource(command: Commands['program']): Commands['program'] {
  return command
    .requiredOption('--to <source>', `where the key is to live: ${SOURCES.join(', ')}`)
    .option('--new-credential <file>', 'the credential file, for --to credential');
}

export async function newSource(
  terminal: Terminal,
  { to, newCredential }: z.output<typeof newSourceOptions>,
): Promise<Exclude<KeySource, { kind: 'ephemeral' }>> {
  if (to === 'credential') {
    if (newCredential !== undefined) return { kind: 'credential', file: newCredential };
    throw new SottoError('cli/usage', 'Which credential file?', { remedy: 'Name it with --new-credential.' });
  }
  if (to === 'passphrase') {
    const { findPassphrase } = await import('../passphrase.ts');
    const wanted = { variable: 'SOTTO_NEW_PASSPHRASE_FILE', of: 'of the vault from now on' } as const;
    return { kind: 'passphrase', passphrase: await findPassphrase(terminal, wanted) };
  }
  const { osKeychain } = await import('../../vault/index.ts');
  return { kind: 'keychain', keychain: osKeychain() };
}
