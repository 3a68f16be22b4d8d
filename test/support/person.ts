/** A person for tests: a voice that is not the agent's (Debian's flite), talking with an agent that answers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, writeWav } from '../../main/media/index.ts';

export const PERSON_RATE = 16_000;

/** What the person says, and what the agent then answers: as long as that takes, the person waits. */
export interface Exchange {
  readonly says: string;
  readonly answer: string;
}

/** flite speaks at full scale; a person before a microphone does not. */
const LOUDNESS = 0.4;
/** From the person's last word to the agent's first: endpointing, recognition, a tool. */
const ANSWER_BEGINS_MS = 1_400;
const REACTION_MS = 1_000;
/** The microphone is open before the agent can speak. */
const CONNECTING_MS = 1_500;

/** A sentence in the person's voice (one of flite's), 16 kHz. */
export async function personSays(text: string, voice = 'slt'): Promise<Float32Array> {
  const { samples } = await spoken('flite', (file) => ['-voice', voice, '-t', text, '-o', file]);
  return samples.map((sample) => sample * LOUDNESS);
}

/** The person's whole side of a conversation as one recording, with pauses in which the agent speaks. */
export async function personTalks(
  file: string,
  opening: string,
  exchanges: readonly Exchange[],
): Promise<void> {
  const parts = [quiet(CONNECTING_MS + (await agentNeedsMs(opening)) + REACTION_MS)];
  for (const { says, answer } of exchanges) {
    parts.push(await personSays(says));
    parts.push(quiet(ANSWER_BEGINS_MS + (await agentNeedsMs(answer)) + REACTION_MS));
  }
  await writeWav(file, joined(parts), PERSON_RATE);
}

async function agentNeedsMs(text: string): Promise<number> {
  const { samples, sampleRate } = await spoken('espeak-ng', (file) => [
    ...['-v', 'en-us', '-s', '165', '-w', file, text],
  ]);
  return (samples.length * 1000) / sampleRate;
}

async function spoken(command: string, args: (file: string) => string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-person-'));
  try {
    const file = join(folder, 'spoken.wav');
    execFileSync(command, args(file), { stdio: 'pipe' });
    return await readWav(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function quiet(ms: number): Float32Array {
  return new Float32Array(Math.round((ms * PERSON_RATE) / 1000));
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
