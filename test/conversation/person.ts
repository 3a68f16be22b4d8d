import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Recording, readWav } from '../../main/media/index.ts';

/**
 * What the person at the desk sounds like: a voice made from recordings of one (CMU Arctic slt, in Debian's `flite`).
 * eSpeak NG's own voices are made by rule, and an acoustic model of people takes few of their sounds for speech.
 */
const VOICE = ['-voice', 'slt', '--setf', 'duration_stretch=1.05'];

const run = promisify(execFile);
const said = new Map<string, Promise<Recording>>();

/** A sentence as the person says it (the flite program). */
export function personSays(text: string): Promise<Recording> {
  const known = said.get(text) ?? speak(text);
  said.set(text, known);
  return known;
}

async function speak(text: string): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-person-'));
  try {
    const file = join(folder, 'said.wav');
    await run('flite', [...VOICE, '-t', text, '-o', file]).catch((cause: unknown) => {
      throw new Error('The person has no voice: apt-get install flite', { cause });
    });
    return await readWav(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
