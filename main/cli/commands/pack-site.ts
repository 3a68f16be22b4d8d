import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { Models, PackKind, TrustedKey } from '../../models/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN_STOP_FIRST, OPERATOR, siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';
import { packInWords, readSmall, telling } from './pack.ts';

const verifyOptions = siteOptions.extend({ key: z.string().min(1).optional() });
const installOptions = siteOptions.extend({ downgrade: z.boolean().default(false) });
const useOptions = siteOptions.extend({ none: z.boolean().default(false) });
const day = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((at) => !Number.isNaN(at), 'not a day or time, such as 2027-01-31');
const trustOptions = siteOptions.extend({
  name: z.string().min(1),
  from: day.optional(),
  until: day.optional(),
});

/** `sotto pack verify`, `install`, `list`, `remove` and `trust`: the packs and keys of a site. */
export function addPackSite(commands: Commands): void {
  addVerify(commands);
  addInstall(commands);
  addList(commands);
  addUse(commands);
  addRemove(commands);
  const program = commands.program
    .command('trust')
    .summary('the keys whose packs may be installed')
    .description('Adds, lists and takes away the public keys that this site trusts to sign model packs.');
  const trust = { ...commands, program };
  addTrust(trust);
  addTrusted(trust);
  addDistrust(trust);
}

/** The models of a data folder, for as long as the command runs. */
async function siteModels(
  terminal: Terminal,
  { data, credential }: { data?: string | undefined; credential?: string | undefined },
): Promise<Models> {
  const [{ dataPaths, openSite }, { openModels }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../models/index.ts'),
  ]);
  const paths = dataPaths(data);
  const { vault, audit } = await openSite(terminal, paths, credential);
  return await openModels({ vault, audit, clock: systemClock, paths });
}

/** An interrupted act has taken its leftovers away before the vault is closed. */
async function finished<T>(terminal: Terminal, work: Promise<T>): Promise<T> {
  const nothing = () => {};
  terminal.closing.defer(() => work.then(nothing, nothing));
  return await work;
}

function addVerify(commands: Commands): void {
  commands.program
    .command('verify')
    .summary('check a pack whole, and install nothing')
    .description(
      'Checks signature, manifest and every byte of a pack, against a public key or the trusted keys of the site.',
    )
    .argument('<pack>', 'the .sottopack file or folder')
    .option('--key <file>', 'a public key; needs no vault, for the machine where packs are made')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: manifest, digest, signer')
    .addHelpText(
      'after',
      more(
        [
          'sotto pack verify voice.sottopack --key signing.pub.pem',
          'sotto pack verify /media/usb/voice.sottopack',
        ],
        {
          0: 'whole, and signed by a trusted key',
          1: 'not to be used: the message says why',
          3: CANNOT_OPEN_STOP_FIRST,
        },
      ),
    )
    .action(
      action(commands, verifyOptions, async (terminal, [path = ''], { key, json, ...where }) => {
        const options = { signal: terminal.signal, onProgress: telling(terminal, 'verifying') };
        const verifying = async () => {
          if (key === undefined) return await (await siteModels(terminal, where)).verify(path, options);
          const { readPublicKey, verifyPack } = await import('../../models/index.ts');
          return await verifyPack(path, [readPublicKey(await readSmall(key))], options);
        };
        const { manifest, digest, signer } = await finished(terminal, verifying());
        if (json) await terminal.print(JSON.stringify({ manifest, digest, signer }));
        else {
          await terminal.print(`${packInWords(manifest)} is whole.`);
          await terminal.print(`licence ${manifest.license}, from ${manifest.source}`);
          await terminal.print(`signed by ${signer}`);
        }
        return EXIT.ok;
      }),
    );
}

function addInstall(commands: Commands): void {
  commands.program
    .command('install')
    .summary('verify and install a pack')
    .description(
      'Verifies a pack while it is copied in, and installs it whole or not at all. Leaves an entry in the log.',
    )
    .argument('<pack>', 'the .sottopack file or folder')
    .option('--downgrade', 'install though this version or a newer one is there')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: id, version, name, kind, family, digest, signer, bytes, …')
    .addHelpText(
      'after',
      more(['sotto pack install /media/usb/voice.sottopack'], {
        0: 'installed',
        1: 'refused: the message says why, and nothing was changed',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, installOptions, async (terminal, [path = ''], { json, downgrade, ...where }) => {
        const models = await siteModels(terminal, where);
        const installing = models.install(path, {
          actor: OPERATOR,
          downgrade,
          signal: terminal.signal,
          onProgress: telling(terminal, 'installing'),
        });
        const installed = await finished(terminal, installing);
        await terminal.print(json ? JSON.stringify(installed) : `${packInWords(installed)} is installed.`);
        return EXIT.ok;
      }),
    );
}

function addList(commands: Commands): void {
  commands.program
    .command('list')
    .summary('print the installed packs')
    .description('Prints the packs that are installed.')
    .addOption(credentialOption())
    .option('--json', 'one JSON object a pack, one a line')
    .addHelpText('after', more(['sotto pack list'], { 0: 'done', 3: CANNOT_OPEN_STOP_FIRST }))
    .action(
      action(commands, siteOptions, async (terminal, _, { json, ...where }) => {
        const models = await siteModels(terminal, where);
        const packs = models.installed();
        const chosen = models.chosen();
        for (const pack of packs) {
          const used = chosen[pack.kind] === pack.id;
          await terminal.print(
            json
              ? JSON.stringify({ ...pack, used })
              : `${packInWords(pack)}, ${pack.family}, ${pack.bytes} bytes${used ? ', in use' : ''}`,
          );
        }
        if (packs.length === 0) terminal.tell('No packs are installed.');
        return EXIT.ok;
      }),
    );
}

function addUse(commands: Commands): void {
  commands.program
    .command('use')
    .summary('put an installed pack to use, or go back')
    .description(
      'Puts an installed pack to use for its kind from the next start on; with --none, goes back to the built-in engine of a kind. Leaves an entry in the log.',
    )
    .argument('<id>', 'as `sotto pack list` prints it; with --none the kind, such as synthesiser')
    .option('--none', 'use no pack for this kind')
    .addOption(credentialOption())
    .option('--json', 'print what is chosen as one JSON object: the id of a pack by its kind')
    .addHelpText(
      'after',
      more(['sotto pack use moonshine-tiny-en', 'sotto pack use --none recogniser'], {
        0: 'done',
        1: 'no such pack is installed',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, useOptions, async (terminal, [id = ''], { json, none, ...where }) => {
        const models = await siteModels(terminal, where);
        if (none) models.unchoose(await kindNamed(id), OPERATOR);
        else {
          refuseLanguageModel(models.installed().find((pack) => pack.id === id)?.kind);
          models.choose(id, OPERATOR);
        }
        const chosen = models.chosen();
        if (json) await terminal.print(JSON.stringify(chosen));
        else for (const [kind, pack] of Object.entries(chosen)) await terminal.print(`${kind}: ${pack}`);
        return EXIT.ok;
      }),
    );
}

/** Which language model is used, if any, is one choice with the servers on the LAN: it is made in one place. */
function refuseLanguageModel(kind: PackKind | undefined): void {
  if (kind !== 'languageModel') return;
  throw new SottoError('cli/usage', 'A language model is put to use by another command.', {
    remedy: 'sotto model pack ID',
  });
}

async function kindNamed(name: string): Promise<PackKind> {
  const { KINDS } = await import('../../models/index.ts');
  const kind = KINDS.find((each) => each === name);
  if (kind) return kind;
  throw new SottoError('cli/usage', `There is no kind of pack called ${name}.`, {
    remedy: `One of: ${KINDS.join(', ')}.`,
  });
}

function addRemove(commands: Commands): void {
  commands.program
    .command('remove')
    .summary('take an installed pack away')
    .description('Takes an installed pack and its files away. Leaves an entry in the log.')
    .argument('<id>', 'as `sotto pack list` prints it')
    .addOption(credentialOption())
    .option('--json', 'print the pack that was taken away as one JSON object')
    .addHelpText(
      'after',
      more(['sotto pack remove voice-amy'], {
        0: 'removed',
        1: 'no such pack is installed',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, [id = ''], { json, ...where }) => {
        const removed = await (await siteModels(terminal, where)).remove(id, OPERATOR);
        await terminal.print(json ? JSON.stringify(removed) : `${packInWords(removed)} is removed.`);
        return EXIT.ok;
      }),
    );
}

function addTrust(commands: Commands): void {
  commands.program
    .command('add')
    .summary('trust a public key')
    .description(
      'Trusts a public key to sign model packs. Compare its fingerprint with who keeps it, by another way than the stick it came on. Leaves an entry in the log.',
    )
    .argument('<file>', 'the public key (PEM, Ed25519)')
    .requiredOption('--name <name>', 'whose key it is')
    .option('--from <day>', 'packs can be installed from this day or time on, UTC')
    .option('--until <day>', 'packs can be installed up to this day or time, UTC')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: name, fingerprint, pem, validFrom, validUntil, addedAt')
    .addHelpText(
      'after',
      more(['sotto pack trust add signing.pub.pem --name "IT, model packs" --until 2028-01-01'], {
        0: 'trusted',
        1: 'the key cannot be used, or is trusted already',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, trustOptions, async (terminal, [file = ''], { json, name, from, until, ...where }) => {
        const { readPublicKey } = await import('../../models/index.ts');
        const key = readPublicKey(await readSmall(file));
        const models = await siteModels(terminal, where);
        const terms = {
          name,
          ...(from === undefined ? {} : { validFrom: from }),
          ...(until === undefined ? {} : { validUntil: until }),
        };
        await printKey(terminal, models.trust(key, terms, OPERATOR), json);
        return EXIT.ok;
      }),
    );
}

function addTrusted(commands: Commands): void {
  commands.program
    .command('list')
    .summary('print the trusted keys')
    .description('Prints the public keys that this site trusts to sign model packs.')
    .addOption(credentialOption())
    .option('--json', 'one JSON object a key, one a line')
    .addHelpText('after', more(['sotto pack trust list'], { 0: 'done', 3: CANNOT_OPEN_STOP_FIRST }))
    .action(
      action(commands, siteOptions, async (terminal, _, { json, ...where }) => {
        const keys = (await siteModels(terminal, where)).trustedKeys();
        for (const key of keys) await printKey(terminal, key, json);
        if (keys.length === 0) terminal.tell('No keys are trusted: no pack can be installed.');
        return EXIT.ok;
      }),
    );
}

function addDistrust(commands: Commands): void {
  commands.program
    .command('remove')
    .summary('trust a key no more')
    .description(
      'Trusts a key no more: what it signed is not installed and not loaded any more. Leaves an entry in the log.',
    )
    .argument('<fingerprint>', 'its first digits, at least 8')
    .addOption(credentialOption())
    .option('--json', 'print the key as one JSON object')
    .addHelpText(
      'after',
      more(['sotto pack trust remove 3fa9c2d1'], { 0: 'done', 1: 'no such key', 3: CANNOT_OPEN_STOP_FIRST }),
    )
    .action(
      action(commands, siteOptions, async (terminal, [prefix = ''], { json, ...where }) => {
        await printKey(terminal, (await siteModels(terminal, where)).distrust(prefix, OPERATOR), json);
        return EXIT.ok;
      }),
    );
}

async function printKey(terminal: Terminal, key: TrustedKey, json: boolean): Promise<void> {
  const time = (at: number) => new Date(at).toISOString().slice(0, 10);
  const until = key.validUntil === null ? '' : ` until ${time(key.validUntil)}`;
  await terminal.print(
    json ? JSON.stringify(key) : `${key.fingerprint}  ${key.name}, from ${time(key.validFrom)}${until}`,
  );
}
