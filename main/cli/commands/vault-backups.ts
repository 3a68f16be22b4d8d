import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { RecoveryPrivateKey, RecoveryPublicKey, Vault } from '../../vault/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN, siteOptions } from '../site-options.ts';
import { newSource, newSourceOptions, withNewSource } from './vault-options.ts';

const intoOptions = siteOptions.extend({ into: z.string().min(1) });
const readOptions = siteOptions.extend({
  recoveryKey: z.string().min(1),
  keyring: z.string().min(1).optional(),
});
const restoreOptions = readOptions.extend(newSourceOptions.shape);
const STEPS = { copy: 'Copying', verify: 'Opening the copy', keys: 'Renewing the keyring' } as const;

/** `sotto vault backup | keyring | verify-backup | restore`: copies of the vault, and how to come back from one. */
export function addVaultBackups(vault: Commands): void {
  addBackup(vault);
  addKeyring(vault);
  addVerifyBackup(vault);
  addRestore(vault);
}

function addBackup(commands: Commands): void {
  commands.program
    .command('backup')
    .summary('copy the vault to a disk, encrypted, and verify the copy')
    .description(
      'Copies the vault, as of one moment, into a new folder on a disk; opens the copy to verify it; and renews the keyring beside it. Only the recovery key opens them.',
    )
    .requiredOption('--into <dir>', 'an existing folder, the same each time')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: folder, createdAt, bytes, sha256, keyring, recoveryKey')
    .addHelpText(
      'after',
      more(['sotto vault backup --into /media/usb/sotto'], { 0: 'made and verified', 3: CANNOT_OPEN }),
    )
    .action(
      action(commands, intoOptions, async (terminal, _, { data, json, credential, into }) => {
        const [{ dataPaths, openSite }, rooms] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
        ]);
        const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
        const made = await rooms.backUp(vault, {
          into,
          recoveryKey: keyForBackups(rooms, vault),
          clock: systemClock,
          onProgress: (step) => terminal.tell(STEPS[step]),
        });
        const { sha256, keyring, recoveryKey } = made;
        const detail = { sha256, keyring, recoveryKey };
        audit.append({ action: 'vault.backup', actor: 'system', outcome: 'success', detail });
        if (json) await terminal.print(JSON.stringify(made));
        else await terminal.print(`${made.folder}: ${made.bytes} bytes, verified by opening it`);
        return EXIT.ok;
      }),
    );
}

function addKeyring(commands: Commands): void {
  commands.program
    .command('keyring')
    .summary('renew the keyring on a disk with backups, after an erasure')
    .description(
      'Writes the present data keys, encrypted to the recovery key, in the place of the earlier ones. What was erased since cannot be read from the backups beside it any more.',
    )
    .requiredOption('--into <dir>', 'the folder that holds the backups')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: generation')
    .addHelpText(
      'after',
      more(['sotto vault keyring --into /media/usb/sotto'], { 0: 'renewed', 3: CANNOT_OPEN }),
    )
    .action(
      action(commands, intoOptions, async (terminal, _, { data, json, credential, into }) => {
        const [{ dataPaths, openSite }, rooms] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
        ]);
        const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
        const recoveryKey = keyForBackups(rooms, vault);
        const { generation } = await rooms.renewKeyring(vault, { into, recoveryKey, clock: systemClock });
        const detail = { keyring: generation };
        audit.append({ action: 'vault.backup', actor: 'system', outcome: 'success', detail });
        await terminal.print(
          json ? JSON.stringify({ generation }) : `Keyring ${generation} is in its place.`,
        );
        return EXIT.ok;
      }),
    );
}

function addVerifyBackup(commands: Commands): void {
  commands.program
    .command('verify-backup <dir>')
    .summary('open a backup with the recovery key and look at all of it')
    .description('Opens a backup with the recovery key and looks at all of it. Changes nothing.')
    .requiredOption('--recovery-key <file>', 'the file with the private half of the recovery key')
    .option('--keyring <file>', 'the keyring (else the one beside the backup)')
    .option('--json', 'print one JSON object: vaultId, createdAt, keyring, recoveryKey')
    .addHelpText(
      'after',
      more(
        ['sotto vault verify-backup /media/usb/sotto/sotto-20261121T050903.417Z --recovery-key key.json'],
        {
          0: 'it can be restored',
          1: 'it cannot',
        },
      ),
    )
    .action(
      action(commands, readOptions, async (terminal, [from = ''], { json, recoveryKey, keyring }) => {
        const [{ verifyBackup }, { scratchFolder }] = await Promise.all([
          import('../../vault/index.ts'),
          import('../private-file.ts'),
        ]);
        const scratch = await scratchFolder(terminal);
        const key = await readRecoveryKey(recoveryKey);
        const manifest = await verifyBackup(
          { from, recoveryKey: key, ...(keyring === undefined ? {} : { keyring }) },
          scratch,
        );
        const { vaultId, createdAt } = manifest;
        const report = { vaultId, createdAt, keyring: manifest.keyring, recoveryKey: manifest.recoveryKey };
        if (json) await terminal.print(JSON.stringify(report));
        else await terminal.print(`Whole: made ${new Date(createdAt).toISOString()}, of vault ${vaultId}`);
        return EXIT.ok;
      }),
    );
}

function addRestore(commands: Commands): void {
  withNewSource(
    commands.program
      .command('restore <dir>')
      .summary('make a vault from a backup, in a data folder that has none')
      .description(
        'Makes a vault from a backup, on this machine or another, in a data folder that has none. What was erased since the backup was made stays erased.',
      )
      .requiredOption('--recovery-key <file>', 'the file with the private half of the recovery key')
      .option('--keyring <file>', 'the keyring (else the one beside the backup)'),
  )
    .option('--json', 'print one JSON object: vaultId, createdAt, erasedSince')
    .addHelpText(
      'after',
      more(['sotto vault restore DIR --recovery-key /media/usb/sotto-recovery.json --to keychain'], {
        0: 'restored',
        1: 'not restored; the data folder has no vault, as before',
      }),
    )
    .action(
      action(commands, restoreOptions, async (terminal, [from = ''], options) => {
        const [{ dataPaths }, { openVault, restoreBackup }, { openAuditLog }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
          import('../../audit/index.ts'),
        ]);
        const paths = dataPaths(options.data);
        const source = await newSource(terminal, options);
        const restored = await restoreBackup(paths, {
          from,
          ...(options.keyring === undefined ? {} : { keyring: options.keyring }),
          recoveryKey: await readRecoveryKey(options.recoveryKey),
          source,
          clock: systemClock,
        });
        const vault = await openVault(paths, source, { clock: systemClock, log: terminal.log });
        terminal.closing.defer(() => vault.close());
        const audit = openAuditLog(vault, { clock: systemClock });
        terminal.closing.defer(() => audit.close());
        const detail = { backupOf: restored.createdAt, erasedSince: restored.erasedSince };
        audit.append({ action: 'vault.restore', actor: 'system', outcome: 'success', detail });
        if (options.json) await terminal.print(JSON.stringify(restored));
        else {
          await terminal.print(`Restored as of ${new Date(restored.createdAt).toISOString()}.`);
          await terminal.print('next: show the log to its witness: the acts since then are not in it.');
        }
        return EXIT.ok;
      }),
    );
}

async function readRecoveryKey(file: string): Promise<RecoveryPrivateKey> {
  const [{ readFile }, { recoveryPrivateKeySchema }] = await Promise.all([
    import('node:fs/promises'),
    import('../../vault/index.ts'),
  ]);
  try {
    return recoveryPrivateKeySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    throw new SottoError('cli/no-recovery-key', 'The file holds no recovery key, or cannot be read.', {
      remedy: 'Name the file that `sotto vault recovery-key` wrote.',
    });
  }
}

function keyForBackups(
  { recoveryKeyOf }: typeof import('../../vault/index.ts'),
  vault: Vault,
): RecoveryPublicKey {
  const key = recoveryKeyOf(vault);
  if (key !== null) return key;
  throw new SottoError('backup/no-recovery-key', 'This vault has no recovery key yet.', {
    remedy: 'Make one first: sotto vault recovery-key --out FILE, and put the file into a safe.',
  });
}
