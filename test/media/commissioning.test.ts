import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  echoProbe,
  findEcho,
  findingsOf,
  readSoundProfile,
  readWav,
  resample,
  type SoundMeasurement,
  type SoundProfile,
  settingsFor,
  writeSoundProfile,
} from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';
import { roomPath } from '../support/room.ts';

const RATE = 48_000;
const QUIET: SoundMeasurement = {
  noiseFloorDb: -60,
  noisePeakDb: -55,
  speechDb: -28,
  speechPeakDb: -12,
  clipped: false,
  echo: null,
  asked: true,
};

test.each([
  { delayMs: 12, returnDb: -6, noiseDb: -70 },
  { delayMs: 83, returnDb: -18, noiseDb: -55 },
  { delayMs: 240, returnDb: -30, noiseDb: -50 },
  { delayMs: 640, returnDb: -12, noiseDb: -40 },
])('an echo of $returnDb dB after $delayMs ms in noise of $noiseDb dB is measured as that', async (path) => {
  const { heard, returnDb } = await inOffice(path);
  const found = findEcho(echoProbe(), { samples: heard, sampleRate: RATE });
  expect(found?.delayMs).toBeGreaterThan(path.delayMs - 10);
  expect(found?.delayMs).toBeLessThan(path.delayMs + 10);
  expect(Math.abs((found?.returnDb ?? 0) - returnDb)).toBeLessThan(3);
});

test('at the rate of a narrow microphone too', async () => {
  const { heard, returnDb } = await inOffice({ delayMs: 100, returnDb: -20, noiseDb: -60 });
  const found = findEcho(echoProbe(), { samples: resample(heard, RATE, 16_000), sampleRate: 16_000 });
  expect(Math.abs((found?.delayMs ?? 0) - 100)).toBeLessThan(10);
  expect(Math.abs((found?.returnDb ?? 0) - returnDb)).toBeLessThan(3);
});

test('no echo is found in an office where nothing comes back, nor in silence, nor in speech', async () => {
  const office = await inOffice({ delayMs: 10, returnDb: -200, noiseDb: -35 });
  expect(findEcho(echoProbe(), { samples: office.heard, sampleRate: RATE })).toBeNull();
  expect(findEcho(echoProbe(), { samples: new Float32Array(RATE * 2), sampleRate: RATE })).toBeNull();
  const speech = await readWav(dataFile('speech', 'clips', 'jfk.wav'));
  const samples = resample(speech.samples, speech.sampleRate, RATE).subarray(0, RATE * 2);
  expect(findEcho(echoProbe(), { samples, sampleRate: RATE })).toBeNull();
  expect(findEcho(echoProbe(), { samples: new Float32Array(0), sampleRate: RATE })).toBeNull();
});

test('what follows from a measurement', () => {
  expect(settingsFor(QUIET)).toEqual({
    inputGainDb: 2,
    noiseThresholdDb: -47,
    suppressEcho: false,
    echoDelayMs: null,
    echoDb: null,
    talkMode: 'handsFree',
  });
  const speaker = { ...QUIET, echo: { returnDb: -25, delayMs: 120 } };
  expect(settingsFor(speaker)).toMatchObject({
    suppressEcho: true,
    echoDelayMs: 120,
    echoDb: -45,
    talkMode: 'handsFree',
  });
  const headset = { ...QUIET, echo: { returnDb: -55, delayMs: 90 } };
  expect(settingsFor(headset)).toMatchObject({ suppressEcho: false, echoDelayMs: null });
  const loud = { ...QUIET, echo: { returnDb: -8, delayMs: 120 } };
  expect(settingsFor(loud)).toMatchObject({ suppressEcho: true, talkMode: 'pushToTalk' });
  const noisy = { ...QUIET, noiseFloorDb: -33, noisePeakDb: -30 };
  expect(settingsFor(noisy)).toMatchObject({ talkMode: 'pushToTalk', noiseThresholdDb: -25 });
  expect(settingsFor({ ...QUIET, speechDb: -50, speechPeakDb: -35 })).toMatchObject({ inputGainDb: 24 });
  expect(settingsFor({ ...QUIET, speechDb: -20, speechPeakDb: 0, clipped: true }).inputGainDb).toBe(-6);
});

test('findings say in words what is wrong and what to do', () => {
  const states = (measured: SoundMeasurement) =>
    findingsOf(measured).map(({ id, state }) => `${id} ${state}`);
  expect(states(QUIET)).toEqual(['noise ok', 'level ok', 'echo ok', 'mode ok']);
  const bad = { ...QUIET, noiseFloorDb: -30, clipped: true, echo: { returnDb: -5, delayMs: 100 } };
  expect(states(bad)).toEqual(['noise fail', 'level fail', 'clipping warn', 'echo warn', 'mode warn']);
  expect(states({ ...QUIET, speechDb: null, speechPeakDb: null })).toContain('level fail');
  expect(states({ ...QUIET, speechDb: null, speechPeakDb: null, asked: false })).not.toContain('level fail');
  for (const { state, remedy } of findingsOf(bad)) expect(state === 'ok' || remedy !== null).toBe(true);
});

test('a desk’s profile is kept for its user alone, read again, and refused when it was damaged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'data', 'sound.json');
  expect(await readSoundProfile(file)).toBeNull();
  const profile: SoundProfile = {
    format: 1,
    measuredAt: 1_780_000_000_000,
    carrier: 'device',
    microphone: null,
    speaker: null,
    measured: QUIET,
    settings: settingsFor(QUIET),
  };
  await writeSoundProfile(file, profile);
  expect(await readSoundProfile(file)).toEqual(profile);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, '{"format":1}');
  await expect(readSoundProfile(file)).rejects.toMatchObject({ code: 'media/bad-profile' });
});

/** The probe through a room, with the noise of a real office at this level. */
async function inOffice(path: { delayMs: number; returnDb: number; noiseDb: number }) {
  const probe = echoProbe();
  const room = roomPath({ ...path, sampleRate: RATE });
  const echo = room(probe.samples);
  const office = await readWav(dataFile('sound', 'office.wav'));
  const noise = resample(office.samples, office.sampleRate, RATE);
  const rms = Math.sqrt(noise.reduce((sum, one) => sum + one * one, 0) / noise.length);
  const gain = 10 ** (path.noiseDb / 20) / rms;
  const heard = Float32Array.from(
    { length: Math.round(RATE * 1.8) },
    (_, at) => (echo[at] ?? 0) + gain * (noise[at % noise.length] ?? 0),
  );
  const energy = (all: Float32Array) => all.reduce((sum, one) => sum + one * one, 0);
  return { heard, returnDb: 10 * Math.log10(energy(echo) / energy(probe.samples)) };
}
