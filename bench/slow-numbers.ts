/** Six digits said slowly: recordings of single ones (speech/spelled, one speaker), with the pauses of who looks them up. */
import { readdirSync } from 'node:fs';
import { type Recording, readWav } from '../main/media/index.ts';
import { dataFile } from '../test/support/data.ts';
import { joined, PERSON_RATE } from '../test/support/person.ts';

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** Between two digits, milliseconds, evenly spread. */
const SHORTEST_GAP_MS = 150;
const LONGEST_GAP_MS = 400;
/** Of a digit's own peak: below is the room before and after it. */
const ROOM = 0.02;

/** The same ones each time. */
export async function slowNumbers(count: number): Promise<readonly Recording[]> {
  const takes = readdirSync(dataFile('speech', 'spelled'));
  const random = randomFrom(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const numbers: Recording[] = [];
  for (let i = 0; i < count; i += 1) {
    const parts: Float32Array[] = [];
    for (let at = 0; at < 6; at += 1) {
      const digit = pick(DIGITS);
      parts.push(await spoken(pick(takes.filter((take) => take.startsWith(`${digit}-`)))));
      const gapMs = SHORTEST_GAP_MS + random() * (LONGEST_GAP_MS - SHORTEST_GAP_MS);
      if (at < 5) parts.push(new Float32Array(Math.round((gapMs * PERSON_RATE) / 1000)));
    }
    numbers.push({ samples: joined(parts), sampleRate: PERSON_RATE });
  }
  return numbers;
}

async function spoken(take: string): Promise<Float32Array> {
  const { samples, sampleRate } = await readWav(dataFile('speech', 'spelled', take));
  if (sampleRate !== PERSON_RATE) throw new Error(`${take} is not at ${PERSON_RATE} Hz`);
  const limit = ROOM * samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const isLoud = (sample: number) => Math.abs(sample) > limit;
  return samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
}

/** Linear congruential (Numerical Recipes): 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
