/**
 * What goes into the microphone and what comes to the ear at a real window: both tracks are read in the page where the
 * browser hands them over, frame by frame on one clock. (Web Audio would not do: it holds the sound of each stream back by
 * another tenth of a second.)
 */
import type { Page } from '@playwright/test';
import { openWindow, signIn } from '../test/e2e/support/window.ts';
import type { RunningAppliance } from '../test/support/running-appliance.ts';

/** Length of a cell of `Recorded`. */
export const CELL_MS = 10;
/** Below this is silence, in what Chromium captured and in what it is about to play. */
const SILENT_DB = -50;

/** For each 10 ms whether there was sound, both on one clock. */
export interface Recorded {
  readonly person: readonly boolean[];
  readonly agent: readonly boolean[];
}

/** Epoch of the page (ms) at which a frame was handed over, and its level. */
type Handed = readonly [atMs: number, rmsDb: number];

/** Holds one conversation for so long, with this recording as its microphone. */
export async function record(appliance: RunningAppliance, microphone: string, ms: number): Promise<Recorded> {
  const { page, close } = await openWindow(appliance, { microphone });
  await page.addInitScript(keepMicrophone);
  await page.reload();
  await signIn(page);
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await page.getByTestId('agent-audio').evaluate(follow);
  await page.waitForTimeout(ms);
  const [person, agent] = [await handed(page, 'person'), await handed(page, 'agent')];
  await close();
  const from = Math.min(person[0]?.[0] ?? 0, agent[0]?.[0] ?? 0);
  return { person: cellsOf(person, from), agent: cellsOf(agent, from) };
}

function cellsOf(frames: readonly Handed[], fromMs: number): readonly boolean[] {
  const last = frames.at(-1)?.[0] ?? fromMs;
  const cells = Array.from({ length: Math.ceil((last - fromMs) / CELL_MS) + 1 }, () => false);
  for (const [atMs, rmsDb] of frames) {
    if (rmsDb > SILENT_DB) cells[Math.floor((atMs - fromMs) / CELL_MS)] = true;
  }
  return cells;
}

/** Chromium’s, and of no standard that TypeScript knows: mediacapture-transform. */
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<AudioData>;
}

declare global {
  interface Window {
    benchMicrophone?: Promise<MediaStream>;
    benchHanded?: Record<'person' | 'agent', [number, number][]>;
  }
}

/** In the page: keeps the stream that the window sends. */
function keepMicrophone(): void {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) => {
    const asked = ask(constraints);
    // The first is the one that is sent; what is screened beside it is another.
    window.benchMicrophone ??= asked;
    return asked;
  };
}

/** In the page: the level of each frame as it is handed over. */
async function follow(audio: HTMLAudioElement): Promise<void> {
  while (!(audio.srcObject instanceof MediaStream)) await new Promise((resolve) => setTimeout(resolve, 20));
  const microphone = await window.benchMicrophone;
  const [sent] = microphone?.getAudioTracks() ?? [];
  const [heard] = audio.srcObject.getAudioTracks();
  if (sent === undefined || heard === undefined) throw new Error('there is no sound to follow');
  const told: Record<'person' | 'agent', [number, number][]> = { person: [], agent: [] };
  window.benchHanded = told;
  const read = async (track: MediaStreamTrack, levels: [number, number][]) => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (let next = await reader.read(); next.value; next = await reader.read()) {
      const frame = next.value;
      const samples = new Float32Array(frame.numberOfFrames);
      frame.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      frame.close();
      let energy = 0;
      for (const sample of samples) energy += sample * sample;
      levels.push([performance.now(), 10 * Math.log10(energy / samples.length + 1e-10)]);
    }
  };
  void read(sent, told.person);
  void read(heard, told.agent);
}

async function handed(page: Page, who: 'person' | 'agent'): Promise<readonly Handed[]> {
  return await page.evaluate((whose) => window.benchHanded?.[whose] ?? [], who);
}
