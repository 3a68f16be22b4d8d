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
const FLITE = ['--setf', 'duration_stretch=1.05'];
/** Voices of people that flite has, and one that eSpeak NG makes by rule. */
export type PersonVoice = 'slt' | 'rms' | 'awb' | 'kal16' | 'espeak';

const run = promisify(execFile);
const said = new Map<string, Promise<Recording>>();

/** A sentence as the person says it (the flite program, or espeak-ng). */
export function personSays(text: string, voice: PersonVoice = 'slt'): Promise<Recording> {
  const key = `${voice} ${text}`;
  const known = said.get(key) ?? speak(text, voice);
  said.set(key, known);
  return known;
}

async function speak(text: string, voice: PersonVoice): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-person-'));
  try {
    const file = join(folder, 'said.wav');
    const made =
      voice === 'espeak'
        ? run('espeak-ng', ['-v', 'en-us', '-s', '150', '-w', file, text])
        : run('flite', ['-voice', voice, ...FLITE, '-t', text, '-o', file]);
    await made.catch((cause: unknown) => {
      throw new Error('The person has no voice: apt-get install flite espeak-ng', { cause });
    });
    return await readWav(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
