import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reader, SubjectReference } from '../records/index.ts';
import { archiveOf } from './archive.ts';
import type { Answer } from './handlers/types.ts';
import type { OpenServices } from './services.ts';

/** Sends all that is kept about a subject to the window. The copy in clear is gone from the appliance when it ends. */
export async function* sendSubject(
  { exportSubject, newExportFolder }: Pick<OpenServices, 'exportSubject' | 'newExportFolder'>,
  reader: Reader,
  reference: SubjectReference,
): AsyncGenerator<Answer<'erasure.access'>, void, void> {
  const holder = await newExportFolder();
  try {
    const out = join(holder, 'subject');
    const { conversations, subjectId } = exportSubject({ reference, reader, out });
    const archive = await archiveOf(out, 'subject');
    const name = `subject-${subjectId}.tar`;
    yield { type: 'made', name, bytes: archive.bytes, conversations: conversations.length };
    for await (const base64 of archive.blocks()) yield { type: 'block', base64 };
  } finally {
    await rm(holder, { recursive: true, force: true });
  }
}
