/** Sentences in several voices, made once and kept in a temporary folder. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFile } from '../../test/support/data.ts';

const FOLDER = join(tmpdir(), 'sotto-spoken');
const FLITE = new Set(['slt', 'rms', 'awb', 'kal16']);
const ESPEAK: Readonly<Record<string, string>> = { espeak: 'en-us', f3: 'en-us+f3', gb: 'en-gb' };
/** Pauses between digits said one at a time by a person, in seconds. */
const PAUSES = [0.08, 0.2, 0.12, 0.15];

export const HUMAN = 'human';
export const VOICES: readonly string[] = ['slt', 'rms', 'awb', 'espeak', 'f3', HUMAN];

/** A 16 kHz WAV file of the sentence; null when the voice cannot say it (the person says digits only). */
export function spokenFile(text: string, voice: string): string | null {
  mkdirSync(FOLDER, { recursive: true });
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const file = join(FOLDER, `${voice}-${name}.wav`);
  if (existsSync(file)) return file;
  const parts = voice === HUMAN ? digitsSaid(text, name) : [said(text, voice, name)];
  if (parts === null) return null;
  const making = join(FOLDER, `${voice}-${name}.part.wav`);
  run('sox', [...parts, '-r', '16000', '-c', '1', '-b', '16', making, 'gain', '-n', '-6', 'pad', '0.25', '0.35']);
  renameSync(making, file);
  for (const part of parts) rmSync(part);
  return file;
}

function said(text: string, voice: string, name: string): string {
  const raw = join(FOLDER, `${voice}-${name}.raw.wav`);
  if (FLITE.has(voice)) run('flite', ['-voice', voice, '-t', text, '-o', raw]);
  else run('espeak-ng', ['-v', ESPEAK[voice] ?? voice, '-s', '150', '-w', raw, text]);
  return raw;
}

/** Recordings of single digits, one after the other; each time another take. */
function digitsSaid(text: string, name: string): string[] | null {
  const takes = readdirSync(dataFile('speech', 'spelled'));
  const words = text.split(' ');
  const files = words.map((word, at) => {
    const own = takes.filter((file) => file.startsWith(`${word === 'oh' ? 'o' : word}-`));
    return word.length > 1 ? own[(at + text.length) % own.length] : undefined;
  });
  if (files.includes(undefined)) return null;
  return files.map((file, at) => {
    const part = join(FOLDER, `human-${name}-${at}.raw.wav`);
    const trim = ['silence', '1', '0.02', '1%', 'reverse', 'silence', '1', '0.02', '1%', 'reverse'];
    const pause = String(PAUSES[(at + text.length) % PAUSES.length]);
    run('sox', [dataFile('speech', 'spelled', file ?? ''), part, ...trim, 'pad', '0', pause]);
    return part;
  });
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
