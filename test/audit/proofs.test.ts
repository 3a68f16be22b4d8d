import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  provesConsistency,
  provesInclusion,
  type SubtreeReader,
  treeRoot,
} from '../../main/audit/index.ts';
import { exportTo, longLog, scratch } from './support.ts';
import { buildTlogVerifier } from './tools.ts';

let go: ReturnType<typeof buildTlogVerifier>;
beforeAll(() => {
  go = buildTlogVerifier();
});
afterAll(() => go?.remove());

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (i: number) => sha256(Buffer.from([0]), Buffer.from(String(i)));
const subtree: SubtreeReader = (level, index) =>
  level === 0
    ? leaf(index)
    : sha256(Buffer.from([1]), subtree(level - 1, index * 2), subtree(level - 1, index * 2 + 1));
const state = (size: number) => ({ size, root: size === 0 ? sha256() : treeRoot(size, subtree) });
const MOST = 40;
const sizes = Array.from({ length: MOST }, (_, i) => i + 1);
const flipped = (hash: Buffer) => Buffer.from(hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte)));

test('every leaf of every tree is proved, at its place and no other, by exactly its proof', () => {
  for (const size of sizes) {
    const { root } = state(size);
    for (let index = 0; index < size; index += 1) {
      const proof = inclusionProof(index, size, subtree);
      expect(provesInclusion(leaf(index), index, size, root, proof)).toBe(true);
      expect(provesInclusion(leaf(index + 1), index, size, root, proof)).toBe(false);
      if (size > 1) expect(provesInclusion(leaf(index), (index + 1) % size, size, root, proof)).toBe(false);
      expect(provesInclusion(leaf(index), index, size, flipped(root), proof)).toBe(false);
      expect(provesInclusion(leaf(index), index, size, root, [...proof, root])).toBe(false);
      if (proof.length === 0) continue;
      expect(provesInclusion(leaf(index), index, size, root, proof.slice(1))).toBe(false);
      expect(provesInclusion(leaf(index), index, size, root, proof.with(0, flipped(proof[0] ?? root)))).toBe(
        false,
      );
    }
  }
});

test('every tree is proved to continue every smaller one, and no other is', () => {
  for (const size of [0, ...sizes])
    for (let from = 0; from <= size; from += 1) {
      const [earlier, later] = [state(from), state(size)];
      const proof = consistencyProof(from, size, subtree);
      expect(provesConsistency(earlier, later, proof)).toBe(true);
      expect(provesConsistency(earlier, later, [...proof, later.root])).toBe(false);
      if (from === 0) continue; // everything continues the empty log
      expect(provesConsistency({ ...earlier, root: flipped(earlier.root) }, later, proof)).toBe(false);
      expect(provesConsistency(earlier, { ...later, root: flipped(later.root) }, proof)).toBe(false);
      for (const i of proof.keys()) {
        expect(provesConsistency(earlier, later, proof.toSpliced(i, 1))).toBe(false);
        expect(provesConsistency(earlier, later, proof.with(i, flipped(proof[i] ?? later.root)))).toBe(false);
      }
      expect(provesConsistency(later, earlier, proof)).toBe(from === size);
    }
});

test('sizes that are none prove nothing', () => {
  const { root } = state(3);
  expect(() => inclusionProof(3, 3, subtree)).toThrow(RangeError);
  expect(() => consistencyProof(4, 3, subtree)).toThrow(RangeError);
  expect(provesInclusion(leaf(3), 3, 3, root, [])).toBe(false);
  expect(provesInclusion(leaf(0), -1, 3, root, [])).toBe(false);
  expect(provesConsistency({ size: 0.5, root }, { size: 3, root }, [])).toBe(false);
});

test('proofs are those of Go’s transparency log, hash for hash', async () => {
  const { audit } = await longLog(700);
  const out = join(scratch(), 'out');
  await exportTo(audit, out);
  const jsons = audit.recent(1000).toReversed();
  const leaves = jsons.map(({ json }) => sha256(Buffer.from([0]), Buffer.from(json)));
  const read: SubtreeReader = (level, index) =>
    level === 0
      ? (leaves[index] ?? sha256())
      : sha256(Buffer.from([1]), read(level - 1, index * 2), read(level - 1, index * 2 + 1));
  for (const seq of [0, 255, 256, 511, 512, 699, 700]) {
    const ours = inclusionProof(seq, 701, read).map((hash) => hash.toString('base64'));
    expect(go.run('inclusion', audit.verifierKey, String(seq), out)).toEqual({
      code: 0,
      out: ours.join('\n'),
    });
  }
});
