import { z } from 'zod';
import { systemClock } from '../../base/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN, siteOptions } from '../site-options.ts';
import { newSource, newSourceOptions, withNewSource } from './vault-options.ts';

const outOptions = siteOptions.extend({ out: z.string().min(1) });

/** `sotto vault recovery-key | rotate | change-key`: what opens the vault and its backups. */
export function addVaultKeys(vault: Commands): void {
  addRecoveryKey(vault);
  addRotate(vault);
  addChangeSource(vault);
}

function addRecoveryKey(commands: Commands): void {
  commands.program
    .command('recovery-key')
    .summary('make the key that opens backups, for a safe')
    .description(
      'Makes a new recovery key: its private half goes into a file of its own, for a safe and not for this machine; the public half stays here and encrypts backups from now on. Earlier backups open with the earlier key.',
    )
    .requiredOption('--out <file>', 'the file to make; it must not exist yet')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: kid, file')
    .addHelpText(
      'after',
      more(['sotto vault recovery-key --out /media/usb/sotto-recovery.json'], { 0: 'made', 3: CANNOT_OPEN }),
    )
    .action(
      action(commands, outOptions, async (terminal, _, { data, json, credential, out }) => {
        const [{ dataPaths, openSite }, rooms, { writeNewPrivate }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
          import('../private-file.ts'),
        ]);
        const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
        const { publicKey, privateKey } = await rooms.makeRecoveryKey();
        await writeNewPrivate(out, `${JSON.stringify(privateKey, null, 2)}\n`);
        const detail = { kid: publicKey.kid };
        audit.record({ action: 'recoveryKey.set', actor: 'system', outcome: 'success', detail }, () =>
          rooms.setRecoveryKey(vault, publicKey, systemClock),
        );
        if (json) await terminal.print(JSON.stringify({ kid: publicKey.kid, file: out }));
        else {
          await terminal.print(`Recovery key ${publicKey.kid}: ${out}`);
          await terminal.print('next: put this file into a safe, away from this machine, and make a backup.');
        }
        return EXIT.ok;
      }),
    );
}

function addRotate(commands: Commands): void {
  commands.program
    .command('rotate')
    .summary('encrypt the database under a new key')
    .description(
      'Encrypts the whole database under a new random key. What opens the vault stays the same. It may be interrupted at any moment.',
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: rotated')
    .addHelpText('after', more(['sotto vault rotate'], { 0: 'done', 3: CANNOT_OPEN }))
    .action(
      action(commands, siteOptions, async (terminal, _, { data, json, credential }) => {
        const [{ dataPaths, openSite }, { rotateDatabaseKey }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
        ]);
        const paths = dataPaths(data);
        const { vault, audit, source } = await openSite(terminal, paths, credential);
        await rotateDatabaseKey(vault, paths, source);
        audit.append({ action: 'key.rotate', actor: 'system', target: 'database', outcome: 'success' });
        await terminal.print(json ? JSON.stringify({ rotated: true }) : 'The database has a new key.');
        return EXIT.ok;
      }),
    );
}

function addChangeSource(commands: Commands): void {
  withNewSource(
    commands.program
      .command('change-key')
      .summary('open the vault with another passphrase, keychain entry or credential from now on')
      .description(
        'Puts the vault under another passphrase (SOTTO_NEW_PASSPHRASE_FILE, else asked for), a new keychain entry or another credential file. The present one opens nothing any more.',
      ),
  )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: key')
    .addHelpText(
      'after',
      more(['sotto vault change-key --to passphrase', 'sotto vault change-key --to keychain'], {
        0: 'changed',
        3: CANNOT_OPEN,
      }),
    )
    .action(
      action(commands, newSourceOptions, async (terminal, _, options) => {
        const [{ dataPaths, openSite }, { changeKeySource }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../vault/index.ts'),
        ]);
        const paths = dataPaths(options.data);
        const { vault, audit, source } = await openSite(terminal, paths, options.credential);
        await changeKeySource(vault, paths, source, await newSource(terminal, options));
        const detail = { key: options.to };
        audit.append({ action: 'key.source', actor: 'system', outcome: 'success', detail });
        await terminal.print(
          options.json ? JSON.stringify({ key: options.to }) : `The vault opens with the ${options.to} now.`,
        );
        return EXIT.ok;
      }),
    );
}
