import { OnsetMeter } from './onset.ts';

/**
 * After the appliance has taken it, sound of the agent is still on its way for this long at most; and when it was nothing,
 * the appliance begins again well after that (`LONGEST_SILENCED_MS` in main/conversation/floor.ts).
 */
const ON_ITS_WAY_MS = 350;
/** While the appliance hears speech the agent says nothing that is not late; longer nobody need be sure of that. */
const WHILE_HEARING_MS = 1_000;
const LOOK_EVERY_MS = 20;
/** An appliance that does not answer must not keep the agent silent. */
const ANSWER_WITHIN_MS = 300;
/** By then the appliance's own ears know whether it was speech. */
const JUDGED_AFTER_MS = 1_000;

export interface HushOptions {
  /** What is sent: after the browser has taken the agent's voice out of it. */
  readonly microphone: MediaStreamTrack;
  /** What is heard of the agent. */
  readonly voice: MediaStreamTrack;
  /** Whether the agent is speaking and may be interrupted by speech. */
  readonly agentSpeaks: () => boolean;
  /** Whether the appliance hears speech just now. */
  readonly hearing: () => boolean;
  /** Whether it has heard some lately. */
  readonly personSpoke: () => boolean;
  /** Tells the appliance that the agent was silenced. */
  readonly tell: () => Promise<unknown>;
}

/**
 * Silences the agent here, where the microphone is heard first, at the onset of what may be speech; the appliance holds
 * it, and decides what it was. Where the browser does not hand over its frames (all but Chromium), the appliance does it
 * alone, a tenth of a second later. Returns what ends it.
 */
export function hushOnSpeech(options: HushOptions): () => void {
  if (!('MediaStreamTrackProcessor' in window)) return () => {};
  const meter = new OnsetMeter();
  let silent = false;
  const hush = async () => {
    silent = true;
    options.voice.enabled = false;
    await Promise.race([options.tell().catch(() => {}), passed(ANSWER_WITHIN_MS)]);
    const toldAt = performance.now();
    const since = () => performance.now() - toldAt;
    await passed(ON_ITS_WAY_MS);
    while (options.hearing() && since() < WHILE_HEARING_MS) await passed(LOOK_EVERY_MS);
    options.voice.enabled = true;
    await passed(JUDGED_AFTER_MS - since());
    meter.judge(options.personSpoke());
    silent = false;
  };
  const reader = new MediaStreamTrackProcessor({ track: options.microphone }).readable.getReader();
  const listen = async () => {
    for (let next = await reader.read(); next.value; next = await reader.read()) {
      const level = levelOf(next.value);
      next.value.close();
      if (meter.add(level) && !silent && options.agentSpeaks()) void hush();
    }
  };
  // A microphone that goes away is told where it is sent from.
  void listen().catch(() => {});
  return () => {
    options.voice.enabled = true;
    void reader.cancel().catch(() => {});
  };
}

/** dBFS */
function levelOf(frame: AudioData): number {
  const samples = new Float32Array(frame.numberOfFrames);
  frame.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(energy / samples.length + 1e-10);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Chromium’s (W3C mediacapture-transform); TypeScript's DOM library leaves it out. */
declare class MediaStreamTrackProcessor {
  constructor(options: { readonly track: MediaStreamTrack });
  readonly readable: ReadableStream<AudioData>;
}
