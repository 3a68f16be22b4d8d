import { BoundedQueue } from '../../main/base/index.ts';
import {
  type AudioFrame,
  readWav,
  resample,
  type SoundEndpoint,
  type WavEndpoint,
} from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';

/** Hz. */
export const RATE = 16_000;
/** As long as the room is loud enough to matter, samples. */
const TAIL = 2_400;

/** How the room sounds from the speaker to the microphone: a measured one (RT60 0.79 s), at unit energy. */
export async function roomImpulse(): Promise<Float32Array> {
  const { samples, sampleRate } = await readWav(dataFile('sound', 'room-impulse-rt60-0.79.wav'));
  const room = resample(samples, sampleRate, RATE);
  const peak = room.reduce(
    (best, sample, at) => (Math.abs(sample) > Math.abs(room[best] ?? 0) ? at : best),
    0,
  );
  const tail = room.slice(Math.max(0, peak - 16), Math.max(0, peak - 16) + TAIL);
  const energy = Math.sqrt(tail.reduce((sum, sample) => sum + sample * sample, 0));
  return tail.map((sample) => sample / energy);
}

/**
 * Puts speaker and microphone of an endpoint into one room, with no echo cancellation before us: what is played comes
 * back through the room.
 * @param returnDb how loud, against what was played
 * @param delayMs devices, buffers and network, both ways
 * @param told false: the carrier does not tell what it plays, so that nothing can be taken out
 */
export async function inARoom(
  endpoint: WavEndpoint,
  { returnDb, delayMs, told = true }: { returnDb: number; delayMs: number; told?: boolean },
): Promise<SoundEndpoint> {
  const gain = 10 ** (returnDb / 20);
  const room = (await roomImpulse()).map((sample) => sample * gain);
  const delay = Math.round((RATE * delayMs) / 1000);
  /** What will come back, from the present sample on. */
  const coming = new Float32Array(delay + TAIL + 2_000);
  const blocks: Float32Array[] = [];
  endpoint.playout.tap?.((samples) => blocks.push(samples.slice()));
  const returning = (length: number): Float32Array => {
    const played = blocks.shift() ?? new Float32Array(length);
    for (let at = 0; at < played.length; at += 1) {
      const sample = played[at] as number;
      if (Math.abs(sample) < 1e-5) continue;
      for (let i = 0, to = delay + at; i < TAIL; i += 1, to += 1)
        coming[to] = (coming[to] as number) + sample * (room[i] as number);
    }
    const now = coming.slice(0, length);
    coming.copyWithin(0, length);
    coming.fill(0, coming.length - length);
    return now;
  };
  // As the sound comes in, listened to or not.
  const heard = new BoundedQueue<AudioFrame>(250);
  const hear = async () => {
    for await (const frame of endpoint.frames()) {
      const echo = returning(frame.samples.length);
      heard.push({ ...frame, samples: frame.samples.map((sample, at) => sample + (echo[at] ?? 0)) });
    }
    heard.close();
  };
  void hear();
  const { playout } = endpoint;
  const silentAbout: SoundEndpoint['playout'] = {
    write: (samples, rate, signal) => playout.write(samples, rate, signal),
    get writtenMs() {
      return playout.writtenMs;
    },
    get heardMs() {
      return playout.heardMs;
    },
    pause: () => playout.pause(),
    resume: () => playout.resume(),
    flush: () => playout.flush(),
    drained: (signal) => playout.drained(signal),
  };
  return {
    kind: 'device',
    label: endpoint.label,
    frames: () => heard,
    playout: told ? playout : silentAbout,
    close: () => endpoint.close(),
  };
}

/** A sound as the room gives it back. */
export function convolved(sound: Float32Array, room: Float32Array, gain: number): Float32Array {
  const back = new Float32Array(sound.length + room.length);
  for (const [i, tap] of room.entries()) {
    const weight = tap * gain;
    for (let at = 0; at < sound.length; at += 1)
      back[at + i] = (back[at + i] as number) + weight * (sound[at] as number);
  }
  return back;
}
