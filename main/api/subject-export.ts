import type { Reader, SubjectReference } from '../records/index.ts';
import type { Answer } from './handlers/types.ts';
import { sendFolder } from './send-folder.ts';
import type { OpenServices } from './services.ts';

/** Sends all that is kept about a subject to the window. The copy in clear is gone from the appliance when it ends. */
export function sendSubject(
  { exportSubject, newExportFolder }: Pick<OpenServices, 'exportSubject' | 'newExportFolder'>,
  reader: Reader,
  reference: SubjectReference,
): AsyncIterable<Answer<'erasure.access'>> {
  return sendFolder(
    newExportFolder,
    'subject',
    (out) => {
      const { conversations, subjectId } = exportSubject({ reference, reader, out });
      return { conversations: conversations.length, subjectId };
    },
    ({ subjectId }) => `subject-${subjectId}.tar`,
  );
}
