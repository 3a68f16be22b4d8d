/**
 * From the first sound of a person speaking over the agent to silence at the client: over WebRTC, with the bank's desk
 * and real engines. `node bench/barge-in.ts [--trials N]`.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openThrowaway } from '../main/appliance.ts';
import { delay, silentLog } from '../main/base/index.ts';
import { acceptWebRtc, levelOf, readWav, resample } from '../main/media/index.ts';
import { dataFile } from '../test/support/data.ts';
import { createWebRtcClient } from '../test/support/webrtc-client.ts';
import { percentile, table } from './machine.ts';

const BANK = fileURLToPath(new URL('../desks/bank-branch', import.meta.url));
const RATE = 48_000;
const FRAME = 960;
/** What arrives below this is silence. */
const SILENT_DB = -65;
/** Speech begins where a frame is within this of the loudest. */
const ONSET_BELOW_PEAK_DB = 25;
/** … and above the noise of its recording, and stays there. */
const ONSET_ABOVE_FLOOR_DB = 12;
/** NetEq and the output buffer of Chromium on a quiet network (main/media/webrtc/endpoint.ts). */
const CLIENT_BUFFER_MS = 60;

export async function benchBargeIn(trials = 20): Promise<string> {
  const files = readdirSync(dataFile('speech', 'intent', 'wav')).sort();
  const throwaway = await openThrowaway({ deskFolder: BANK, log: silentLog });
  const took: number[] = [];
  try {
    for (let at = 0; at < trials; at += 1) {
      const file = files[(at * 7) % files.length] ?? '';
      took.push(await interrupt(throwaway.core, await speechIn(file)));
    }
  } finally {
    await throwaway.close();
  }
  const row = (name: string, more: number) => [
    name,
    Math.round(percentile(took, 0.5) + more),
    Math.round(percentile(took, 0.95) + more),
  ];
  return [
    `${took.length} people’s recordings spoken over the agent, milliseconds from their first sound, at a client that leaves silence to the`,
    'appliance. The window does not: it falls silent by itself at the first sound of a person (the first table of this page).',
    '',
    table(
      ['until silence', 'median', '95th percentile'],
      [
        row('arrives at the client', 0),
        row(`is heard (with ${CLIENT_BUFFER_MS} ms that Chromium holds)`, CLIENT_BUFFER_MS),
      ],
    ),
  ].join('\n');
}

/** A person's recording from its first sound on. */
export async function speechIn(file: string, rate = RATE): Promise<Float32Array> {
  const { samples, sampleRate } = await readWav(dataFile('speech', 'intent', 'wav', file));
  const sound = resample(samples, sampleRate, rate);
  const frame = rate / 50;
  const levels = Array.from({ length: Math.floor(sound.length / frame) }, (_, i) =>
    levelOf(sound.subarray(i * frame, (i + 1) * frame)),
  ).map(({ rmsDb }) => rmsDb);
  const floor = percentile(levels, 0.1);
  const least = Math.max(Math.max(...levels) - ONSET_BELOW_PEAK_DB, floor + ONSET_ABOVE_FLOOR_DB);
  const onset = levels.findIndex(
    (level, i) => level > least && levels.slice(i, i + 5).filter((each) => each > least).length >= 4,
  );
  return sound.subarray(Math.max(0, onset) * frame);
}

type Core = Awaited<ReturnType<typeof openThrowaway>>['core'];

/** Milliseconds from the first speech sent to the first silence that arrives. */
async function interrupt(core: Core, speech: Float32Array): Promise<number> {
  const client = await createWebRtcClient();
  const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp: client.offerSdp, label: 'bench' });
  client.accept(answerSdp);
  await Promise.all([client.connected, endpoint.connected()]);
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  let at = -1;
  let startedAt = 0;
  const noise = new Float32Array(FRAME).map(() => (Math.random() - 0.5) * 0.0006);
  const beat = setInterval(() => {
    const frame = at < 0 ? noise : speech.subarray(at, at + FRAME);
    if (at === 0) startedAt = performance.now();
    if (at >= 0) at += FRAME;
    client.send(frame.length === FRAME ? frame : noise);
  }, 20);
  // Well into the opening, wherever its first sentence breathes.
  await delay(1600 + Math.random() * 300);
  at = 0;
  await delay(1200);
  clearInterval(beat);
  await live.end('bench-over');
  client.close();
  // The native library closes a connection in its own time; freed before, it takes the process with it.
  await delay(100);
  return silenceAfter(client, startedAt);
}

/** Silence counts when it lasts: sentences breathe. */
function silenceAfter(client: Awaited<ReturnType<typeof createWebRtcClient>>, startedAt: number): number {
  const quiet = client.heard.map((frame) => levelOf(frame).rmsDb < SILENT_DB);
  const first = quiet.findIndex(
    (_, i) => (client.heardAt[i] ?? 0) >= startedAt && quiet.slice(i, i + 15).every(Boolean),
  );
  return first < 0 ? 1200 : (client.heardAt[first] ?? 0) - startedAt;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { trials: { type: 'string', default: '20' } } });
  process.stdout.write(`${await benchBargeIn(Number(values.trials))}\n`);
  process.exit(0);
}
