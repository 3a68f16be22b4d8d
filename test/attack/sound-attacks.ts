/**
 * Attacks on the ear, made from public descriptions: nothing here was recorded. Ultrasound after Zhang et al. 2017
 * (DolphinAttack) and Roy et al. 2018 (LipRead); replay through a small loudspeaker and a real room's response.
 */
import { emptySpectrum, Fft } from '../../main/base/index.ts';
import { resample } from '../../main/media/index.ts';
import { seeded } from './seeded.ts';

/** Air and microphone are modelled at this rate: Hz. */
const AIR_RATE = 192_000;
/** What the appliance is given at its best: Hz. */
export const RATE = 48_000;

/** 300 ms at 16 kHz. */
const LEAD = 4_800;

export interface Ultrasound {
  /** Hz, 20,000 to 40,000. */
  readonly carrierHz: number;
  /** Of the amplitude modulation, 0..1. */
  readonly depth: number;
  /** Second-order term of the microphone: x + a x². */
  readonly a?: number;
  /** Noise of microphone and room below the voice, dB. */
  readonly noiseDb?: number;
  /** Where the microphone's coupling takes what is low away, Hz. */
  readonly coupledHz?: number;
  /** Where the attacker cuts the voice off below, Hz: ultrasonic speakers are driven with what is speech. 0: nowhere. */
  readonly trimmedHz?: number;
}

/**
 * What a microphone hears of a voice on an ultrasonic carrier: `(1 + depth · voice) · cos`, squared by the microphone's
 * own curve, cut at what its converter passes, coupled, at the loudness of speech and with noise. 48 kHz.
 * @param voice at 16 kHz.
 */
export function ultrasound(voice: Float32Array, options: Ultrasound): Float32Array {
  const { carrierHz, depth, a = 0.1, noiseDb = 40, coupledHz = 15, trimmedHz = 80 } = options;
  const trimmed =
    trimmedHz > 0
      ? [1, 2, 3, 4].reduce<Float32Array>((sound) => highPassed(sound, trimmedHz, 16_000), voice)
      : voice;
  // The carrier stands before the voice begins.
  const led = new Float32Array(LEAD + trimmed.length);
  led.set(scaled(trimmed, 1 / Math.max(1e-9, peakOf(trimmed))), LEAD);
  const inAir = resample(led, 16_000, AIR_RATE);
  const step = (2 * Math.PI * carrierHz) / AIR_RATE;
  const heard = inAir.map((v, i) => {
    const pressure = 0.5 * (1 + depth * v) * Math.cos(step * i);
    return pressure + a * pressure * pressure;
  });
  const coupled = highPassed(resample(heard, AIR_RATE, RATE), coupledHz, RATE).subarray(3 * LEAD);
  // The carrier may stand high above the voice: loudness is that of the voice.
  const loud = rmsOf(resample(coupled, RATE, 16_000).subarray(800));
  const gain = Math.min(0.05 / Math.max(1e-9, loud), 0.9 / Math.max(1e-9, peakOf(coupled)));
  return noisy(scaled(coupled, gain), gain * loud * 10 ** (-noiseDb / 20), 1);
}

/** A recording played by a small loudspeaker in a room, heard by a good microphone. All at 16 kHz. */
export function replayed(
  voice: Float32Array,
  room: Float32Array,
  { noiseDb = 35, lowHz = 200, highHz = 6_000 }: { noiseDb?: number; lowHz?: number; highHz?: number } = {},
): Float32Array {
  const driven = scaled(voice, 0.7 / Math.max(1e-9, peakOf(voice))).map((v) => Math.tanh(1.5 * v));
  let speaker: Float32Array = driven;
  for (let order = 0; order < 2; order += 1)
    speaker = lowPassed(highPassed(speaker, lowHz, 16_000), highHz, 16_000);
  return inRoom(speaker, room, noiseDb);
}

/** Whatever sounds in a room, at a distance from a good microphone: a person too, which is no attack. 16 kHz. */
export function inRoom(sound: Float32Array, room: Float32Array, noiseDb = 35): Float32Array {
  const heard = convolved(sound, room).subarray(0, sound.length + 4_000);
  return noisy(scaled(heard, 0.05 / Math.max(1e-9, rmsOf(heard))), 0.05 * 10 ** (-noiseDb / 20), 2);
}

/** A voice through a telephone: 300 to 3,400 Hz, steep. 16 kHz. */
export function telephoned(voice: Float32Array): Float32Array {
  return resample(
    resample(
      [1, 2, 3].reduce<Float32Array>((sound) => highPassed(sound, 300, 16_000), voice),
      16_000,
      7_200,
    ),
    7_200,
    16_000,
  );
}

/** A voice and its copy, `ms` later: two ways from one loudspeaker. 16 kHz. */
export function combed(voice: Float32Array, ms: number): Float32Array {
  const delay = Math.round(16 * ms);
  return voice.map((v, i) => 0.5 * (v + 0.9 * (voice[i - delay] ?? 0)));
}

export function clippedVoice(voice: Float32Array, gain = 12): Float32Array {
  return scaled(voice, gain / peakOf(voice)).map((v) => Math.max(-0.8, Math.min(0.8, v)));
}

export function tone(hz: number, ms: number, sampleRate = 16_000): Float32Array {
  return new Float32Array((ms * sampleRate) / 1000).map(
    (_, i) => 0.2 * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
}

/** From one frequency to another, evenly in the logarithm. */
export function sweep(fromHz: number, toHz: number, ms: number, sampleRate = 16_000): Float32Array {
  const length = (ms * sampleRate) / 1000;
  const rate = Math.log(toHz / fromHz) / length;
  return new Float32Array(length).map(
    (_, i) => 0.2 * Math.sin(((2 * Math.PI * fromHz) / sampleRate) * ((Math.exp(rate * i) - 1) / rate)),
  );
}

/** White noise, on and off. */
export function bursts(onMs: number, offMs: number, times: number, sampleRate = 16_000): Float32Array {
  const random = seeded(3);
  const period = ((onMs + offMs) * sampleRate) / 1000;
  const on = (onMs * sampleRate) / 1000;
  return new Float32Array(period * times).map((_, i) => (i % period < on ? 0.3 * (2 * random() - 1) : 0));
}

/** Two sounds at once; the second begins at `atMs` and repeats nothing. */
export function mixed(one: Float32Array, other: Float32Array, gain = 1): Float32Array {
  return one.map((v, i) => v + gain * (other[i] ?? 0));
}

export function scaled(samples: Float32Array, gain: number): Float32Array {
  return samples.map((v) => v * gain);
}

export function rmsOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / Math.max(1, samples.length));
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, v) => Math.max(peak, Math.abs(v)), 0);
}

/** Pink-ish noise of this RMS is added: what microphones and rooms have more of below. */
export function noisy(samples: Float32Array, rms: number, seed: number): Float32Array {
  const random = seeded(seed);
  const noise = new Float32Array(samples.length);
  let slow = 0;
  for (let i = 0; i < noise.length; i += 1) {
    const white = 2 * random() - 1;
    slow = 0.98 * slow + 0.2 * white;
    noise[i] = slow + 0.3 * white;
  }
  const gain = rms / Math.max(1e-9, rmsOf(noise));
  return samples.map((v, i) => v + gain * (noise[i] as number));
}

export function highPassed(samples: Float32Array, hz: number, sampleRate: number): Float32Array {
  const keep = Math.exp((-2 * Math.PI * hz) / sampleRate);
  let low = 0;
  return samples.map((v) => {
    low = keep * low + (1 - keep) * v;
    return v - low;
  });
}

function lowPassed(samples: Float32Array, hz: number, sampleRate: number): Float32Array {
  const keep = Math.exp((-2 * Math.PI * hz) / sampleRate);
  let low = 0;
  return samples.map((v) => {
    low = keep * low + (1 - keep) * v;
    return low;
  });
}

function convolved(one: Float32Array, other: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(one.length + other.length));
  const fft = new Fft(size);
  const [a, b] = [emptySpectrum(size), emptySpectrum(size)];
  a.re.set(one);
  b.re.set(other);
  fft.forward(a);
  fft.forward(b);
  for (let i = 0; i < size; i += 1) {
    const [ar, ai, br, bi] = [a.re[i] ?? 0, a.im[i] ?? 0, b.re[i] ?? 0, b.im[i] ?? 0];
    a.re[i] = ar * br - ai * bi;
    a.im[i] = ar * bi + ai * br;
  }
  fft.inverse(a);
  return a.re.subarray(0, one.length + other.length);
}
