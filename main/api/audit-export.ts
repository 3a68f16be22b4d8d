import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveOf } from './archive.ts';
import type { Answer } from './handlers/types.ts';
import type { OpenServices } from './services.ts';

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
    const files = await archiveOf(made.folder, 'audit-export');
    yield {
      type: 'made',
      name: 'sotto-audit-export.tar',
      bytes: files.bytes,
      size: made.size,
      root: made.root,
      signer: made.signer,
      ok: made.verification.ok,
    };
    for await (const base64 of files.blocks()) yield { type: 'block', base64 };
  } finally {
    abort.abort();
    await rm(holder, { recursive: true, force: true });
  }
}
