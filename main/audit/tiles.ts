import { CompactRange, HASH_BYTES, nodeHash } from './merkle.ts';

/** How many hashes a full tile holds, and how many levels of the tree it stands for (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** A tile of hashes as it is filed. Its width is below 256 only at the right edge of the tree. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly bytes: Buffer;
}

/**
 * Where a tile is filed: `tile/1/x001/234.p/56`. `entries` is the level of the entries themselves.
 * @param width hashes or entries in it, 1 to 256
 */
export function tilePath(level: number | 'entries', index: number, width: number = TILE_WIDTH): string {
  return `tile/${level}/${tileNumber(index)}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** How many hashes stand in a tile of a tree of this size; 0 when there is no such tile. */
export function tileWidth(level: number, index: number, treeSize: number): number {
  const hashes = Math.floor(treeSize / TILE_WIDTH ** level);
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH));
}

/** Three digits a folder; all but the last begin with `x`. */
function tileNumber(index: number): string {
  const groups = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(String(rest % 1000).padStart(3, '0'));
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The root over 1, 2, 4, … or 256 hashes that stand one after the other. */
export function perfectRoot(hashes: Buffer): Buffer {
  let row = hashes;
  while (row.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(row.length / 2);
    for (let i = 0; i < row.length; i += 2 * HASH_BYTES)
      nodeHash(row.subarray(i, i + HASH_BYTES), row.subarray(i + HASH_BYTES, i + 2 * HASH_BYTES)).copy(
        above,
        i / 2,
      );
    row = above;
  }
  return row;
}

/** The tiles of a tree as its leaves come by. Keeps one unfinished tile a level: memory grows with the height alone. */
export class TileTree {
  readonly #open: Buffer[] = [];
  readonly #range = CompactRange.empty();

  get size(): number {
    return this.#range.size;
  }

  root(): Buffer {
    return this.#range.root();
  }

  /** Adds a leaf; the tiles that it filled, lowest first. */
  append(leaf: Buffer): readonly Tile[] {
    const index = this.#range.size;
    this.#range.append(leaf);
    return this.#push(0, index, leaf);
  }

  /** The tiles at the right edge that are not full. */
  *edge(): Generator<Tile> {
    for (const [level, open] of this.#open.entries()) {
      const hashes = Math.floor(this.size / TILE_WIDTH ** level);
      const width = hashes % TILE_WIDTH;
      if (width > 0)
        yield {
          level,
          index: Math.floor(hashes / TILE_WIDTH),
          bytes: open.subarray(0, width * HASH_BYTES),
        };
    }
  }

  #push(level: number, position: number, hash: Buffer): readonly Tile[] {
    const place = position % TILE_WIDTH;
    const index = Math.floor(position / TILE_WIDTH);
    const open = place === 0 ? Buffer.allocUnsafe(TILE_WIDTH * HASH_BYTES) : this.#open[level];
    if (open === undefined) throw new RangeError('a tile is missing its beginning');
    this.#open[level] = open;
    hash.copy(open, place * HASH_BYTES);
    if (place < TILE_WIDTH - 1) return NO_TILES;
    return [{ level, index, bytes: open }, ...this.#push(level + 1, index, perfectRoot(open))];
  }
}

const NO_TILES: readonly Tile[] = [];
