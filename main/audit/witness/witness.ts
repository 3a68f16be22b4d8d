import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode, SottoError } from '../../base/index.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint.ts';
import type { AuditProblem } from '../contract.ts';
import { FILES } from '../export/names.ts';
import { consistencyProof, provesConsistency } from '../proofs.ts';
import { type NoteVerifier, noteVerifier } from '../signed-note.ts';
import { checkExport } from './export-check.ts';
import { WitnessedLog } from './store.ts';
import { TileFolder } from './tile-folder.ts';

/** What a witness says of one checkpoint or export. */
export interface WitnessReport {
  readonly source: string;
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /**
   * `first` of its log; `grown` from all that was seen before, by proof; `known` already; `unproven`, kept but yet to be
   * compared, which takes an export; `refused`, for the problems told.
   */
  readonly verdict: 'first' | 'grown' | 'known' | 'unproven' | 'refused';
  readonly problems: readonly AuditProblem[];
}

export interface WitnessRequest {
  /** The folder in which the witness keeps what it saw. Made on first use. */
  readonly store: string;
  /** Files with a checkpoint, or folders with an export. */
  readonly sources: readonly string[];
  /** The verifier key of the log, needed the first time that the log is seen. */
  readonly pin?: string;
}

/**
 * Looks at checkpoints and exports of a log on a machine that is not the log's, compares them with all that was seen
 * before, and keeps them. Sources are taken in the order of their sizes.
 * @throws SottoError `audit/no-checkpoint`, `audit/unpinned`, `audit/other-key`, `audit/bad-verifier-key`,
 *   `audit/bad-origin`, `audit/witness-store`.
 */
export async function witness({ store, sources, pin }: WitnessRequest): Promise<readonly WitnessReport[]> {
  const pinned = pin === undefined ? null : noteVerifier(pin.trim());
  const seen = sources.map(readSource).sort((a, b) => a.claimed - b.claimed);
  const reports: WitnessReport[] = [];
  for (const source of seen) {
    const log = WitnessedLog.find(store, source.origin);
    const verifier = verifierFor(source, pinned, log);
    reports.push(await look(source, verifier, () => log ?? WitnessedLog.begin(store, verifier), log));
  }
  return reports;
}

/** A checkpoint as found, nothing of it believed yet. */
interface Source {
  readonly path: string;
  /** Of an export; null for a checkpoint alone. */
  readonly folder: string | null;
  readonly note: string;
  readonly origin: string;
  readonly claimed: number;
}

async function look(
  source: Source,
  verifier: NoteVerifier,
  begin: () => WitnessedLog,
  log: WitnessedLog | null,
): Promise<WitnessReport> {
  const checkpoint = openCheckpoint(source.note, verifier);
  if (checkpoint?.origin !== source.origin) return report(source, null, 'refused', [badSignature(source)]);
  const kept = log?.kept() ?? [];
  const tiles = source.folder === null ? null : new TileFolder(source.folder, checkpoint.size);
  const own = source.folder === null ? [] : await checkExport(source.folder, checkpoint);
  const against = contradictions(checkpoint, kept, tiles);
  if (against.some(({ code }) => code !== 'audit/rolled-back')) begin().keepConflict(source.note, checkpoint);
  const problems = [...own, ...against];
  if (problems.length > 0) return report(source, checkpoint, 'refused', problems);
  begin().keep(source.note, checkpoint);
  return report(source, checkpoint, verdict(checkpoint, kept, tiles), []);
}

function verdict(
  { size }: Checkpoint,
  kept: readonly Checkpoint[],
  tiles: TileFolder | null,
): WitnessReport['verdict'] {
  if (kept.length === 0) return 'first';
  if (kept.some((earlier) => earlier.size === size)) return 'known';
  return tiles === null ? 'unproven' : 'grown';
}

/** What cannot be true together with what was seen before. */
function contradictions(
  now: Checkpoint,
  kept: readonly Checkpoint[],
  tiles: TileFolder | null,
): readonly AuditProblem[] {
  const problems: AuditProblem[] = [];
  const largest = kept.at(-1);
  if (largest !== undefined && largest.size > now.size)
    problems.push({
      seq: null,
      code: 'audit/rolled-back',
      message: `The log was seen with ${largest.size} entries and has ${now.size} here: it was cut or set back, or this is an old copy of it.`,
    });
  for (const earlier of kept) {
    if (earlier.size === now.size && !earlier.root.equals(now.root))
      problems.push({
        seq: null,
        code: 'audit/forked',
        message: `Two logs bear this name: at ${now.size} entries another root was signed before.`,
      });
    else if (earlier.size < now.size && tiles !== null && !growsFrom(earlier, now, tiles))
      problems.push({
        seq: null,
        code: 'audit/rewritten',
        message: `The log does not continue the one that was signed at ${earlier.size} entries: something in those was changed.`,
      });
  }
  return problems;
}

function growsFrom(earlier: Checkpoint, now: Checkpoint, tiles: TileFolder): boolean {
  try {
    return provesConsistency(earlier, now, consistencyProof(earlier.size, now.size, tiles.subtree));
  } catch (error) {
    if (hasCode(error, 'audit/tile-missing')) return false;
    throw error;
  }
}

function verifierFor(source: Source, pinned: NoteVerifier | null, log: WitnessedLog | null): NoteVerifier {
  const known = log?.verifier ?? pinned;
  if (known?.name !== source.origin || (log !== null && pinned !== null && !sameKey(log.verifier, pinned)))
    throw log === null ? unpinned(source, pinned) : otherKey(source);
  return known;
}

/** A pin for another log beside this one says nothing about this one. */
function sameKey(known: NoteVerifier, pinned: NoteVerifier): boolean {
  return pinned.name !== known.name || pinned.verifierKey === known.verifierKey;
}

/** @throws SottoError `audit/no-checkpoint`. */
function readSource(path: string): Source {
  try {
    const folder = statSync(path).isDirectory() ? path : null;
    const note = readFileSync(folder === null ? path : join(folder, FILES.checkpoint), 'utf8');
    const [, origin, size] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n/.exec(note) ?? [];
    if (origin !== undefined) return { path, folder, note, origin, claimed: Number(size) };
  } catch {
    // Told below, as what is no checkpoint.
  }
  throw new SottoError('audit/no-checkpoint', `There is no checkpoint in ${path}.`, {
    remedy: 'Name a file from `sotto audit checkpoint --out FILE`, or the folder of an export.',
  });
}

function report(
  { path, origin, claimed }: Source,
  checkpoint: Checkpoint | null,
  verdictOf: WitnessReport['verdict'],
  problems: readonly AuditProblem[],
): WitnessReport {
  const root = checkpoint?.root.toString('hex') ?? '';
  return { source: path, origin, size: claimed, root, verdict: verdictOf, problems };
}

function badSignature({ origin }: Source): AuditProblem {
  return {
    seq: null,
    code: 'audit/checkpoint-signature',
    message: `The checkpoint is not signed with the key that is pinned for ${origin}.`,
  };
}

function unpinned({ origin }: Source, pinned: NoteVerifier | null): SottoError {
  const why = pinned === null ? 'no key is pinned for it' : `the key given is that of ${pinned.name}`;
  return new SottoError('audit/unpinned', `The log ${origin} was never seen here, and ${why}.`, {
    remedy: 'Give its verifier key with --pin, as it was written down when the appliance was set up.',
  });
}

function otherKey({ origin }: Source): SottoError {
  return new SottoError('audit/other-key', `Another key is pinned for ${origin} than the one given.`, {
    remedy: 'Find out which is right. A log keeps its key for life; a new key is a new log.',
  });
}
