import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Answer } from './handlers/types.ts';
import type { OpenServices } from './services.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

/** Of the archive, so that a message stays well below what one may be. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Makes an export of the log and sends it to the window as one tar archive, which anybody's tools open. Nothing of it
 * stays on the appliance, however the sending ends.
 */
export async function* sendExport(
  { audit, newExportFolder }: Pick<OpenServices, 'audit' | 'newExportFolder'>,
  memberId: string,
  since: number | null,
  until: number | null,
): AsyncGenerator<Answer<'audit.export'>, void, void> {
  const holder = await newExportFolder();
  const abort = new AbortController();
  try {
    const made = await audit.export({
      out: join(holder, 'audit-export'),
      actor: memberId,
      via: 'window',
      signal: abort.signal,
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { until }),
    });
    const files = await filesIn(made.folder);
    const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
    yield {
      type: 'made',
      name: 'sotto-audit-export.tar',
      bytes: sizes.reduce((sum, size) => sum + 512 + size + tarPadding(size).length, tarEnd.length),
      size: made.size,
      root: made.root,
      signer: made.signer,
      ok: made.verification.ok,
    };
    for (const file of files) {
      const content = await readFile(file);
      const name = `audit-export/${relative(made.folder, file)}`;
      yield* blocksOf(Buffer.concat([tarHeader(name, content.length), content, tarPadding(content.length)]));
    }
    yield* blocksOf(tarEnd);
  } finally {
    abort.abort();
    await rm(holder, { recursive: true, force: true });
  }
}

function* blocksOf(bytes: Buffer): Generator<Answer<'audit.export'>, void, void> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    yield { type: 'block', base64: bytes.subarray(at, at + BLOCK_BYTES).toString('base64') };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
