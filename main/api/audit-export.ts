import type { Answer } from './handlers/types.ts';
import { sendFolder } from './send-folder.ts';
import type { OpenServices } from './services.ts';

/** Makes an export of the log and sends it to the window. */
export function sendExport(
  { audit, newExportFolder }: Pick<OpenServices, 'audit' | 'newExportFolder'>,
  memberId: string,
  since: number | null,
  until: number | null,
): AsyncIterable<Answer<'audit.export'>> {
  return sendFolder(
    newExportFolder,
    'audit-export',
    async (out, signal) => {
      const { size, root, signer, verification } = await audit.export({
        out,
        actor: memberId,
        via: 'window',
        signal,
        ...(since === null ? {} : { since }),
        ...(until === null ? {} : { until }),
      });
      return { size, root, signer, ok: verification.ok };
    },
    () => 'sotto-audit-export.tar',
  );
}
