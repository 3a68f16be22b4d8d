/** A quiet room through a good microphone. Digital zero never comes out of one, and adaptive detectors dislike it. */
const NOISE_DB = -75;
/** Uniform noise has the root mean square of its bound divided by √3. */
const BOUND = 10 ** (NOISE_DB / 20) * Math.sqrt(3);

/** Fills blocks with the same faint noise on every run (Marsaglia's xorshift32), so that a run can be repeated. */
export class RoomNoise {
  #state = 0x2545f491;

  fill(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) {
      let x = this.#state;
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      this.#state = x;
      samples[i] = (x / 0x80000000) * BOUND;
    }
  }
}
