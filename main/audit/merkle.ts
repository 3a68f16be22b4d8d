import { createHash } from 'node:crypto';

/** Hash of an entry as a leaf of the tree (RFC 6962, section 2.1): the prefix keeps leaves and nodes apart. */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(entry).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
export const HASH_BYTES = 32;

/**
 * The Merkle tree of RFC 6962 as its compact range: the roots of the perfect subtrees that the size's binary digits
 * name, largest first. Appending costs an amortised constant number of hashes; the root costs as many as there are
 * peaks.
 */
export class CompactRange {
  readonly #peaks: Buffer[];
  #size: number;

  private constructor(size: number, peaks: Buffer[]) {
    this.#size = size;
    this.#peaks = peaks;
  }

  static empty(): CompactRange {
    return new CompactRange(0, []);
  }

  /** From what `bytes` gave; null when the number of peaks does not fit the size. */
  static from(size: number, bytes: Buffer): CompactRange | null {
    if (!Number.isSafeInteger(size) || size < 0 || bytes.length !== onesIn(size) * HASH_BYTES) return null;
    const peaks = [];
    for (let i = 0; i < bytes.length; i += HASH_BYTES) peaks.push(bytes.subarray(i, i + HASH_BYTES));
    return new CompactRange(size, peaks);
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      const left = this.#peaks.pop();
      if (left === undefined) throw new RangeError('a compact range lacks a peak');
      hash = nodeHash(left, hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  /** The root of the whole tree; of the empty tree, SHA-256 of nothing. */
  root(): Buffer {
    const [last, ...rest] = this.#peaks.toReversed();
    if (last === undefined) return createHash('sha256').digest();
    return rest.reduce((right, left) => nodeHash(left, right), last);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#peaks);
  }
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
