import { lstat } from 'node:fs/promises';
import { SottoError } from '../base/index.ts';
import { ContainerSource } from './container.ts';
import { FolderSource } from './folder.ts';
import type { PackLimits } from './limits.ts';
import type { PackFile, PackManifest } from './manifest.ts';

/** Bytes read at once. */
export const BLOCK = 2 ** 20;

/** A pack to read from, in either form. What it gives is not to be believed until it is verified. */
export interface PackSource {
  readonly manifest: Buffer;
  /** Null while it is unsigned. */
  readonly signature: Buffer | null;
  /** What can be told without reading the files: lengths, and files that are missing or not listed. */
  checkOutline(manifest: PackManifest): Promise<void>;
  /** The bytes of a file of the manifest: exactly as many as it declares. */
  read(manifest: PackManifest, file: PackFile): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** @throws SottoError `models/no-such-pack`, `models/not-a-pack`, and what the two forms refuse. */
export async function openSource(path: string, limits: PackLimits): Promise<PackSource> {
  const stats = await lstat(path).catch(() => null);
  if (!stats)
    throw new SottoError('models/no-such-pack', 'There is no pack at this path.', {
      remedy: 'Name a folder or a .sottopack file. Is the stick mounted?',
    });
  if (stats.isDirectory()) return await FolderSource.open(path, limits);
  if (stats.isFile()) return await ContainerSource.open(path, limits);
  throw new SottoError(
    'models/not-a-pack',
    'This is no Sotto model pack: it is neither a file nor a folder.',
    {
      remedy: 'Name the folder or the .sottopack file itself, not a link to it.',
    },
  );
}
