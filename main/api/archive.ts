import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

/** Of an archive, so that a message stays well below what one may be. */
const BLOCK_BYTES = 256 * 1024;

/** A folder as one tar archive, whose size is known before it is sent. */
export interface Archive {
  readonly bytes: number;
  /** In order, base64; a file is read when its turn comes. */
  blocks(): AsyncGenerator<string, void, void>;
}

/** The files of a folder, under `name` in the archive. Their sizes must not change until it was sent. */
export async function archiveOf(folder: string, name: string): Promise<Archive> {
  const files = await filesIn(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return {
    bytes: sizes.reduce((sum, size) => sum + 512 + size + tarPadding(size).length, tarEnd.length),
    blocks: async function* () {
      for (const file of files) {
        const content = await readFile(file);
        const header = tarHeader(`${name}/${relative(folder, file)}`, content.length);
        yield* blocksOf(Buffer.concat([header, content, tarPadding(content.length)]));
      }
      yield* blocksOf(tarEnd);
    },
  };
}

function* blocksOf(bytes: Buffer): Generator<string, void, void> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    yield bytes.subarray(at, at + BLOCK_BYTES).toString('base64');
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
