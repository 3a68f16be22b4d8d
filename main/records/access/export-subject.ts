import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { ConsentReceipt } from '../consent/receipt.ts';
import { Receipts } from '../consent/receipts.ts';
import type {
  ConversationRecord,
  Reader,
  SubjectReference,
  ToolCallRecord,
  TurnRecord,
} from '../contract.ts';
import { channelsOf, Recordings } from '../recordings.ts';
import { SearchIndex } from '../search-index.ts';
import { Subjects } from '../subjects.ts';
import { RecordTables } from '../tables.ts';
import { Words } from '../words.ts';
import { subjectPage } from './page.ts';
import { wavOf } from './wav.ts';

/** One conversation as it is handed to whom it is about. */
export interface ExportedConversation {
  readonly conversation: ConversationRecord;
  readonly turns: readonly TurnRecord[];
  readonly toolCalls: readonly ToolCallRecord[];
  readonly receipts: readonly ConsentReceipt[];
  /** Names of the files beside, one a channel. */
  readonly recordings: readonly string[];
  readonly readBy: readonly {
    readonly at: number;
    readonly memberId: string;
    readonly reason: string | null;
  }[];
}

/** All that is kept about a subject. */
export interface SubjectExport {
  readonly exportedAt: string;
  readonly subjectId: string;
  readonly knownBy: readonly SubjectReference[];
  readonly conversations: readonly ExportedConversation[];
}

export interface SubjectExportRequest {
  readonly reference: SubjectReference;
  readonly reader: Reader;
  /** A folder that does not exist yet. */
  readonly out: string;
}

/**
 * Writes all that is kept about a subject to a folder: `subject.json`, `index.html` that opens offline, and the recordings
 * as WAV. Everything in the folder is in clear. It is in the log before the first byte is written.
 * @throws SottoError `records/no-subject`, `records/export-exists`, `records/export-failed`.
 */
export function exportSubject(
  vault: Vault,
  audit: AuditLog,
  { clock }: { readonly clock: Clock },
  { reference, reader, out }: SubjectExportRequest,
): SubjectExport {
  const { kind } = reference;
  const subjectId = new Subjects(vault, audit, clock).find(reference);
  const log = (target: string, outcome: 'success' | 'failure', detail: Readonly<Record<string, number>>) => {
    const reason = reader.reason === undefined ? null : audit.pseudonym(reader.reason);
    const actor = reader.memberId;
    audit.append({ action: 'record.export', actor, target, outcome, detail: { kind, reason, ...detail } });
  };
  if (subjectId === null) {
    log('records', 'failure', {});
    throw new SottoError('records/no-subject', 'Nobody is known here by this.', {
      remedy: 'Search by what the desk asks people for, such as the customer number.',
    });
  }
  const { found, sounds } = vault.transaction(() => {
    const gathered = gather(vault, audit, clock, subjectId);
    const { conversations } = gathered.found;
    log(`subject:${subjectId}`, 'success', { conversations: conversations.length });
    const tables = new RecordTables(vault.db);
    for (const { conversation } of conversations) tables.addRead(reader, conversation.id, clock.now());
    return gathered;
  });
  write(out, found, sounds);
  return found;
}

function gather(vault: Vault, audit: AuditLog, clock: Clock, subjectId: string) {
  const tables = new RecordTables(vault.db);
  const recordings = new Recordings(vault);
  const words = new Words(vault, tables, new SearchIndex(vault.db), recordings);
  const receipts = new Receipts(vault);
  const sounds = new Map<string, Buffer>();
  const ids = vault.db
    .prepare<[string], string>('SELECT id FROM conversations WHERE subject_id = ? ORDER BY started_at, id')
    .pluck()
    .all(subjectId);
  const conversations = ids.flatMap((id): readonly ExportedConversation[] => {
    const conversation = tables.conversation(id);
    if (conversation === null) return [];
    const names = channelsOf(recordings.all(id)).map((channel) => {
      const name = `recordings/${id}-${channel.channel}.wav`;
      sounds.set(name, wavOf(channel));
      return name;
    });
    return [
      {
        conversation,
        turns: words.read(id),
        toolCalls: tables.toolCalls(id),
        receipts: receipts.list({ conversationId: id }).map(({ receipt }) => receipt),
        recordings: names,
        readBy: readersOf(vault, id),
      },
    ];
  });
  const knownBy = new Subjects(vault, audit, clock).references(subjectId);
  const found = { exportedAt: new Date(clock.now()).toISOString(), subjectId, knownBy, conversations };
  return { found, sounds };
}

function readersOf(vault: Vault, conversationId: string): ExportedConversation['readBy'] {
  return vault.db
    .prepare<[string], ExportedConversation['readBy'][number]>(
      'SELECT at, member_id AS memberId, reason FROM record_reads WHERE conversation_id = ? ORDER BY at',
    )
    .all(conversationId);
}

function write(out: string, found: SubjectExport, sounds: ReadonlyMap<string, Buffer>): void {
  try {
    mkdirSync(out, { mode: 0o700 });
    if (sounds.size > 0) mkdirSync(join(out, 'recordings'), { mode: 0o700 });
    const files = new Map<string, string | Buffer>([
      ['subject.json', `${JSON.stringify(found, null, 2)}\n`],
      ['index.html', subjectPage(found)],
      ...sounds,
    ]);
    for (const [name, content] of files) writeFileSync(join(out, name), content, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new SottoError('records/export-exists', 'The folder to export to exists already.', {
        remedy: 'Name one that does not exist.',
        cause,
      });
    throw new SottoError('records/export-failed', 'The export could not be written.', {
      remedy: 'Check that its folder exists, may be written to and has room.',
      cause,
    });
  }
}
