import type { Vault } from '../vault/index.ts';
import type { AuditLog } from './contract.ts';
import { nodeHash } from './merkle.ts';
import { consistencyProof, inclusionProof, type SubtreeReader, treeRoot } from './proofs.ts';

/** More entries than this are proved by an export of the log and not one by one. */
const MOST_ENTRIES = 2000;
/** Roots of smaller subtrees are cheaper to compute than to remember. */
const REMEMBER_FROM_LEVEL = 4;

/** That these entries stand in the log, and that the log since an earlier state has only grown. Hashes are hex. */
export interface LogProof {
  readonly origin: string;
  readonly verifierKey: string;
  /** C2SP signed note over the tree that everything here is proved against. */
  readonly checkpoint: string;
  readonly size: number;
  readonly root: string;
  readonly entries: readonly {
    readonly seq: number;
    /** What was hashed: SHA-256 of a zero byte and these bytes is the leaf (RFC 6962). */
    readonly json: string;
    readonly proof: readonly string[];
  }[];
  readonly earlier: { readonly size: number; readonly root: string; readonly proof: readonly string[] };
}

/** Proves entries by their sequence numbers, and growth since the tree had `earlierSize` entries (at least 1). */
export function proveEntries(
  { db }: Pick<Vault, 'db'>,
  audit: AuditLog,
  { seqs, earlierSize }: { readonly seqs: readonly number[]; readonly earlierSize: number },
): LogProof {
  const checkpoint = audit.checkpoint();
  const size = Number(checkpoint.split('\n')[1]);
  const read = subtrees(db);
  const json = db.prepare<[number], string>('SELECT json FROM audit_entries WHERE seq = ?').pluck();
  const hex = (proof: readonly Buffer[]) => proof.map((hash) => hash.toString('hex'));
  const wanted = [...new Set(seqs)].filter((seq) => seq < size).slice(0, MOST_ENTRIES);
  return {
    origin: audit.origin,
    verifierKey: audit.verifierKey,
    checkpoint,
    size,
    root: treeRoot(size, read).toString('hex'),
    entries: wanted.map((seq) => ({
      seq,
      json: json.get(seq) ?? '',
      proof: hex(inclusionProof(seq, size, read)),
    })),
    earlier: {
      size: earlierSize,
      root: treeRoot(earlierSize, read).toString('hex'),
      proof: hex(consistencyProof(earlierSize, size, read)),
    },
  };
}

function subtrees(db: Vault['db']): SubtreeReader {
  const leaf = db.prepare<[number], Buffer>('SELECT leaf FROM audit_entries WHERE seq = ?').pluck();
  const known = new Map<string, Buffer>();
  const read: SubtreeReader = (level, index) => {
    if (level === 0) return leaf.get(index) ?? Buffer.alloc(32);
    const key = `${level}/${index}`;
    const before = known.get(key);
    if (before) return before;
    const hash = nodeHash(read(level - 1, index * 2), read(level - 1, index * 2 + 1));
    if (level >= REMEMBER_FROM_LEVEL) known.set(key, hash);
    return hash;
  };
  return read;
}
