import { BANDS, bandHz, HOP_MS, type SoundFrame } from './frames.ts';
import type { TraceMeasure } from './trace.ts';

/** Quieter frames are the room, not what somebody does. dBFS, and dB below the loudest twentieth. */
const AUDIBLE_DB = -60;
const BELOW_LOUD_DB = 30;
/** A line holds this share of the power of a frame where a tone is; voices have harmonics beside their strongest. */
const LINE_SHARE = 0.75;
/** And this share where nothing else sounds with it. */
const PURE_SHARE = 0.9;
/** A tone stays where it is; no voice holds a pitch so closely. */
const STEADY = 0.006;
const KEY_SHARE = 0.8;
/** White noise measures 0.56; the sharpest "s" seldom 0.3 over the whole band. */
const FLAT = 0.3;
/** Noise in its own right is as loud as what else sounds: running water behind a voice is a kitchen. dB below the loudest twentieth. */
const IN_ITS_OWN_RIGHT_DB = 15;
/** Delays that make a comb of the spectrum, ms; voices have their pitch above. */
const COMB_MS = [0.8, 12] as const;

/** What was measured of one utterance, in the field's units; no judgement yet. */
export interface SoundMeasures {
  readonly ms: number;
  /** Sound well above the room, ms. */
  readonly audibleMs: number;
  readonly trace: TraceMeasure | null;
  /** Longest run of one unwavering line. */
  readonly toneMs: number;
  /** Longest run of one line, wherever it moves. */
  readonly lineMs: number;
  /** Longest run of one telephone key. */
  readonly keyMs: number;
  /** Longest run of a flat spectrum, and the share of audible sound that is flat. */
  readonly flatMs: number;
  readonly flatShare: number;
  /** Share of audible sound on flat tops. */
  readonly clipped: number;
  /** How far 80-200 Hz and 4.5-7 kHz lie below 300-3,000 Hz, dB. */
  readonly bassDb: number;
  readonly trebleDb: number;
  /** The middle of how fast the sound dies away where it does, dB a second: rooms hold it up. */
  readonly decayDb: number;
  /** Height of the comb in the long-term spectrum, against what stands around it. */
  readonly comb: number;
}

/** @param meanLogPower mean of the natural logarithms of each bin over audible frames; `binHz` its width. */
export function measure(
  frames: readonly SoundFrame[],
  trace: TraceMeasure | null,
  meanLogPower: Float64Array | null,
  binHz: number,
): SoundMeasures {
  const loud = loudest(frames);
  const floor = Math.max(AUDIBLE_DB, loud - BELOW_LOUD_DB);
  const flat = ({ flatness, db }: SoundFrame) => flatness > FLAT && db > loud - IN_ITS_OWN_RIGHT_DB;
  const audible = frames.filter(({ db }) => db > floor);
  const run = (holds: (frame: SoundFrame, before: SoundFrame | undefined) => boolean) =>
    longestRun(frames, (frame, before) => frame.db > floor && holds(frame, before)) * HOP_MS;
  const spectrum = longTerm(audible);
  return {
    ms: frames.length * HOP_MS,
    audibleMs: audible.length * HOP_MS,
    trace,
    toneMs: run(
      ({ lineShare, lineHz }, before) =>
        lineShare > LINE_SHARE && before !== undefined && Math.abs(lineHz / before.lineHz - 1) < STEADY,
    ),
    lineMs: run(({ lineShare }) => lineShare > PURE_SHARE),
    keyMs: run(({ keyShare }) => keyShare > KEY_SHARE),
    flatMs: run(flat),
    flatShare: audible.filter(flat).length / Math.max(1, audible.length),
    clipped: audible.reduce((sum, { clipped }) => sum + clipped, 0) / Math.max(1, audible.length),
    bassDb: ratioDb(spectrum, [80, 200], [300, 3_000]),
    trebleDb: ratioDb(spectrum, [4_500, 7_000], [300, 3_000]),
    decayDb: decay(frames, floor),
    comb: meanLogPower ? combHeight(meanLogPower, binHz) : 0,
  };
}

function loudest(frames: readonly SoundFrame[]): number {
  const levels = frames.map(({ db }) => db).sort((a, b) => a - b);
  return levels[Math.floor(levels.length * 0.95)] ?? AUDIBLE_DB;
}

function longestRun<T>(items: readonly T[], holds: (item: T, before: T | undefined) => boolean): number {
  let longest = 0;
  let run = 0;
  items.forEach((item, at) => {
    run = holds(item, items[at - 1]) ? run + 1 : 0;
    longest = Math.max(longest, run);
  });
  return longest;
}

function longTerm(frames: readonly SoundFrame[]): Float64Array {
  const sum = new Float64Array(BANDS);
  for (const { bands } of frames) {
    for (let band = 0; band < BANDS; band += 1) sum[band] = (sum[band] as number) + (bands[band] as number);
  }
  return sum;
}

function ratioDb(spectrum: Float64Array, part: readonly [number, number], whole: readonly [number, number]) {
  const within = ([from, to]: readonly [number, number]) =>
    spectrum.reduce(
      (sum, power, band) => sum + (bandHz(band) >= from && bandHz(band) < to ? power : 0),
      1e-12,
    );
  return 10 * Math.log10(within(part) / within(whole));
}

/** Falls of the level over 48 ms, where it falls by at least 4 dB: their middle, dB a second. */
function decay(frames: readonly SoundFrame[], floor: number): number {
  const falls: number[] = [];
  for (let at = 3; at < frames.length; at += 1) {
    const from = frames[at - 3]?.db ?? floor;
    const fall = from - Math.max(floor, frames[at]?.db ?? floor);
    if (from > floor + 6 && fall >= 4) falls.push(fall / (3 * HOP_MS * 0.001));
  }
  falls.sort((a, b) => a - b);
  return falls.length >= 5 ? (falls[Math.floor(falls.length / 2)] ?? 0) : Number.NaN;
}

/** The highest peak of the cepstrum of the long-term spectrum, in standard deviations of what is around it. */
function combHeight(logs: Float64Array, binHz: number): number {
  const from = Math.ceil(300 / binHz);
  const to = Math.min(logs.length, Math.floor(6_500 / binHz));
  const n = to - from;
  const detail = new Float64Array(n);
  // What changes over more than a kilohertz is the voice and the microphone.
  const half = Math.round(500 / binHz);
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    let count = 0;
    for (let j = Math.max(0, i - half); j <= Math.min(n - 1, i + half); j += 1) {
      sum += logs[from + j] as number;
      count += 1;
    }
    detail[i] = ((logs[from + i] as number) - sum / count) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
  }
  const heights: number[] = [];
  for (let ms = COMB_MS[0]; ms < COMB_MS[1]; ms *= 1.03) {
    const step = 2 * Math.PI * binHz * ms * 0.001;
    let re = 0;
    let im = 0;
    for (let i = 0; i < n; i += 1) {
      re += (detail[i] as number) * Math.cos(step * i);
      im += (detail[i] as number) * Math.sin(step * i);
    }
    heights.push(Math.hypot(re, im) / n);
  }
  return Math.max(...heights);
}
