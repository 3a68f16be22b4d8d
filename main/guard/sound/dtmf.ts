/** The two groups of tones of telephone keys, Hz (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
/** One tone of a key is at most 8 dB stronger than the other (ITU-T Q.24: 4 to 8 dB of twist are accepted). */
const MOST_TWIST = 10 ** 0.8;
/** Senders keep within 1.8 % of the frequency (Q.24); the window is no finer. */
const TOLERANCE = 0.035;

/**
 * How much of the power the two tones of the strongest key take, 0..1; 0 when they are not two of a key.
 * @param power of each bin; @param total all of it that counts; @param reach bins that a tone smears over.
 */
export function keyStrength(power: Float32Array, binHz: number, total: number, reach: number): number {
  const row = strongest(power, binHz, ROWS, reach);
  const column = strongest(power, binHz, COLUMNS, reach);
  const twisted = row > column * MOST_TWIST || column > row * MOST_TWIST;
  return twisted ? 0 : Math.min(1, (row + column) / total);
}

/** The power of the one tone of a group that stands out from its group; 0 when none does. */
function strongest(power: Float32Array, binHz: number, tones: readonly number[], reach: number): number {
  let best = 0;
  for (const hz of tones) {
    const from = Math.floor((hz * (1 - TOLERANCE)) / binHz);
    const to = Math.ceil((hz * (1 + TOLERANCE)) / binHz);
    let peak = from;
    for (let bin = from; bin <= to; bin += 1) if ((power[bin] ?? 0) > (power[peak] ?? 0)) peak = bin;
    // A slope of something beside it is no tone.
    if (peak === from || peak === to) continue;
    let sum = 0;
    for (let bin = peak - reach; bin <= peak + reach; bin += 1) sum += power[bin] ?? 0;
    best = Math.max(best, sum);
  }
  return best;
}
