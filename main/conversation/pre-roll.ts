import type { SoundTap } from './recording.ts';

/** A frame's sound, resampled. */
interface Kept {
  readonly samples: Float32Array;
  /** Epoch ms of its end. */
  readonly endAt: number;
}

/**
 * The newest sound that came in before speech was detected. Bounded by age, so that what was heard before a gap in the
 * frames does not count; what grows too old is told to the tap as quiet.
 */
export class PreRoll {
  readonly #keepMs: number;
  readonly #tap: SoundTap | undefined;
  #kept: Kept[] = [];

  constructor(keepMs: number, tap: SoundTap | undefined) {
    this.#keepMs = keepMs;
    this.#tap = tap;
  }

  push(samples: Float32Array, endAt: number): void {
    this.#kept.push({ samples, endAt });
    this.#dropUpTo(endAt - this.#keepMs);
  }

  /** All that is kept and ended after this, in order. Nothing is kept then. */
  takeFrom(from: number): readonly Kept[] {
    this.#dropUpTo(from);
    const taken = this.#kept;
    this.#kept = [];
    return taken;
  }

  clear(): void {
    this.#kept = [];
  }

  #dropUpTo(oldest: number): void {
    while ((this.#kept[0]?.endAt ?? Number.POSITIVE_INFINITY) <= oldest) {
      const gone = this.#kept.shift();
      if (gone) this.#tap?.quiet(gone.samples, gone.endAt);
    }
  }
}
