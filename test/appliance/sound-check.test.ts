import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { SoundMeasuring } from '../../main/api/index.ts';
import { SoundChecks } from '../../main/appliance/sound-check.ts';
import { silentLog } from '../../main/base/index.ts';
import { resample } from '../../main/media/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import { createWebRtcClient } from '../support/webrtc-client.ts';

const FRAME = 960;
const RATE = 48_000;
const RETURN_DB = -14;
/** Of the window's own playout. */
const BUFFER_MS = 80;
let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

test('a desk is measured through its window: stages, then the echo path and the voice', {
  timeout: 40_000,
}, async () => {
  const person = resample(
    await personSays('Good morning, what is the balance of my account, please?'),
    PERSON_RATE,
    RATE,
  );
  const all = await Promise.all([80, 280].map((delayMs) => measured(delayMs, person)));
  const [short = 0, long = 0] = all.map((events) => {
    const stages = events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    expect(stages).toEqual(['quiet', 'probe', 'speak']);
    const result = events.at(-1);
    if (result?.type !== 'result') throw new Error('no result');
    expect(Math.abs((result.measured.echo?.returnDb ?? 0) - RETURN_DB)).toBeLessThan(3);
    expect(result.measured.speechDb).toBeGreaterThan(-35);
    expect(result.settings.suppressEcho).toBe(true);
    expect(result.findings.map(({ id }) => id)).toEqual(['noise', 'level', 'echo', 'mode']);
    return result.measured.echo?.delayMs ?? 0;
  });
  // What carrier and jitter buffers add is in both, to a frame each.
  expect(Math.abs(long - short - 200)).toBeLessThanOrEqual(40);
});

test('a check that ends in the middle ends its measurement, and an unknown one is refused', async () => {
  const { checks, id, leave } = await joined(80, null);
  const events: SoundMeasuring[] = [];
  for await (const event of checks.measure(id)) {
    events.push(event);
    if (events.length === 1) {
      await expect(checks.measure(id).next()).rejects.toMatchObject({ code: 'appliance/busy' });
      leave();
      await checks.end(id);
    }
  }
  expect(events).toEqual([{ type: 'stage', stage: 'quiet' }]);
  await expect(checks.measure(id).next()).rejects.toMatchObject({ code: 'appliance/no-such-check' });
});

async function measured(delayMs: number, person: Float32Array): Promise<readonly SoundMeasuring[]> {
  const { checks, id, speak, leave } = await joined(delayMs, person);
  const events: SoundMeasuring[] = [];
  for await (const event of checks.measure(id)) {
    events.push(event);
    if (event.type === 'stage' && event.stage === 'speak') speak();
  }
  leave();
  await checks.close();
  return events;
}

/** A window whose microphone hears its speaker, later and weaker, and a person when told. */
async function joined(delayMs: number, person: Float32Array | null) {
  const checks = new SoundChecks(speech, '127.0.0.1');
  const client = await createWebRtcClient();
  const { id, sdp } = await checks.begin(client.offerSdp);
  client.accept(sdp);
  await client.connected;
  const gain = 10 ** (RETURN_DB / 20);
  let spokenFrom: number | null = null;
  let sent = 0;
  const startedMs = performance.now();
  const beat = setInterval(() => {
    while (sent * 20 < performance.now() - startedMs) {
      // On the clock of what was heard first, so that nothing that arrives late makes the way longer.
      const heardMs = startedMs + sent * 20 - (client.heardAt[0] ?? startedMs) - BUFFER_MS - delayMs;
      const frame = stretch(client.heard, Math.round((heardMs * RATE) / 1000)).map((sample) => sample * gain);
      if (person && spokenFrom !== null) {
        for (let at = 0; at < FRAME; at += 1) frame[at] = (frame[at] ?? 0) + (person[spokenFrom + at] ?? 0);
        spokenFrom += FRAME;
      }
      client.send(frame);
      sent += 1;
    }
  }, 5);
  const leave = () => clearInterval(beat);
  onTestFinished(async () => {
    leave();
    client.close();
    await checks.close();
  });
  const speak = () => {
    spokenFrom = 0;
  };
  return { checks, id, speak, leave };
}

/** One frame of what was heard, from this sample on; silence where nothing is. */
function stretch(heard: readonly Float32Array[], from: number): Float32Array {
  return Float32Array.from({ length: FRAME }, (_, at) => {
    const position = from + at;
    return position < 0 ? 0 : (heard[Math.floor(position / FRAME)]?.[position % FRAME] ?? 0);
  });
}
