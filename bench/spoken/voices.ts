/** Sentences in several voices, made once and kept in a temporary folder. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '../../test/speech/sound.ts';
import { dataFile } from '../../test/support/data.ts';

const FOLDER = join(tmpdir(), 'sotto-spoken');
const FLITE = new Set(['slt', 'rms', 'awb', 'kal16']);
const ESPEAK: Readonly<Record<string, string>> = { espeak: 'en-us', f3: 'en-us+f3', gb: 'en-gb' };
/** Pauses between digits said one at a time by a person, in seconds. */
const PAUSES = [0.12, 0.2, 0.16, 0.18];

export const HUMAN = 'human';
export const VOICES: readonly string[] = ['slt', 'rms', 'awb', 'espeak', 'f3', HUMAN];

/** A 16 kHz WAV file of the sentence; null when the voice cannot say it (the person says digits only). */
export function spokenFile(text: string, voice: string): string | null {
  mkdirSync(FOLDER, { recursive: true });
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const file = join(FOLDER, `${voice}-${name}.wav`);
  if (existsSync(file)) return file;
  if (voice === HUMAN) {
    const samples = digitsSaid(text);
    if (samples) writeWav(file, samples);
    return samples && file;
  }
  // Several processes may be making the same one.
  const own = `${name}.${process.pid}`;
  const raw = said(text, voice, own);
  const making = join(FOLDER, `${voice}-${own}.part.wav`);
  const form = '-r 16000 -c 1 -b 16'.split(' ');
  run('sox', [raw, ...form, making, ...'gain -n -6 pad 0.25 0.35'.split(' ')]);
  renameSync(making, file);
  rmSync(raw);
  return file;
}

function said(text: string, voice: string, name: string): string {
  const raw = join(FOLDER, `${voice}-${name}.raw.wav`);
  if (FLITE.has(voice)) run('flite', ['-voice', voice, '-t', text, '-o', raw]);
  else run('espeak-ng', ['-v', ESPEAK[voice] ?? voice, '-s', '150', '-w', raw, text]);
  return raw;
}

/** Recordings of single digits, one after the other; each time another take. */
function digitsSaid(text: string): Float32Array | null {
  const takes = readdirSync(dataFile('speech', 'spelled'));
  const parts: Float32Array[] = [];
  for (const [at, word] of text.split(' ').entries()) {
    const own = takes.filter((file) => file.startsWith(`${word === 'oh' ? 'o' : word}-`));
    const take = own[(at + text.length) % own.length];
    if (word.length < 2 || take === undefined) return null;
    const pause = PAUSES[(at + text.length) % PAUSES.length] ?? 0;
    parts.push(trimmed(readWav(dataFile('speech', 'spelled', take)).samples, pause));
  }
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** The word at half the full level, with as much of the room around it as the pause asks for. */
function trimmed(samples: Float32Array, pause: number): Float32Array {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const isLoud = (value: number) => Math.abs(value) > peak * 0.03;
  const around = Math.round((pause / 2) * 16_000);
  const from = Math.max(0, samples.findIndex(isLoud) - around);
  return samples.slice(from, samples.findLastIndex(isLoud) + around).map((value) => (value / peak) * 0.5);
}

function writeWav(file: string, samples: Float32Array): void {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  const header = [16, 0x00010001, 16_000, 32_000, 0x00100002];
  for (const [at, value] of header.entries()) bytes.writeUInt32LE(value, 16 + at * 4);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [at, value] of samples.entries()) bytes.writeInt16LE(Math.round(value * 32767), 44 + at * 2);
  writeFileSync(file, bytes);
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
