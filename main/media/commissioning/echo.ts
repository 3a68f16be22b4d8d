import { resample } from '../resample.ts';
import { powerOfTwo, type Spectrum, samplesOf, spectrumOf } from './fourier.ts';

/** What of the speaker's sound comes back through the microphone. */
export interface EchoPath {
  /** Level of what came back against what was played, dB; -20 is a tenth of the amplitude. */
  readonly returnDb: number;
  /** From the first sample played to its first sound in the recording. */
  readonly delayMs: number;
}

const PROBE_RATE = 48_000;
const PROBE_MS = 700;
/** All of the probe is below half of this. */
const ANALYSIS_RATE = 16_000;
const FADE_MS = 20;
const LOWEST_HZ = 250;
const HIGHEST_HZ = 7_000;
/** About -15 dBFS: as loud as the agent speaks. */
const AMPLITUDE = 0.25;

/** Of the echo: a room has gone quiet 300 ms after the direct sound, at a desk. */
const TAIL_MS = 300;
/** Before the strongest sound something weaker may have come the short way. */
const EARLIER_MS = 10;
const LEAD_MS = 2;
/** Around time zero the filter rings: noise is judged beyond. */
const RINGING_MS = 50;
/** Frequencies that the probe hardly has tell nothing: 30 dB below its strongest. */
const LEAST_POWER = 1e-3;
/** The direct sound stands out of the noise by this factor (20 dB), and the echo's power by this one. */
const LEAST_PEAK = 10;
const LEAST_POWER_OVER_NOISE = 1.5;

/** The sound that a room is measured with: an exponential sweep (Farina 2000), 48 kHz mono, with soft ends. */
export function echoProbe(): { readonly samples: Float32Array; readonly sampleRate: number } {
  const length = Math.round((PROBE_RATE * PROBE_MS) / 1000);
  const fade = Math.round((PROBE_RATE * FADE_MS) / 1000);
  const seconds = PROBE_MS / 1000;
  const growth = Math.log(HIGHEST_HZ / LOWEST_HZ);
  const samples = Float32Array.from({ length }, (_, at) => {
    const time = at / PROBE_RATE;
    const phase = ((2 * Math.PI * LOWEST_HZ * seconds) / growth) * (Math.exp((time * growth) / seconds) - 1);
    const edge = Math.min(1, at / fade, (length - 1 - at) / fade);
    return AMPLITUDE * Math.sin(phase) * Math.sin((Math.PI / 2) * Math.max(0, edge));
  });
  return { samples, sampleRate: PROBE_RATE };
}

/**
 * Finds what was played in what was recorded from the same moment on: divides the spectra, which leaves the room's
 * impulse response. Null when nothing of it stands out of the noise.
 */
export function findEcho(
  played: { readonly samples: Float32Array; readonly sampleRate: number },
  heard: { readonly samples: Float32Array; readonly sampleRate: number },
): EchoPath | null {
  const rate = ANALYSIS_RATE;
  const recorded = resample(heard.samples, heard.sampleRate, rate);
  const probe = resample(played.samples, played.sampleRate, rate);
  const size = powerOfTwo(recorded.length + probe.length);
  const source = spectrumOf(probe, size);
  const response = divided(spectrumOf(recorded, size), source);
  const ms = (value: number) => Math.round((value * rate) / 1000);

  // An echo of the whole probe has to fit into the recording.
  const latest = recorded.length - probe.length;
  if (latest <= 0) return null;
  const peak = strongest(response, 0, latest);
  const quiet = { from: size - ms(RINGING_MS) - ms(TAIL_MS), length: ms(TAIL_MS) };
  const noise = usualSize(response.subarray(0, latest));
  if (Math.abs(response[peak] ?? 0) < LEAST_PEAK * noise) return null;

  const half = Math.abs(response[peak] ?? 0) / 2;
  let direct = Math.max(0, peak - ms(EARLIER_MS));
  while (direct < peak && Math.abs(response[direct] ?? 0) < half) direct += 1;
  const power = powerThrough(source, response, direct - ms(LEAD_MS), ms(TAIL_MS));
  const noisePower = powerThrough(source, response, quiet.from, quiet.length);
  if (power < LEAST_POWER_OVER_NOISE * noisePower || power === 0) return null;
  const playedPower = powerThrough(source, Float64Array.of(1), 0, 1);
  return {
    returnDb: 10 * Math.log10((power - noisePower) / playedPower),
    delayMs: (direct * 1000) / rate,
  };
}

/** `above / below`, where `below` has anything; a whole spectrum over a silent one is silence. */
function divided(above: Spectrum, below: Spectrum): Float64Array {
  const size = above.re.length;
  const powers = Float64Array.from(
    { length: size },
    (_, at) => (below.re[at] ?? 0) ** 2 + (below.im[at] ?? 0) ** 2,
  );
  const least = LEAST_POWER * powers.reduce((most, power) => Math.max(most, power), 0);
  const quotient = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let at = 0; at < size; at += 1) {
    const power = powers[at] ?? 0;
    if (power < least || power === 0) continue;
    const [a, b] = [above.re[at] ?? 0, above.im[at] ?? 0];
    const [c, d] = [below.re[at] ?? 0, below.im[at] ?? 0];
    quotient.re[at] = (a * c + b * d) / power;
    quotient.im[at] = (b * c - a * d) / power;
  }
  return samplesOf(quotient);
}

/** Power of the source after it has gone through a stretch of the response. */
function powerThrough(source: Spectrum, response: Float64Array, from: number, length: number): number {
  const size = source.re.length;
  const stretch = Float64Array.from({ length }, (_, at) => response[(from + at + size) % size] ?? 0);
  const through = spectrumOf(stretch, size);
  let power = 0;
  for (let at = 0; at < size; at += 1) {
    const sourcePower = (source.re[at] ?? 0) ** 2 + (source.im[at] ?? 0) ** 2;
    power += sourcePower * ((through.re[at] ?? 0) ** 2 + (through.im[at] ?? 0) ** 2);
  }
  return power;
}

function strongest(values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let at = from; at <= to; at += 1)
    if (Math.abs(values[at] ?? 0) > Math.abs(values[best] ?? 0)) best = at;
  return best;
}

/** Of values that are mostly noise: the few that are not do not count (the median, as a standard deviation). */
function usualSize(values: Float64Array): number {
  const sizes = values.map(Math.abs).sort();
  return (sizes[Math.floor(sizes.length / 2)] ?? 0) / 0.6745;
}
