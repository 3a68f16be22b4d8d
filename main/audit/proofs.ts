import { nodeHash } from './merkle.ts';

/**
 * The root of the perfect subtree over 2^level leaves that begins at leaf `index`·2^level.
 * Level 0 is the leaf hashes.
 */
export type SubtreeReader = (level: number, index: number) => Buffer;

/** The tree hash of the first `size` leaves (RFC 6962, section 2.1). `size` is at least 1. */
export function treeRoot(size: number, read: SubtreeReader): Buffer {
  return rangeRoot(0, size, read);
}

/**
 * The hashes that show that a leaf stands in the tree of this size: PATH of RFC 6962, section 2.1.1.
 * @throws RangeError unless 0 ≤ index < size.
 */
export function inclusionProof(index: number, size: number, read: SubtreeReader): readonly Buffer[] {
  if (!isCount(size) || !isCount(index) || index >= size) throw new RangeError('no such leaf in the tree');
  return path(index, 0, size, read);
}

/**
 * The hashes that show that the tree of size `to` only adds to the tree of size `from`: PROOF of RFC 6962,
 * section 2.1.2. Empty for `from` = 0 and for equal sizes.
 * @throws RangeError unless 0 ≤ from ≤ to.
 */
export function consistencyProof(from: number, to: number, read: SubtreeReader): readonly Buffer[] {
  if (!isCount(from) || !isCount(to) || from > to) throw new RangeError('no such trees');
  return from === 0 || from === to ? [] : subproof(from, 0, to, true, read);
}

/** Whether a proof shows that this leaf hash is leaf `index` under this root (RFC 9162, section 2.1.3.2). */
export function provesInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  root: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, half(last)];
    } else hash = nodeHash(hash, sibling);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Two states of a log. */
export interface TreeState {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether a proof shows that `later` only adds to `earlier` (RFC 9162, section 2.1.4.2). */
export function provesConsistency(earlier: TreeState, later: TreeState, proof: readonly Buffer[]): boolean {
  if (!isCount(earlier.size) || !isCount(later.size) || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  if (earlier.size === 0) return proof.length === 0;
  let position = earlier.size - 1;
  let last = later.size - 1;
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  // A perfect earlier tree is itself a subtree of the later one: the proof leaves its root out.
  const [first, ...rest] = position === 0 ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [old, now] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      old = nodeHash(hash, old);
      now = nodeHash(hash, now);
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, half(last)];
    } else now = nodeHash(now, hash);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && old.equals(earlier.root) && now.equals(later.root);
}

/** The root over the leaves from `start` up to `end`; `start` is where a subtree large enough begins. */
function rangeRoot(start: number, end: number, read: SubtreeReader): Buffer {
  const size = end - start;
  const level = Math.ceil(Math.log2(size));
  if (2 ** level === size) return read(level, start / size);
  const split = start + largestPowerBelow(size);
  return nodeHash(rangeRoot(start, split, read), rangeRoot(split, end, read));
}

function path(leaf: number, start: number, end: number, read: SubtreeReader): readonly Buffer[] {
  if (end - start === 1) return [];
  const split = start + largestPowerBelow(end - start);
  return leaf < split
    ? [...path(leaf, start, split, read), rangeRoot(split, end, read)]
    : [...path(leaf, split, end, read), rangeRoot(start, split, read)];
}

/** SUBPROOF for the trees that begin at `start`: the earlier one ends at `middle`, the later at `end`. */
function subproof(
  middle: number,
  start: number,
  end: number,
  known: boolean,
  read: SubtreeReader,
): readonly Buffer[] {
  if (middle === end) return known ? [] : [rangeRoot(start, end, read)];
  const split = start + largestPowerBelow(end - start);
  return middle <= split
    ? [...subproof(middle, start, split, known, read), rangeRoot(split, end, read)]
    : [...subproof(middle, split, end, false, read), rangeRoot(start, split, read)];
}

/** The largest power of two that is smaller than `size`, which is at least 2. */
function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function half(count: number): number {
  return Math.floor(count / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
