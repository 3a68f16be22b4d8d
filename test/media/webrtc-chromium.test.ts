import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delay, hasCode, joinSamples } from '../../main/base/index.ts';
import {
  type AudioFrame,
  acceptWebRtc,
  levelOf,
  readWav,
  resample,
  type WebRtcEndpoint,
} from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';
import { tone } from '../support/tones.ts';

const SPEECH = dataFile('speech', 'clips', 'jfk.wav');
/** A page as a renderer would do it: microphone with the browser's own cleaning, one offer, one answer. */
const PAGE = `<!doctype html><title>peer</title><script>
async function talk() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  const peer = new RTCPeerConnection();
  window.peer = peer;
  peer.addTrack(stream.getAudioTracks()[0], stream);
  peer.ontrack = (event) => {
    const audio = new Audio();
    audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    audio.play();
    const context = new AudioContext();
    window.analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(audio.srcObject).connect(window.analyser);
    window.rate = context.sampleRate;
  };
  await peer.setLocalDescription();
  const startedAt = performance.now();
  const answer = await fetch('/offer', { method: 'POST', body: peer.localDescription.sdp });
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  while (peer.connectionState !== 'connected') await new Promise((resolve) => setTimeout(resolve, 2));
  return performance.now() - startedAt;
}
function loudest() {
  const bins = new Float32Array(window.analyser.frequencyBinCount);
  window.analyser.getFloatFrequencyData(bins);
  const bin = bins.indexOf(Math.max(...bins));
  return { hz: bin * window.rate / 8192, db: bins[bin] };
}
</script>`;

let browser: Browser;
let server: Server;
let page: Page;
let endpoint: WebRtcEndpoint;
let ended: Promise<unknown>;
const frames: AudioFrame[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(PAGE);
    return bodyOf(request)
      .then((offerSdp) => acceptWebRtc({ offerSdp, label: 'chromium' }))
      .then((accepted) => {
        endpoint = accepted.endpoint;
        ended = keep(endpoint);
        response.end(accepted.answerSdp);
      })
      .catch((error) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${SPEECH}`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await endpoint?.close();
  await browser?.close();
  server?.close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of request) blocks.push(block as Buffer);
  return Buffer.concat(blocks).toString();
}

async function keep(from: WebRtcEndpoint): Promise<unknown> {
  try {
    for await (const frame of from.frames()) frames.push(frame);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Loudness in 20 ms steps, which survives the browser's gain control and noise suppression. */
function envelope(samples: Float32Array): number[] {
  const size = 320;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    Math.max(-60, levelOf(samples.subarray(i * size, (i + 1) * size)).rmsDb),
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const other = (b[i] ?? 0) - meanB;
    product += (value - meanA) * other;
    squareA += (value - meanA) ** 2;
    squareB += other ** 2;
  }
  return product / Math.sqrt(squareA * squareB || 1);
}

/** The best match of a piece of what was heard against the looped recording. */
function bestMatch(heard: readonly number[], spoken: readonly number[]): number {
  let best = -1;
  for (let shift = 0; shift < spoken.length; shift++) {
    const looped = heard.map((_, i) => spoken[(i + shift) % spoken.length] ?? 0);
    best = Math.max(best, correlation(heard, looped));
  }
  return best;
}

describe('a page in Chromium', () => {
  it('connects at once', async () => {
    const connectedInMs = await page.evaluate<number>('talk()');
    await endpoint.connected();
    expect(connectedInMs).toBeLessThan(2_000);
    console.log(`connected in ${connectedInMs.toFixed(0)} ms`);
  });

  it('is heard: the speech it sends arrives', async () => {
    await delay(1_000);
    frames.length = 0;
    const cpu = process.cpuUsage();
    await delay(5_000);
    const used = process.cpuUsage(cpu);
    expect(frames.length).toBeGreaterThan(240);
    expect(frames.length).toBeLessThan(260);
    const heard = resample(joinSamples(frames.map((frame) => frame.samples)), 48_000, 16_000);
    const spoken = await readWav(SPEECH);
    const match = bestMatch(envelope(heard), envelope(spoken.samples));
    console.log(
      `envelope correlation ${match.toFixed(2)}, CPU ${((used.user + used.system) / 50_000).toFixed(1)} %`,
      JSON.stringify(endpoint.counters),
    );
    expect(match).toBeGreaterThan(0.8);
  });

  it('hears what the agent plays, when the clock says so', async () => {
    await endpoint.playout.write(tone(1_500, 1_500, 48_000), 48_000);
    const loudest = await page.evaluate<{ hz: number; db: number }>('loudest()');
    expect(Math.abs(loudest.hz - 1_500)).toBeLessThan(30);
    expect(loudest.db).toBeGreaterThan(-40);
    await endpoint.playout.drained();
    await delay(300);
    expect((await page.evaluate<{ db: number }>('loudest()')).db).toBeLessThan(-60);
  });

  it('reports the round trip', async () => {
    await expect.poll(() => endpoint.counters.roundTripMs, { timeout: 8_000 }).toBeLessThan(100);
  });

  it('is missed when it goes', async () => {
    await page.evaluate('peer.close()');
    expect(hasCode(await ended, 'media/peer-lost')).toBe(true);
  });
});
