import type { KeyObject } from 'node:crypto';
import { type Clock, codeOf, SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { AuditEntry, AuditEvent, AuditExport, AuditExportRequest } from '../contract.ts';
import { rawPublicKeyOf } from '../ed25519.ts';
import { HASH_BYTES } from '../merkle.ts';
import type { NoteVerifier } from '../signed-note.ts';
import { signSsh, sshFingerprint, sshPublicKey } from '../ssh-signature.ts';
import { TILE_WIDTH, type Tile, TileTree, tilePath } from '../tiles.ts';
import {
  checkBeyond,
  checkedPages,
  type EntryRow,
  type KeptTree,
  keptTree,
  LogCheck,
  triggersOf,
} from '../verify.ts';
import { CSV_HEAD, csvRow } from './csv.ts';
import { ExportFolder, type GrowingFile, inOurWords } from './folder.ts';
import { FILES, fileStem, SSH_NAMESPACE } from './names.ts';
import { readable } from './readable.ts';
import { summaryPage } from './summary-page.ts';
import { Tally } from './tally.ts';
import { verifyPage } from './verify-page.ts';

/** The log as its exporter knows it. */
export interface ExportSource {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly verifier: NoteVerifier;
  append(event: AuditEvent): AuditEntry;
  checkpoint(): string;
  /** The key of SHA256SUMS.sig. */
  exportKey(): KeyObject;
}

/** The log as it was when its export began: what comes later is no part of it. */
export interface Snapshot {
  /** The entry that records the export: the last leaf. */
  readonly entry: AuditEntry;
  readonly size: number;
  readonly note: string;
  readonly first: number;
  readonly end: number;
  readonly tree: KeptTree | undefined;
}

/**
 * Writes the log to a folder, entry by entry: memory does not grow with the log, and between two pages of entries the
 * database is free for others.
 *
 * The tiles of hashes cover the whole log, so that every entry in the export can be proved, and the log be seen to
 * only grow from one export to the next. The entries themselves are those of the range and no others: what an auditor
 * was not to see of other days is in the export as a hash alone.
 */
export async function exportLog(source: ExportSource, request: AuditExportRequest): Promise<AuditExport> {
  refuseBadRange(request, source.clock.now());
  const folder = await ExportFolder.begin(request.out);
  try {
    return await inOurWords(() => write(source, request, folder));
  } catch (error) {
    await folder.discard();
    tellFailure(source, request, codeOf(error));
    throw error;
  }
}

async function write(
  source: ExportSource,
  request: AuditExportRequest,
  folder: ExportFolder,
): Promise<AuditExport> {
  const key = source.exportKey();
  const rawKey = rawPublicKeyOf(key);
  const signer = sshFingerprint(rawKey);
  const check = new LogCheck(source.verifier);
  const snapshot = begin(source, request, signer, check);
  const { root, tally } = await writeEntries(source, folder, snapshot, check, request.signal);
  check.tree(snapshot.tree);
  const { name: origin, verifierKey } = source.verifier;
  const stem = fileStem(origin);
  const about = {
    ...{ origin, size: snapshot.size, root: root.toString('hex'), first: snapshot.first, end: snapshot.end },
    ...{ signer, verifierKey, verification: check.result() },
  };
  await folder.write(FILES.checkpoint, snapshot.note);
  await folder.write(FILES.entry, snapshot.entry.json);
  await folder.write(`${stem}.vkey`, `${verifierKey}\n`);
  await folder.write(FILES.signers, `${stem} namespaces="${SSH_NAMESPACE}" ${sshPublicKey(rawKey)}\n`);
  await folder.write(FILES.page, summaryPage({ ...about, madeAt: snapshot.entry.at, request, tally }));
  await folder.write(FILES.verify, verifyPage(about));
  request.signal?.throwIfAborted();
  await folder.finish((sha512) => signSsh(sha512, SSH_NAMESPACE, key));
  return { ...about, folder: request.out, files: folder.files };
}

/** Records the export and signs the checkpoint over it, in one transaction: from here on the export is settled. */
function begin(
  { vault, clock, append, checkpoint }: ExportSource,
  { since, until, actor, via }: AuditExportRequest,
  signer: string,
  check: LogCheck,
): Snapshot {
  const { db } = vault;
  return vault.transaction(() => {
    const size = (seqOf(db.prepare('SELECT max(seq) FROM audit_entries').pluck().get()) ?? -1) + 1;
    const first =
      since === undefined
        ? 0
        : (seqOf(db.prepare('SELECT min(seq) FROM audit_entries WHERE at >= ?').pluck().get(since)) ?? size);
    const lastOf = db.prepare('SELECT max(seq) FROM audit_entries WHERE at < ?').pluck();
    const open = until === undefined || until > clock.now();
    const end = open ? null : Math.max(first, (seqOf(lastOf.get(until)) ?? -1) + 1);
    const detail = { via, since: since ?? null, until: until ?? null, first, end, signer };
    const entry = append({ action: 'audit.export', actor, target: 'audit', outcome: 'success', detail });
    const note = checkpoint();
    check.triggers(triggersOf(db));
    checkBeyond(db, check, entry.seq + 1);
    return { entry, size: entry.seq + 1, note, first, end: end ?? entry.seq + 1, tree: keptTree(db) };
  });
}

async function writeEntries(
  { vault }: ExportSource,
  folder: ExportFolder,
  { size, first, end }: Snapshot,
  check: LogCheck,
  signal: AbortSignal | undefined,
): Promise<{ readonly root: Buffer; readonly tally: Tally }> {
  const tree = new TileTree();
  const tally = new Tally();
  const lines = await folder.grow(FILES.lines);
  const table = await folder.grow(FILES.table);
  await table.append(CSV_HEAD);
  for (const page of checkedPages(vault.db, check, size)) {
    signal?.throwIfAborted();
    await writeTiles(folder, tree, page);
    await writeBundle(folder, page, first, end);
    await writeReadable(
      { lines, table, tally },
      page.filter(({ seq }) => seq >= first && seq < end),
    );
  }
  if (tree.size !== size) throw missing(tree.size);
  for (const tile of tree.edge()) await writeTile(folder, tile);
  await lines.finish();
  await table.finish();
  return { root: tree.root(), tally };
}

/** The tiles hold the hashes that were signed: an entry that was changed since shows by not fitting its hash. */
async function writeTiles(folder: ExportFolder, tree: TileTree, page: readonly EntryRow[]): Promise<void> {
  for (const { seq, leaf } of page) {
    if (seq !== tree.size) throw missing(tree.size);
    for (const tile of tree.append(leaf)) await writeTile(folder, tile);
  }
}

function writeTile(folder: ExportFolder, { level, index, bytes }: Tile): Promise<void> {
  return folder.write(tilePath(level, index, bytes.length / HASH_BYTES), bytes);
}

/** A bundle is written when all its entries are in the range. Pages and bundles hold the same entries. */
async function writeBundle(
  folder: ExportFolder,
  page: readonly EntryRow[],
  first: number,
  end: number,
): Promise<void> {
  const [from, to] = [page[0]?.seq ?? 0, (page.at(-1)?.seq ?? -1) + 1];
  if (from < first || to > end) return;
  const parts = page.flatMap(({ json }) => {
    const entry = Buffer.from(json);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    return [length, entry];
  });
  await folder.write(tilePath('entries', Math.floor(from / TILE_WIDTH), page.length), Buffer.concat(parts));
}

async function writeReadable(
  to: { readonly lines: GrowingFile; readonly table: GrowingFile; readonly tally: Tally },
  entries: readonly EntryRow[],
): Promise<void> {
  for (const { seq, json } of entries) {
    const entry = readable(seq, json);
    to.tally.add(entry);
    await to.lines.append(`${json}\n`);
    await to.table.append(csvRow(entry));
  }
}

function tellFailure(source: ExportSource, { actor, via }: AuditExportRequest, code: string): void {
  try {
    source.append({
      action: 'audit.export',
      actor,
      target: 'audit',
      outcome: 'failure',
      detail: { via, code },
    });
  } catch {
    // A log that takes no entry is what made the export fail: the caller hears of that.
  }
}

function refuseBadRange({ since, until }: AuditExportRequest, now: number): void {
  if (since === undefined || (since <= now && (until === undefined || since < until))) return;
  throw new SottoError('audit/bad-range', 'The range to export ends before it begins, or begins after now.', {
    remedy: 'Give times of which the first is the earlier.',
  });
}

function missing(seq: number): SottoError {
  return new SottoError('audit/damaged', `The log cannot be exported: entry ${seq} is missing.`, {
    remedy: 'Run `sotto audit verify` for all that is wrong. Keep a copy of the data folder for the inquiry.',
  });
}

function seqOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
