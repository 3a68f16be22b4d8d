import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delay, hasCode, joinSamples } from '../../main/base/index.ts';
import {
  type AudioFrame,
  type DeviceEndpoint,
  listDevices,
  openDeviceEndpoint,
  writeWav,
} from '../../main/media/index.ts';
import { type SoundServer, startPulseAudio } from '../support/pulseaudio.ts';
import { amplitudeAt, tone } from '../support/tones.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-device-'));
const originalEnv = { ...process.env };
let server: SoundServer;

beforeAll(async () => {
  server = await startPulseAudio();
  Object.assign(process.env, server.env);
});
afterAll(async () => {
  await server.stop();
  process.env = originalEnv;
  rmSync(folder, { recursive: true });
});

const open: DeviceEndpoint[] = [];
afterEach(() => Promise.all(open.splice(0).map((endpoint) => endpoint.close())));
async function opened(options = {}): Promise<DeviceEndpoint> {
  const endpoint = await openDeviceEndpoint(options);
  open.push(endpoint);
  return endpoint;
}

async function collect(endpoint: DeviceEndpoint, frames: AudioFrame[]): Promise<unknown> {
  try {
    for await (const frame of endpoint.frames()) frames.push(frame);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('the devices of this machine', () => {
  it('are listed, with the default ones marked', async () => {
    const devices = await listDevices();
    const byDefault = devices.filter((device) => device.defaultInput && device.defaultOutput);
    expect(byDefault).toHaveLength(1);
    expect(byDefault[0]?.inputs).toBeGreaterThan(0);
    expect(byDefault[0]?.outputs).toBeGreaterThan(0);
  });

  it('hear a person in the room', async () => {
    const wav = join(folder, 'person.wav');
    await writeWav(wav, tone(700, 800, 16_000), 16_000);
    const endpoint = await opened();
    const frames: AudioFrame[] = [];
    void collect(endpoint, frames);
    await delay(200);
    await server.playIntoRoom(wav);
    await delay(300);
    expect(frames.every((frame) => frame.sampleRate === 48_000 && frame.samples.length === 960)).toBe(true);
    const voiced = frames.filter((frame) => amplitudeAt(700, frame.samples, 48_000) > 0.4);
    expect(voiced.length * 20).toBeGreaterThan(700);
    expect(voiced.length * 20).toBeLessThan(900);
  });

  it('let the agent be heard, and its clock tells how much', async () => {
    const endpoint = await opened();
    void collect(endpoint, []);
    const recording = server.recordSpeaker();
    await delay(300);
    await endpoint.playout.write(tone(900, 600, 22_050), 22_050);
    await endpoint.playout.drained();
    expect(endpoint.playout.heardMs).toBeCloseTo(600, 0);
    await delay(200);
    const sound = await recording.stop();
    const blocks = Array.from({ length: Math.floor(sound.length / 320) }, (_, i) =>
      sound.subarray(i * 320, (i + 1) * 320),
    );
    const voiced = blocks.filter((block) => amplitudeAt(900, block, 16_000) > 0.4);
    expect(voiced.length * 20).toBeGreaterThan(520);
    expect(amplitudeAt(900, joinSamples(voiced), 16_000)).toBeGreaterThan(0.3);
  });

  it('stop quickly when flushed', async () => {
    const endpoint = await opened();
    const recording = server.recordSpeaker();
    await delay(300);
    void endpoint.playout.write(tone(900, 5_000, 48_000), 48_000);
    await delay(500);
    const heard = endpoint.playout.flush();
    await delay(500);
    const sound = await recording.stop();
    const voiced = Array.from({ length: Math.floor(sound.length / 320) }, (_, i) =>
      sound.subarray(i * 320, (i + 1) * 320),
    ).filter((block) => amplitudeAt(900, block, 16_000) > 0.3);
    expect(heard).toBeGreaterThan(200);
    expect(voiced.length * 20).toBeLessThan(700);
    expect(Math.abs(voiced.length * 20 - heard)).toBeLessThan(200);
  });

  it('that do not exist are refused with a remedy', async () => {
    await expect(openDeviceEndpoint({ input: 200 })).rejects.toSatisfy(
      (error) => hasCode(error, 'media/device-failed') && error.remedy !== undefined,
    );
  });

  it('need a library, and say which when it is missing', async () => {
    const blocked = join(folder, 'no-libasound.cjs');
    const message = 'libasound.so.2: cannot open shared object file: No such file or directory';
    writeFileSync(blocked, `process.dlopen = () => { throw new Error(${JSON.stringify(message)}) };`);
    process.env.NODE_OPTIONS = `--require ${blocked}`;
    try {
      const refused = expect.toSatisfy(
        (error: unknown) =>
          hasCode(error, 'media/no-device-library') && error.remedy?.includes('libasound2') === true,
      );
      await expect(listDevices()).rejects.toEqual(refused);
      await expect(openDeviceEndpoint()).rejects.toEqual(refused);
    } finally {
      delete process.env.NODE_OPTIONS;
    }
  });

  it('that go away end the frames with a typed error, and nothing else breaks', async () => {
    const own = await startPulseAudio();
    Object.assign(process.env, own.env);
    const endpoint = await opened();
    Object.assign(process.env, server.env);
    const ended = collect(endpoint, []);
    await delay(300);
    await own.stop();
    expect(hasCode(await ended, 'media/device-lost')).toBe(true);
    await endpoint.playout.write(tone(900, 5_000, 48_000), 48_000);
    await endpoint.playout.drained();
  });
});
