/**
 * What ultrasound leaves behind in a microphone, measured as the sound comes in.
 *
 * A voice on an ultrasonic carrier is heard because the microphone is not linear: out of its square comes the voice v
 * and, with it, v². The square of a voice is never negative and follows its loudness, so it shows below 50 Hz, where
 * no voice is, in step with the voice's own envelope (Roy et al. 2018, "Inaudible Voice Commands: The Long-Range
 * Attack and Defense"). Of the carrier itself a rest may stand above 17 kHz.
 *
 * This file imports nothing: the same screen runs in the appliance and in the client's AudioWorklet, before the codec
 * takes the band below 50 Hz away.
 */
export interface TraceMeasure {
  /** Sound that was measured, milliseconds. */
  readonly ms: number;
  /**
   * How surely 15-50 Hz follows the envelope of the voice: its correlation less the standard error of it, the highest
   * within the lags, 0..1. One plosive that blows into the microphone makes a correlation, but not a sure one.
   */
  readonly follows: number;
  /** Power of 15-50 Hz against the voice, dB. */
  readonly lowDb: number;
  /** Level above 17 kHz, dBFS; null where the sample rate does not reach. */
  readonly aboveDb: number | null;
  /** Level of the voice (120 to 5,000 Hz), dBFS. */
  readonly voiceDb: number;
}

const LOW_FROM_HZ = 15;
const LOW_TO_HZ = 50;
const VOICE_FROM_HZ = 120;
/** What leaks of the carrier must not count as voice. */
const VOICE_TO_HZ = 5_000;
const ABOVE_FROM_HZ = 17_000;
/** Slow enough for what is below 50 Hz. */
const SLOW_RATE = 400;
/** Microphones' couplings put what is low ahead of the voice: by up to 15 ms; their filters differ by 2.5 ms. */
const MOST_AHEAD = 6;
const MOST_BEHIND = 1;
const LAGS = MOST_AHEAD + MOST_BEHIND + 1;
/** Products are added up over 20 ms: what is so far apart counts as measured twice. */
const BLOCK = 8;
const SILENCE_DB = -120;

/** Measures a stream of one sample rate; constant memory. */
export class TraceMeter {
  readonly #sampleRate: number;
  readonly #every: number;
  readonly #low: Chain;
  readonly #voice: Chain;
  readonly #envelope: Chain;
  readonly #above: Chain | null;
  /** The last of each, newest last. */
  readonly #lows = new Float64Array(LAGS);
  readonly #envelopes = new Float64Array(MOST_BEHIND + 1);
  readonly #lags = Array.from({ length: LAGS }, () => new Products());
  #slow = 0;
  #sumLow2 = 0;
  #sumEnvelope2 = 0;
  #sumVoice2 = 0;
  #sumAbove2 = 0;
  #count = 0;
  #settling: number;
  #bands = bandsOf(0);

  /** @param sampleRate Hz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#every = Math.max(1, Math.round(sampleRate / SLOW_RATE));
    const slow = () => [highPass(LOW_FROM_HZ, sampleRate), ...lowPass4(LOW_TO_HZ, sampleRate)];
    this.#low = new Chain(slow());
    this.#envelope = new Chain(slow());
    const voiceTo = Math.min(VOICE_TO_HZ, sampleRate * 0.4);
    this.#voice = new Chain([
      highPass(VOICE_FROM_HZ, sampleRate),
      highPass(VOICE_FROM_HZ, sampleRate),
      ...lowPass4(voiceTo, sampleRate),
    ]);
    const reaches = sampleRate / 2 > ABOVE_FROM_HZ * 1.2;
    this.#above = reaches
      ? new Chain([highPass(ABOVE_FROM_HZ, sampleRate), highPass(ABOVE_FROM_HZ, sampleRate)])
      : null;
    this.#settling = Math.round(sampleRate * 0.1);
  }

  push(samples: Float32Array): void {
    const { low, voice, envelope, above } = this.#filtered(samples);
    for (let i = 0; i < samples.length; i += 1) {
      // What the filters do to the first sound is no sign of anything.
      if (this.#settling > 0) {
        this.#settling -= 1;
        continue;
      }
      this.#count += 1;
      this.#sumVoice2 += (voice[i] as number) ** 2;
      this.#sumAbove2 += (above[i] as number) ** 2;
      if (this.#count % this.#every === 0) this.#compare(low[i] as number, envelope[i] as number);
    }
  }

  /** Of all since the beginning or the last `forget`; null before there is half a second. */
  read(): TraceMeasure | null {
    const ms = (this.#count * 1000) / this.#sampleRate;
    if (ms < 500) return null;
    const norm = Math.sqrt(this.#sumLow2 * this.#sumEnvelope2);
    const sure = Math.max(0, ...this.#lags.map((products) => products.sure));
    const lowPower = this.#slow > 0 ? this.#sumLow2 / this.#slow : 0;
    const voicePower = this.#sumVoice2 / this.#count;
    return {
      ms,
      follows: norm > 0 ? Math.min(1, sure / norm) : 0,
      lowDb: decibels(lowPower) - decibels(voicePower),
      aboveDb: this.#above ? decibels(this.#sumAbove2 / this.#count) : null,
      voiceDb: decibels(voicePower),
    };
  }

  /** Begins to measure anew; the filters go on. */
  forget(): void {
    for (const products of this.#lags) products.forget();
    this.#slow = 0;
    this.#count = 0;
    this.#sumLow2 = this.#sumEnvelope2 = 0;
    this.#sumVoice2 = this.#sumAbove2 = 0;
  }

  /** What each filter makes of a block, until the next one. */
  #filtered(samples: Float32Array): Bands {
    if (this.#bands.low.length !== samples.length) this.#bands = bandsOf(samples.length);
    const { low, voice, envelope, above } = this.#bands;
    for (let i = 0; i < samples.length; i += 1) {
      const given = samples[i] as number;
      low[i] = Number.isFinite(given) ? given : 0;
    }
    voice.set(low);
    if (this.#above) above.set(low);
    this.#low.run(low);
    this.#voice.run(voice);
    this.#above?.run(above);
    for (let i = 0; i < samples.length; i += 1) envelope[i] = (voice[i] as number) ** 2;
    this.#envelope.run(envelope);
    return this.#bands;
  }

  #compare(low: number, envelope: number): void {
    this.#lows.copyWithin(0, 1);
    this.#envelopes.copyWithin(0, 1);
    this.#lows[LAGS - 1] = low;
    this.#envelopes[MOST_BEHIND] = envelope;
    this.#slow += 1;
    this.#sumLow2 += low * low;
    this.#sumEnvelope2 += envelope * envelope;
    if (this.#slow < LAGS) return;
    const then = this.#envelopes[0] as number;
    for (let lag = 0; lag < LAGS; lag += 1) this.#lags[lag]?.add((this.#lows[lag] as number) * then);
  }
}

/** A block of sound, filtered: the same memory for each block. */
interface Bands {
  readonly low: Float64Array;
  readonly voice: Float64Array;
  /** The square of the voice, as slow as `low`. */
  readonly envelope: Float64Array;
  /** Silence where the sample rate does not reach. */
  readonly above: Float64Array;
}

function bandsOf(length: number): Bands {
  const band = () => new Float64Array(length);
  return { low: band(), voice: band(), envelope: band(), above: band() };
}

/** The sum of products of one lag, and how far it may be off by chance. */
class Products {
  #sum = 0;
  #squares = 0;
  #block = 0;
  #inBlock = 0;

  add(product: number): void {
    this.#block += product;
    this.#inBlock += 1;
    if (this.#inBlock < BLOCK) return;
    this.#sum += this.#block;
    this.#squares += this.#block * this.#block;
    this.#block = 0;
    this.#inBlock = 0;
  }

  /** The sum, either way, less its standard error. */
  get sure(): number {
    return Math.abs(this.#sum) - Math.sqrt(this.#squares);
  }

  forget(): void {
    this.#sum = this.#squares = this.#block = this.#inBlock = 0;
  }
}

function decibels(power: number): number {
  return power > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(power)) : SILENCE_DB;
}

/** Coefficients of a second-order section, a0 = 1. */
type Section = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/** Second-order sections one after the other (direct form II transposed). */
class Chain {
  readonly #sections: readonly Section[];
  readonly #state: Float64Array;

  constructor(sections: readonly Section[]) {
    this.#sections = sections;
    this.#state = new Float64Array(2 * sections.length);
  }

  /** A block, in place. */
  run(block: Float64Array): void {
    for (const [at, [b0, b1, b2, a1, a2]] of this.#sections.entries()) {
      let first = this.#state[2 * at] as number;
      let second = this.#state[2 * at + 1] as number;
      for (let i = 0; i < block.length; i += 1) {
        const x = block[i] as number;
        const out = b0 * x + first;
        first = b1 * x - a1 * out + second;
        second = b2 * x - a2 * out;
        block[i] = out;
      }
      this.#state[2 * at] = first;
      this.#state[2 * at + 1] = second;
    }
  }
}

/** Butterworth, second order (Bristow-Johnson's cookbook). */
function highPass(hz: number, sampleRate: number): Section {
  const { cos, alpha } = angle(hz, sampleRate, Math.SQRT1_2);
  const a0 = 1 + alpha;
  const b0 = (1 + cos) / 2 / a0;
  return [b0, -2 * b0, b0, (-2 * cos) / a0, (1 - alpha) / a0];
}

function lowPass(hz: number, sampleRate: number, q: number): Section {
  const { cos, alpha } = angle(hz, sampleRate, q);
  const a0 = 1 + alpha;
  const b0 = (1 - cos) / 2 / a0;
  return [b0, 2 * b0, b0, (-2 * cos) / a0, (1 - alpha) / a0];
}

/** Butterworth, fourth order. */
function lowPass4(hz: number, sampleRate: number): Section[] {
  return [lowPass(hz, sampleRate, 0.5412), lowPass(hz, sampleRate, 1.3066)];
}

function angle(hz: number, sampleRate: number, q: number): { cos: number; alpha: number } {
  const w = (2 * Math.PI * hz) / sampleRate;
  return { cos: Math.cos(w), alpha: Math.sin(w) / (2 * q) };
}
