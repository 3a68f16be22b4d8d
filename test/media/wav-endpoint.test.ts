import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { delay, hasCode, joinSamples } from '../../main/base/index.ts';
import {
  type AudioFrame,
  levelOf,
  openWavEndpoint,
  readWav,
  type WavEndpoint,
} from '../../main/media/index.ts';
import { amplitudeAt, decibels, tone } from '../support/tones.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-endpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open: WavEndpoint[] = [];
afterEach(() => Promise.all(open.splice(0).map((endpoint) => endpoint.close())));
async function opened(options: { outFolder?: string; sampleRate?: number } = {}): Promise<WavEndpoint> {
  const endpoint = await openWavEndpoint({ label: 'test', ...options });
  open.push(endpoint);
  return endpoint;
}

async function listen(endpoint: WavEndpoint, count: number): Promise<AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const frame of endpoint.frames()) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  return frames;
}

describe('a person made of recordings', () => {
  it('is a quiet room until told to speak, then speaks, in 20 ms frames in real time', async () => {
    const endpoint = await opened();
    const startedAt = performance.now();
    const silence = await listen(endpoint, 10);
    const said = endpoint.say(tone(1000, 400, 44_100), 44_100);
    const speech = await listen(endpoint, 25);
    await said;
    expect(performance.now() - startedAt).toBeGreaterThan(680);
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(silence.every((frame) => frame.samples.length === 320 && frame.sampleRate === 16_000)).toBe(true);
    const room = levelOf(joinSamples(silence.map((frame) => frame.samples)));
    expect(room.rmsDb).toBeGreaterThan(-76);
    expect(room.rmsDb).toBeLessThan(-74);
    const heard = joinSamples(speech.map((frame) => frame.samples)).subarray(960, 5760);
    expect(decibels(amplitudeAt(1000, heard, 16_000) / 0.5)).toBeCloseTo(0, 1);
  });

  it('does not drift: the hundredth frame is no later than the first', async () => {
    const endpoint = await opened();
    const frames = await listen(endpoint, 100);
    const lateness = frames.map((frame, i) => frame.capturedAt - i * 20);
    expect(Math.abs(Math.min(...lateness.slice(90)) - Math.min(...lateness.slice(0, 10)))).toBeLessThan(10);
  });

  it('writes what the agent says to a file, and gives each reply', async () => {
    const endpoint = await opened({ outFolder: folder });
    for (const hz of [500, 900]) {
      await endpoint.playout.write(tone(hz, 300, 22_050), 22_050);
      await endpoint.playout.drained();
      const reply = await endpoint.takeReply();
      expect(reply).not.toBeNull();
      expect(amplitudeAt(hz, reply?.samples.subarray(0, 4800) ?? new Float32Array(1), 16_000)).toBeCloseTo(
        0.5,
        1,
      );
      await delay(60);
    }
    expect(await endpoint.takeReply()).toBeNull();
    await endpoint.close();
    const whole = await readWav(join(folder, 'agent.wav'));
    expect(amplitudeAt(500, whole.samples, 16_000)).toBeGreaterThan(0.1);
    const second = await readWav(join(folder, 'reply-002.wav'));
    expect(amplitudeAt(900, second.samples.subarray(0, 4800), 16_000)).toBeCloseTo(0.5, 1);
    expect(amplitudeAt(500, second.samples.subarray(0, 4800), 16_000)).toBeLessThan(0.01);
  });

  it('ends its frames and gives up what it had to say when closed', async () => {
    const endpoint = await opened();
    const said = endpoint.say(tone(1000, 5000, 16_000), 16_000);
    const refused = expect(said).rejects.toSatisfy((error) => hasCode(error, 'media/closed'));
    const frames = listen(endpoint, 1_000);
    await delay(100);
    await endpoint.close();
    await endpoint.close();
    await refused;
    expect((await frames).length).toBeLessThan(10);
  });
});

describe('the playout clock', () => {
  it('takes sound as there is room: never much more than 200 ms beyond what is heard', async () => {
    const { playout } = await opened();
    let ahead = 0;
    const watch = setInterval(() => {
      ahead = Math.max(ahead, playout.writtenMs - playout.heardMs);
    }, 5);
    const startedAt = performance.now();
    await playout.write(tone(500, 1000, 16_000), 16_000);
    const acceptedAfter = performance.now() - startedAt;
    clearInterval(watch);
    expect(playout.writtenMs).toBeCloseTo(1000, 0);
    expect(acceptedAfter).toBeGreaterThan(700);
    expect(ahead).toBeLessThan(260);
    await playout.drained();
    expect(playout.heardMs).toBeCloseTo(1000, 0);
    expect(performance.now() - startedAt).toBeGreaterThan(980);
  });

  it('stands still while paused and while nothing is queued', async () => {
    const { playout } = await opened();
    await playout.write(tone(500, 180, 16_000), 16_000);
    await delay(60);
    playout.pause();
    await delay(40);
    const heard = playout.heardMs;
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan(180);
    await delay(100);
    expect(playout.heardMs).toBe(heard);
    playout.resume();
    await playout.drained();
    expect(playout.heardMs).toBeCloseTo(180, 0);
    await delay(60);
    expect(playout.heardMs).toBeCloseTo(180, 0);
  });

  it('stops at once when flushed, lets writers go, and says how much was heard', async () => {
    const endpoint = await opened();
    const { playout } = endpoint;
    const written = playout.write(tone(500, 3000, 16_000), 16_000);
    await delay(300);
    const heard = playout.flush();
    expect(heard).toBeGreaterThan(200);
    expect(heard).toBeLessThan(320);
    await written;
    await playout.drained();
    const spokenAtFlush = (await endpoint.takeReply())?.samples.length ?? 0;
    await delay(100);
    expect(await endpoint.takeReply()).toBeNull();
    expect(spokenAtFlush / 16).toBeLessThan(340);
    expect(playout.heardMs).toBe(heard);
    const start = playout.writtenMs;
    await playout.write(tone(500, 100, 16_000), 16_000);
    await playout.drained();
    expect(playout.heardMs).toBeCloseTo(start + 100, 0);
  });

  it('rejects a write and a wait whose signal aborts, keeping what it had accepted', async () => {
    const { playout } = await opened();
    const controller = new AbortController();
    const written = playout.write(tone(500, 3000, 16_000), 16_000, controller.signal);
    const drained = playout.drained(controller.signal);
    setTimeout(() => controller.abort(new Error('barge-in')), 100);
    await expect(written).rejects.toThrow('barge-in');
    await expect(drained).rejects.toThrow('barge-in');
    await playout.drained();
    expect(playout.heardMs).toBeCloseTo(playout.writtenMs, 0);
    expect(playout.heardMs).toBeLessThan(400);
  });
});
