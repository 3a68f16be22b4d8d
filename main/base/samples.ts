/** Stretches of sound one after another, as one. */
export function joinSamples(blocks: readonly Float32Array[]): Float32Array {
  const [only] = blocks;
  if (only && blocks.length === 1) return only;
  const whole = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
