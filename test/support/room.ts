/** A way from a speaker to a microphone: delay, attenuation, and a room that dies away in a fifth of a second. */
export function roomPath(path: {
  readonly delayMs: number;
  /** Of the direct sound. */
  readonly returnDb: number;
  readonly sampleRate: number;
}): (played: Float32Array) => Float32Array {
  const { sampleRate } = path;
  const gain = 10 ** (path.returnDb / 20);
  const delay = Math.round((path.delayMs * sampleRate) / 1000);
  // Reflections at fixed, irregular times, each weaker than the one before.
  const taps = [{ at: delay, gain }];
  for (let k = 1; k <= 40; k += 1) {
    const ms = 3 + k * 4.7 + ((k * 7919) % 13) / 5;
    const sign = (k * 2654435761) % 3 === 0 ? -1 : 1;
    taps.push({
      at: delay + Math.round((ms * sampleRate) / 1000),
      gain: sign * gain * 0.5 * 10 ** (-ms / 70),
    });
  }
  return (played) => {
    const heard = new Float32Array(played.length + (taps.at(-1)?.at ?? 0));
    for (const tap of taps)
      for (let at = 0; at < played.length; at += 1)
        heard[at + tap.at] = (heard[at + tap.at] ?? 0) + tap.gain * (played[at] ?? 0);
    return heard;
  };
}
