/**
 * What goes into the microphone and what comes to the ear at a real window: both tracks are read in the page where the
 * browser hands them over, frame by frame on one clock. (Web Audio would not do: it holds the sound of each stream back by
 * another tenth of a second.)
 */
import type { Page } from '@playwright/test';
import type { RunningAppliance } from '../../support/running-appliance.ts';
import { openWindow, signIn } from './window.ts';

/** Length of a cell of `Recorded`. */
export const CELL_MS = 10;
/** Speech that stops for longer has ended: words within a sentence stand closer. */
export const PAUSE_MS = 600;
/** Silence of so many cells is no gap between two words. */
const LASTING = 30;
/** Below this is silence, in what Chromium captured and in what it is about to play. */
const SILENT_DB = -50;

/** For each 10 ms whether there was sound, both on one clock. */
export interface Recorded {
  readonly person: readonly boolean[];
  readonly agent: readonly boolean[];
}

/** What became of an interruption: milliseconds to silence, or why there is none to measure. */
export type Silence = number | 'between sentences' | 'never';

/** Epoch of the page (ms) at which a frame was handed over, and its level. */
type Handed = readonly [atMs: number, rmsDb: number];

/** Holds one conversation for so long, with this recording as its microphone. `watch` sees the page before it connects. */
export async function record(
  appliance: RunningAppliance,
  microphone: string,
  ms: number,
  watch: (page: Page) => void = () => {},
): Promise<Recorded> {
  const { page, close } = await openWindow(appliance, { microphone });
  watch(page);
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

/** For each sentence of the person: milliseconds from its first sound to the lasting silence of an agent that spoke then. */
export function silencesIn({ person: said, agent: heard }: Recorded): readonly Silence[] {
  const pause = PAUSE_MS / CELL_MS;
  const starts = said.flatMap((loud, i) =>
    loud && !said.slice(Math.max(0, i - pause), i).some(Boolean) ? [i] : [],
  );
  return starts.map((start) => {
    if (heard.slice(Math.max(0, start - LASTING), start).filter(Boolean).length < LASTING / 2)
      return 'between sentences';
    const end = said.findIndex((_, i) => i > start && !said.slice(i, i + pause).some(Boolean));
    const silent = heard.findIndex(
      (loud, i) => i >= start && !loud && !heard.slice(i, i + LASTING).some(Boolean),
    );
    return silent < 0 || (end >= 0 && silent > end) ? 'never' : (silent - start) * CELL_MS;
  });
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
