import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SottoError } from '../../base/index.ts';
import { HASH_BYTES } from '../merkle.ts';
import type { SubtreeReader } from '../proofs.ts';
import { perfectRoot, TILE_HEIGHT, TILE_WIDTH, tilePath, tileWidth } from '../tiles.ts';

/** Tiles kept in memory: the way from a leaf to the root and its neighbours. */
const KEPT = 64;

/** Reads the tiles of an exported log of this size. What they hold is believed by nobody before it fits a signed root. */
export class TileFolder {
  readonly #folder: string;
  readonly #size: number;
  readonly #kept = new Map<string, Buffer>();

  constructor(folder: string, size: number) {
    this.#folder = folder;
    this.#size = size;
  }

  /** @throws SottoError `audit/tile-missing`, also for a tile that is cut off. */
  tile(level: number, index: number): Buffer {
    const width = tileWidth(level, index, this.#size);
    const path = tilePath(level, index, width);
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    const bytes = this.#read(path);
    if (width === 0 || bytes?.length !== width * HASH_BYTES)
      throw new SottoError('audit/tile-missing', `The tile ${path} is missing or cut off.`);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(path, bytes);
    return bytes;
  }

  leaf(seq: number): Buffer {
    return this.subtree(0, seq);
  }

  /** A `SubtreeReader` over the tiles. */
  readonly subtree: SubtreeReader = (level, index) => {
    const leavesLog = level % TILE_HEIGHT;
    const hashes = 2 ** leavesLog;
    const start = index * hashes;
    const tile = this.tile((level - leavesLog) / TILE_HEIGHT, Math.floor(start / TILE_WIDTH));
    const from = (start % TILE_WIDTH) * HASH_BYTES;
    return perfectRoot(tile.subarray(from, from + hashes * HASH_BYTES));
  };

  #read(path: string): Buffer | null {
    try {
      return readFileSync(join(this.#folder, path));
    } catch {
      return null;
    }
  }
}
