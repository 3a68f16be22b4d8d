import { joinSamples } from '../../base/index.ts';
import type { SynthesisedSound } from '../engines.ts';
import { fromInt16, toInt16 } from '../int16.ts';

/** As engines deliver: short, so that the first sound does not wait for the resampling of the last. */
const BLOCK_MS = 60;

interface Kept {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** Sound of what is said again and again, in memory: 16 bit, the least recently used given up when there is too much. */
export class PromptCache {
  readonly mostBytes: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#kept.size;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** Returns the bytes that it takes. */
  put(key: string, blocks: readonly SynthesisedSound[]): number {
    const sampleRate = blocks[0]?.sampleRate ?? 0;
    const samples = toInt16(joinSamples(blocks.map((block) => block.samples)));
    if (samples.length === 0 || samples.byteLength > this.mostBytes) return 0;
    this.#drop(key);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes + samples.byteLength <= this.mostBytes) break;
      this.#drop(oldest);
    }
    this.#kept.set(key, { samples, sampleRate });
    this.#bytes += samples.byteLength;
    return samples.byteLength;
  }

  /** Null when it was never kept, or given up. */
  get(key: string): Iterable<SynthesisedSound> | null {
    const kept = this.#kept.get(key);
    if (!kept) return null;
    // Used last: given up last.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return blocksOf(kept);
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.samples.byteLength ?? 0;
    this.#kept.delete(key);
  }
}

function* blocksOf({ samples, sampleRate }: Kept): Generator<SynthesisedSound> {
  const length = Math.round((sampleRate * BLOCK_MS) / 1000);
  for (let at = 0; at < samples.length; at += length) {
    yield { samples: fromInt16(samples.subarray(at, at + length)), sampleRate };
  }
}
