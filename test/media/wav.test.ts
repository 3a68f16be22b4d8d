import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../main/base/index.ts';
import { levelOf, readWav, WavWriter, writeWav } from '../../main/media/index.ts';
import { amplitudeAt, tone } from '../support/tones.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-wav-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** sox makes the files: what we read was written by somebody else. */
function soxTone(name: string, ...encoding: string[]): string {
  execFileSync('sox', ['-n', ...encoding, at(name), 'synth', '0.5', 'sine', '440', 'vol', '0.5']);
  return at(name);
}

describe('reading a WAV file', () => {
  const encodings: [string, string[]][] = [
    ['8-bit', ['-b', '8', '-e', 'unsigned-integer']],
    ['16-bit', ['-b', '16', '-e', 'signed-integer']],
    ['24-bit (extensible header)', ['-b', '24', '-e', 'signed-integer']],
    ['32-bit', ['-b', '32', '-e', 'signed-integer']],
    ['32-bit float', ['-b', '32', '-e', 'floating-point']],
    ['64-bit float', ['-b', '64', '-e', 'floating-point']],
  ];
  it.each(encodings)('gives the same tone from %s', async (name, encoding) => {
    const { samples, sampleRate } = await readWav(
      soxTone(`${name[0]}-${encoding[1]}.wav`, '-r', '22050', ...encoding),
    );
    expect(sampleRate).toBe(22_050);
    expect(samples.length).toBe(11_025);
    expect(amplitudeAt(440, samples, sampleRate)).toBeCloseTo(0.5, 1);
  });

  it('mixes channels to one', async () => {
    const left = soxTone('left.wav', '-r', '16000', '-b', '16');
    execFileSync('sox', [left, at('right.wav'), 'gain', '-6.02']);
    execFileSync('sox', ['-M', left, at('right.wav'), at('stereo.wav')]);
    const { samples, sampleRate } = await readWav(at('stereo.wav'));
    expect(samples.length).toBe(8_000);
    expect(amplitudeAt(440, samples, sampleRate)).toBeCloseTo(0.375, 2);
  });

  const original = readFileSync(soxTone('good.wav', '-r', '16000', '-b', '16'));
  const spoilt: [string, (bytes: Buffer) => Buffer | number][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is not RIFF', (bytes) => bytes.write('RIFX', 0, 'latin1')],
    ['is cut short', (bytes) => bytes.subarray(0, 1000)],
    ['claims four gigabytes of sound', (bytes) => bytes.writeUInt32LE(0xffffffff, 40)],
    ['has no channel', (bytes) => bytes.writeUInt16LE(0, 22)],
    ['has 65535 channels', (bytes) => bytes.writeUInt16LE(65_535, 22)],
    ['has a rate of nothing', (bytes) => bytes.writeUInt32LE(0, 24)],
    ['has a rate beyond all hearing', (bytes) => bytes.writeUInt32LE(4_000_000_000, 24)],
    ['is compressed', (bytes) => bytes.writeUInt16LE(0x55, 20)],
    ['has 12-bit samples', (bytes) => bytes.writeUInt16LE(12, 34)],
    ['contradicts itself', (bytes) => bytes.writeUInt16LE(7, 32)],
    ['has no sound', (bytes) => bytes.write('junk', 36, 'latin1')],
  ];
  it.each(spoilt)('refuses a file that %s', async (name, spoil) => {
    const bytes = Buffer.from(original);
    const result = spoil(bytes);
    writeFileSync(at(`${name}.wav`), typeof result === 'number' ? bytes : result);
    await expect(readWav(at(`${name}.wav`))).rejects.toSatisfy((error) => hasCode(error, 'media/bad-wav'));
  });

  it('says the same of a file that is not there', async () => {
    await expect(readWav(at('nowhere.wav'))).rejects.toSatisfy((error) => hasCode(error, 'media/bad-wav'));
  });
});

describe('writing a WAV file', () => {
  it('writes what sox and we read back, for its owner alone', async () => {
    await writeWav(at('out.wav'), tone(440, 500, 16_000), 16_000);
    expect(
      execFileSync('soxi', ['-s', at('out.wav')])
        .toString()
        .trim(),
    ).toBe('8000');
    const { samples } = await readWav(at('out.wav'));
    expect(amplitudeAt(440, samples, 16_000)).toBeCloseTo(0.5, 3);
    expect(statSync(at('out.wav')).mode & 0o077).toBe(0);
  });

  it('leaves a playable file when the process dies half-way', async () => {
    const writer = await WavWriter.create(at('dying.wav'), 16_000);
    for (let i = 0; i < 70; i++) writer.append(tone(440, 20, 16_000));
    await expect.poll(() => statSync(at('dying.wav')).size).toBeGreaterThanOrEqual(44 + 32_000);
    copyFileSync(at('dying.wav'), at('dead.wav'));
    const { samples } = await readWav(at('dead.wav'));
    expect(samples.length).toBe(16_000);
    await writer.close();
    expect((await readWav(at('dying.wav'))).samples.length).toBe(22_400);
  });

  it('tells when the folder is not there', async () => {
    await expect(writeWav(at('no/where.wav'), tone(440, 20, 16_000), 16_000)).rejects.toSatisfy((error) =>
      hasCode(error, 'media/cannot-write'),
    );
  });
});

describe('the level of a block', () => {
  it('is measured in dBFS', () => {
    const level = levelOf(tone(1000, 100, 16_000, 0.5));
    expect(level.rmsDb).toBeCloseTo(-9.03, 1);
    expect(level.peakDb).toBeCloseTo(-6.02, 1);
    expect(level.clipped).toBe(false);
  });
  it('tells clipping and silence', () => {
    expect(levelOf(tone(1000, 100, 16_000, 3).map((x) => Math.max(-1, Math.min(1, x)))).clipped).toBe(true);
    expect(levelOf(new Float32Array(160))).toEqual({ rmsDb: -100, peakDb: -100, clipped: false });
  });
});
