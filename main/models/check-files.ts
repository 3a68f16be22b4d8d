import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { damaged } from './on-disk.ts';
import { BLOCK } from './source.ts';

/** A file of an installed pack, as its manifest has it. */
export interface ExpectedFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Holds files on the disk against what was signed. Called by the process that is about to load them, each time that it
 * starts: what was installed months ago may have rotted or been changed.
 * @throws SottoError `models/damaged`.
 */
export async function checkFiles(files: readonly ExpectedFile[], signal?: AbortSignal): Promise<void> {
  for (const { path, size, sha256 } of files) {
    const stats = await lstat(path).catch(() => null);
    if (!stats?.isFile() || stats.size !== size) throw damaged();
    const hash = createHash('sha256');
    try {
      for await (const block of createReadStream(path, {
        highWaterMark: BLOCK,
        ...(signal ? { signal } : {}),
      }))
        hash.update(block);
    } catch (error) {
      signal?.throwIfAborted();
      throw damaged(error);
    }
    if (hash.digest('hex') !== sha256) throw damaged();
  }
}
