import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '../base/index.ts';
import type { PackLimits } from './limits.ts';
import type { PackFile, PackManifest } from './manifest.ts';
import { BLOCK, type PackSource } from './source.ts';

/** A pack as a folder: these two, and the files of the manifest under `files/`. Installed packs have this form. */
export const FOLDER = { manifest: 'manifest.json', signature: 'manifest.sig.json', files: 'files' } as const;

/** Opens no link, and waits for no pipe. */
const PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A pack in the form of a folder. */
export class FolderSource implements PackSource {
  readonly manifest: Buffer;
  readonly signature: Buffer | null;
  readonly #folder: string;
  readonly #limits: PackLimits;

  private constructor(folder: string, limits: PackLimits, manifest: Buffer, signature: Buffer | null) {
    this.#folder = folder;
    this.#limits = limits;
    this.manifest = manifest;
    this.signature = signature;
  }

  /** @throws SottoError `models/not-a-pack`, `models/too-large`. */
  static async open(folder: string, limits: PackLimits): Promise<FolderSource> {
    const manifest = await small(join(folder, FOLDER.manifest), limits.manifestBytes);
    if (!manifest)
      throw new SottoError(
        'models/not-a-pack',
        `This folder is no Sotto model pack: it has no ${FOLDER.manifest}.`,
        {
          remedy: 'Name a folder that `sotto pack build --folder` made.',
        },
      );
    const signature = await small(join(folder, FOLDER.signature), limits.signatureBytes);
    return new FolderSource(folder, limits, manifest, signature);
  }

  /** Every file is there with its size, nothing else is, and nothing is a link, a pipe or a device. */
  async checkOutline(manifest: PackManifest): Promise<void> {
    const found = new Map<string, number>();
    await walk(this.#folder, '', found, this.#limits.files + 2);
    found.delete(FOLDER.manifest);
    found.delete(FOLDER.signature);
    for (const { path, size } of manifest.files) {
      const inFolder = `${FOLDER.files}/${path}`;
      const actual = found.get(inFolder);
      found.delete(inFolder);
      if (actual === undefined)
        throw new SottoError('models/missing-file', `The pack lacks ${JSON.stringify(path)}.`, {
          remedy: 'Copy it again.',
        });
      if (actual !== size)
        throw new SottoError('models/tampered', `${JSON.stringify(path)} has another size than was signed.`, {
          remedy: 'Do not use this pack. Copy it again from who signed it.',
        });
    }
    const [more] = found.keys();
    if (more !== undefined)
      throw new SottoError('models/unlisted-file', `${JSON.stringify(more)} is not listed in the manifest.`, {
        remedy: 'Do not use this pack. Copy it again from who signed it.',
      });
  }

  async *read(_manifest: PackManifest, { path, size }: PackFile): AsyncGenerator<Buffer, void, void> {
    const handle = await open(join(this.#folder, FOLDER.files, path), PLAIN);
    try {
      if (!(await handle.stat()).isFile()) throw link(path);
      for (let at = 0; at < size; ) {
        const buffer = Buffer.allocUnsafe(Math.min(BLOCK, size - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0)
          throw new SottoError('models/truncated', `${JSON.stringify(path)} ends too early.`, {
            remedy: 'Copy the pack again.',
          });
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {}
}

/** Lists plain files with their sizes. @throws SottoError `models/link`, `models/too-many-files`. */
export async function walk(
  root: string,
  under: string,
  found: Map<string, number>,
  most: number,
): Promise<void> {
  for await (const entry of await opendir(join(root, under))) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    const stats = await lstat(join(root, path));
    if (stats.isDirectory()) await walk(root, path, found, most);
    else if (!stats.isFile()) throw link(path);
    else found.set(path, stats.size);
    if (found.size > most)
      throw new SottoError('models/too-many-files', `The folder has more than ${most} files.`, {
        remedy: 'Keep the files that the model needs, and no others.',
      });
  }
}

/** A small plain file, or null when it is not there. */
async function small(file: string, most: number): Promise<Buffer | null> {
  const stats = await lstat(file).catch(() => null);
  if (!stats) return null;
  if (!stats.isFile()) throw link(file);
  if (stats.size > most)
    throw new SottoError('models/too-large', 'The manifest of the pack is larger than one may be.');
  const handle = await open(file, PLAIN);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function link(path: string): SottoError {
  return new SottoError(
    'models/link',
    `${JSON.stringify(path)} is a link or a device; packs hold files alone.`,
    {
      remedy: 'Do not use this pack. Put the file itself in the place of a link, and build again.',
    },
  );
}
