import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSoundProfile, type SoundFinding, type SoundProfile, writeWav } from '../../main/media/index.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import { type SoundServer, startPulseAudio } from '../support/pulseaudio.ts';
import { scratch, sotto, startSotto } from './sotto.ts';

const SENTENCE = 'Good morning, what is the balance of my account, please?';
/** As the sound server attenuates the way from the speaker back into the room. */
const RETURN_DB = -12;
let server: SoundServer;

interface Told {
  readonly measured: SoundProfile['measured'];
  readonly settings: SoundProfile['settings'];
  readonly findings: readonly SoundFinding[];
  readonly file: string | null;
}

beforeAll(async () => {
  server = await startPulseAudio();
  const pactl = (...args: string[]) => execFileSync('pactl', args, { env: server.env }).toString();
  pactl('load-module', 'module-loopback', 'source=speaker.monitor', 'sink=room', 'latency_msec=60');
  const [input = ''] = pactl('list', 'short', 'sink-inputs').split('\t');
  pactl('set-sink-input-volume', input, `${RETURN_DB}dB`);
});
afterAll(() => server?.stop());

test('a desk is measured through its own devices, told in words, and kept', { timeout: 60_000 }, async () => {
  const folder = scratch();
  const person = join(folder, 'person.wav');
  await writeWav(person, await personSays(SENTENCE), PERSON_RATE);
  const { child, ended } = startSotto(['soundcheck', '--json', '--data', folder], server.env);
  let spoke: Promise<void> | null = null;
  let asked = '';
  child.stderr?.on('data', (text: string) => {
    asked += text;
    if (asked.includes('Now say')) spoke ??= server.playIntoRoom(person);
  });
  const { code, out, err } = await ended;
  await spoke;
  expect(err).toMatch(/be quiet[\s\S]*tones[\s\S]*Now say/);
  const told = JSON.parse(out) as Told;
  expect(told.measured.noiseFloorDb).toBeLessThan(-60);
  expect(Math.abs((told.measured.echo?.returnDb ?? 0) - RETURN_DB)).toBeLessThan(3);
  expect(told.measured.echo?.delayMs).toBeGreaterThan(60);
  expect(told.measured.echo?.delayMs).toBeLessThan(800);
  expect(told.measured.speechDb).toBeGreaterThan(-32);
  expect(told.measured.speechDb).toBeLessThan(-12);
  // An echo of -12 dB is as loud as a person: told apart by nothing but a key.
  expect(told.settings).toMatchObject({ suppressEcho: true, echoDelayMs: told.measured.echo?.delayMs });
  expect(told.findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['noise', 'level', 'echo', 'mode']),
  );
  expect(code).toBe(0);
  expect(told.file).toBe(join(folder, 'sound.json'));
  expect(await readSoundProfile(join(folder, 'sound.json'))).toMatchObject({
    carrier: 'device',
    microphone: expect.any(String),
    speaker: expect.any(String),
    measured: told.measured,
    settings: told.settings,
  });
});

test('a dry run keeps nothing, and words come without --json', { timeout: 40_000 }, async () => {
  const folder = scratch();
  const args = ['soundcheck', '--no-speech', '--dry-run', '--data', folder];
  const { code, out, err } = await sotto(args, { env: server.env });
  expect(err).not.toContain('Now say');
  expect(out).toMatch(/^ok {4}The quiet room is at -\d+ dB: quiet enough\.$/m);
  expect(out).toMatch(/The speaker comes back through the microphone at -1\d dB after \d+ ms/);
  expect(out).not.toContain('Nobody was heard');
  expect(code).toBe(0);
  expect(existsSync(join(folder, 'sound.json'))).toBe(false);
});

test('a machine without devices is told so, with its own exit code', async () => {
  const { code, err } = await sotto(['soundcheck', '--data', scratch()], {
    env: { HOME: '/nonexistent', PULSE_SERVER: 'unix:/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' },
  });
  expect([code, err]).toEqual([3, expect.stringContaining('next:')]);
});
