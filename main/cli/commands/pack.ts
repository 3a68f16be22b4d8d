import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import type { OnProgress, PackManifest } from '../../models/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import type { Terminal } from '../terminal.ts';
import { addPackSite } from './pack-site.ts';

const SIGNING = { variable: 'SOTTO_SIGNING_PASSPHRASE_FILE', of: 'of the signing key' } as const;
/** Below this, a pack is done before anybody wonders. */
const WORTH_TELLING = 32 * 2 ** 20;
const plainOptions = z.object({ json: z.boolean().default(false) });
const keygenOptions = plainOptions.extend({ out: z.string().min(1), protect: z.boolean().default(false) });
const buildOptions = plainOptions.extend({
  about: z.string().min(1),
  out: z.string().min(1),
  folder: z.boolean().default(false),
  key: z.string().min(1).optional(),
});
const signOptions = plainOptions.extend({ key: z.string().min(1) });

/** `sotto pack …`: model packs, from their files on a connected machine to their place in the appliance. */
export function addPack(commands: Commands): void {
  const program = commands.program
    .command('pack')
    .summary('build, sign, verify and install model packs')
    .description(
      'Makes signed packs of neural models where there is a network, and installs them where there is none: docs/model-packs.md.',
    );
  const pack = { ...commands, program };
  addKeygen(pack);
  addBuild(pack);
  addSign(pack);
  addPackSite(pack);
}

/** Tells in tenths how far a long act is. */
export function telling(terminal: Terminal, what: string): OnProgress {
  let told = 0;
  return ({ bytes, totalBytes }) => {
    const tenths = Math.floor((10 * bytes) / totalBytes);
    if (totalBytes < WORTH_TELLING || tenths <= told) return;
    told = tenths;
    terminal.tell(`${what}: ${tenths * 10} % of ${Math.round(totalBytes / 2 ** 20)} MiB`);
  };
}

/** `Tiny voice (tiny-voice 1.2.0, synthesiser)`. */
export function packInWords({
  name,
  id,
  version,
  kind,
}: Pick<PackManifest, 'name' | 'id' | 'version' | 'kind'>): string {
  return `${name} (${id} ${version}, ${kind})`;
}

function addKeygen(commands: Commands): void {
  commands.program
    .command('keygen')
    .summary('make a key pair to sign packs with')
    .description(
      'Makes an Ed25519 key pair: the private key stays with whoever signs, never on the appliance; the public one (.pub.pem) is what appliances trust. OpenSSL reads both.',
    )
    .requiredOption('--out <name>', 'writes <name>.key.pem and <name>.pub.pem; neither may exist yet')
    .option('--protect', `encrypt the private key under a passphrase (asked, or in ${SIGNING.variable})`)
    .option('--json', 'print one JSON object: privateKey, publicKey, fingerprint')
    .addHelpText(
      'after',
      more(['sotto pack keygen --out signing --protect'], { 0: 'made', 1: 'a file exists already' }),
    )
    .action(
      action(commands, keygenOptions, async (terminal, _, { out, protect, json }) => {
        const [{ generateKeyPair }, { findPassphrase }] = await Promise.all([
          import('../../models/index.ts'),
          import('../passphrase.ts'),
        ]);
        const passphrase = protect ? await findPassphrase(terminal, SIGNING) : undefined;
        const { publicKey, privatePem } = generateKeyPair(passphrase);
        const made = { privateKey: `${out}.key.pem`, publicKey: `${out}.pub.pem` };
        await writeNew(made.privateKey, privatePem, 0o600);
        await writeNew(made.publicKey, publicKey.pem, 0o644);
        const { fingerprint } = publicKey;
        if (json) await terminal.print(JSON.stringify({ ...made, fingerprint }));
        else {
          await terminal.print(`${made.privateKey} signs: keep it away from the appliance.`);
          await terminal.print(`${made.publicKey} is what appliances trust. Its fingerprint:`);
          await terminal.print(fingerprint);
        }
        return EXIT.ok;
      }),
    );
}

function addBuild(commands: Commands): void {
  commands.program
    .command('build')
    .summary('make a pack of a folder with model files')
    .description(
      'Makes a pack of all files of a folder and a description (YAML or JSON: id, version, kind, engine, …), signed when a key is named.',
    )
    .argument('<dir>', 'the folder with the files of the model, and its licence')
    .requiredOption('--about <file>', 'the description, or an entry of models/catalogue/')
    .requiredOption('--out <path>', 'the pack to make; it must not exist yet')
    .option('--folder', 'make a folder instead of one .sottopack file')
    .option('--key <file>', 'the private key to sign it with')
    .option('--json', 'print one JSON object: out, id, version, kind, files, bytes, digest, signed')
    .addHelpText(
      'after',
      more(
        [
          'sotto pack build ./gtcrn --about models/catalogue/gtcrn.yaml --out gtcrn.sottopack --key signing.key.pem',
        ],
        { 0: 'made', 1: 'not made: the message says why' },
      ),
    )
    .action(
      action(commands, buildOptions, async (terminal, [from = ''], { about, out, folder, key, json }) => {
        const { buildPack } = await import('../../models/index.ts');
        const { manifest, digest } = await buildPack({
          from,
          description: await readDescription(about),
          out,
          folder,
          key: key === undefined ? undefined : await signingKey(terminal, key),
          signal: terminal.signal,
          onProgress: telling(terminal, 'building'),
        });
        const { id, version, kind, files } = manifest;
        const bytes = files.reduce((sum, { size }) => sum + size, 0);
        const signed = key !== undefined;
        if (json) {
          const made = { out, id, version, kind, files: files.length, bytes, digest, signed };
          await terminal.print(JSON.stringify(made));
        } else {
          await terminal.print(`${out}: ${packInWords(manifest)}, ${files.length} files, ${bytes} bytes`);
          if (!signed) terminal.tell(`next: sotto pack sign ${out} --key signing.key.pem`);
        }
        return EXIT.ok;
      }),
    );
}

function addSign(commands: Commands): void {
  commands.program
    .command('sign')
    .summary('sign a pack')
    .description(
      'Holds every file of a pack against its manifest and signs it in its place, whatever signature it had.',
    )
    .argument('<pack>', 'the .sottopack file or folder')
    .requiredOption('--key <file>', 'the private key')
    .option('--json', 'print one JSON object: id, version, digest')
    .addHelpText(
      'after',
      more(['sotto pack sign voice.sottopack --key signing.key.pem'], {
        0: 'signed',
        1: 'not signed: the pack is not whole, or the key cannot be used',
      }),
    )
    .action(
      action(commands, signOptions, async (terminal, [path = ''], { key, json }) => {
        const { signPack } = await import('../../models/index.ts');
        const { manifest, digest } = await signPack(path, await signingKey(terminal, key), {
          signal: terminal.signal,
          onProgress: telling(terminal, 'signing'),
        });
        const { id, version } = manifest;
        await terminal.print(
          json ? JSON.stringify({ id, version, digest }) : `${packInWords(manifest)} is signed.`,
        );
        return EXIT.ok;
      }),
    );
}

async function signingKey(terminal: Terminal, file: string) {
  const [{ isEncrypted, readPrivateKey }, { findPassphrase }] = await Promise.all([
    import('../../models/index.ts'),
    import('../passphrase.ts'),
  ]);
  const pem = await readSmall(file);
  return readPrivateKey(pem, isEncrypted(pem) ? await findPassphrase(terminal, SIGNING) : undefined);
}

const catalogueEntrySchema = z.object({ pack: z.unknown() });

/** A description by itself, or as the `pack` of a catalogue entry. */
async function readDescription(file: string) {
  const [{ parse }, { describedPack }] = await Promise.all([import('yaml'), import('../../models/index.ts')]);
  let raw: unknown;
  try {
    raw = parse(await readSmall(file), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof SottoError) throw error;
    throw new SottoError('models/bad-description', `${file} is neither YAML nor JSON.`, {
      remedy: 'See docs/model-packs.md, or begin from an entry of models/catalogue/.',
    });
  }
  const entry = catalogueEntrySchema.safeParse(raw);
  return describedPack(entry.success && entry.data.pack !== undefined ? entry.data.pack : raw);
}

/** @throws SottoError `cli/no-file`. */
export async function readSmall(file: string): Promise<string> {
  const { readFile, stat } = await import('node:fs/promises');
  const stats = await stat(file).catch(() => null);
  if (!stats?.isFile() || stats.size > 2 ** 20)
    throw new SottoError('cli/no-file', `${file} is not there, or is not such a file.`, {
      remedy: 'Check the name.',
    });
  return await readFile(file, 'utf8');
}

async function writeNew(file: string, content: string, mode: number): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  try {
    await writeFile(file, content, { mode, flag: 'wx' });
  } catch {
    throw new SottoError('cli/cannot-write', `${file} exists already, or cannot be written.`, {
      remedy: 'Name another place. A signing key is never overwritten.',
    });
  }
}
