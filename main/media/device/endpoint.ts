import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  BoundedQueue,
  type Clock,
  NODE_ARGUMENTS,
  NODE_ENVIRONMENT,
  SottoError,
  systemClock,
} from '../../base/index.ts';
import { PlayoutQueue } from '../playout-queue.ts';
import { type AudioFrame, MOST_WAITING_FRAMES, type Playout, type SoundEndpoint } from '../sound.ts';
import { type Device, type FromDeviceProcess, fromDeviceProcess, type ToDeviceProcess } from './messages.ts';

const PROCESS_FILE = fileURLToPath(new URL('./process.ts', import.meta.url));
const FRAME_MS = 20;
/** Enumerating ALSA devices probes each of them; some drivers take a second. */
const OPEN_TIMEOUT_MS = 10_000;
/** A live microphone delivers, and a live speaker takes, a block every 20 ms. The binding does not tell a dead one. */
const DEAD_AFTER_MS = 3_000;
const WATCH_EVERY_MS = 500;
/** An estimate, not measured at the ear: about ten 10 ms blocks are under way inside PortAudio and its driver. */
const OUTPUT_LATENCY_MS = 100;

/** A microphone and a speaker, by PortAudio's index; the default device when left out. */
export interface DeviceOptions {
  readonly input?: number;
  readonly output?: number;
  readonly label?: string;
  readonly clock?: Clock;
}

export interface DeviceEndpoint extends SoundEndpoint {
  readonly kind: 'device';
  /** Frames given up because nobody took them in time. */
  readonly droppedFrames: number;
}

/**
 * The sound devices of this machine.
 * @throws SottoError `media/no-device-library`, `media/device-failed`.
 */
export async function listDevices(): Promise<readonly Device[]> {
  const child = startProcess();
  try {
    const answer = await firstAnswer(child, { kind: 'list' });
    return answer.kind === 'devices' ? answer.devices : [];
  } finally {
    child.kill('SIGKILL');
  }
}

/**
 * Opens a microphone and a speaker, at 48 kHz where they can.
 * @throws SottoError `media/no-device-library`, `media/device-failed`.
 */
export async function openDeviceEndpoint(options: DeviceOptions = {}): Promise<DeviceEndpoint> {
  const child = startProcess();
  try {
    const ready = await firstAnswer(child, {
      kind: 'open',
      input: options.input ?? null,
      output: options.output ?? null,
    });
    if (ready.kind !== 'ready') throw failed('open');
    return new HardwareEndpoint(child, ready.inputRate, ready.outputRate, options);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

class HardwareEndpoint implements DeviceEndpoint {
  readonly kind = 'device' as const;
  readonly label: string;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #inputRate: number;
  readonly #frames = new BoundedQueue<AudioFrame>(MOST_WAITING_FRAMES);
  readonly #playout: PlayoutQueue;
  readonly #watch: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  readonly #partial: Float32Array;
  #partialLength = 0;
  #heardAt: number;
  #wantedAt: number;
  #closed = false;

  constructor(child: ChildProcess, inputRate: number, outputRate: number, options: DeviceOptions) {
    this.#child = child;
    this.#inputRate = inputRate;
    this.label = options.label ?? 'Microphone and speaker';
    this.#clock = options.clock ?? systemClock;
    this.#partial = new Float32Array(Math.round((inputRate * FRAME_MS) / 1000));
    this.#playout = new PlayoutQueue(outputRate, () => OUTPUT_LATENCY_MS, this.#clock);
    this.#heardAt = this.#clock.monotonicMs();
    this.#wantedAt = this.#heardAt;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('message', (message) => this.#onMessage(message));
    child.once('exit', () => this.#end(lost()));
    this.#watch = setInterval(() => this.#checkAlive(), WATCH_EVERY_MS);
  }

  get playout(): Playout {
    return this.#playout;
  }

  get droppedFrames(): number {
    return this.#frames.dropped;
  }

  frames(): AsyncIterable<AudioFrame> {
    return this.#frames;
  }

  async close(): Promise<void> {
    this.#end();
    await this.#exited;
  }

  #end(error?: SottoError): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watch);
    this.#playout.close();
    this.#frames.close(error);
    this.#child.kill('SIGKILL');
  }

  #checkAlive(): void {
    const now = this.#clock.monotonicMs();
    if (now - Math.min(this.#heardAt, this.#wantedAt) > DEAD_AFTER_MS) this.#end(lost());
  }

  #onMessage(message: unknown): void {
    const parsed = fromDeviceProcess.safeParse(message);
    if (this.#closed || !parsed.success) return;
    if (parsed.data.kind === 'heard') this.#hear(parsed.data.samples);
    if (parsed.data.kind === 'wanted') this.#play(parsed.data.length);
    if (parsed.data.kind === 'failed') this.#end(lost());
  }

  #play(length: number): void {
    this.#wantedAt = this.#clock.monotonicMs();
    send(this.#child, { kind: 'play', samples: this.#playout.take(length) ?? new Float32Array(length) });
  }

  /** Cuts the hardware's blocks into 20 ms frames. */
  #hear(samples: Float32Array): void {
    this.#heardAt = this.#clock.monotonicMs();
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#partial.length - this.#partialLength);
      this.#partial.set(part, this.#partialLength);
      this.#partialLength += part.length;
      at += part.length;
      if (this.#partialLength < this.#partial.length) return;
      this.#partialLength = 0;
      this.#frames.push({
        samples: this.#partial.slice(),
        sampleRate: this.#inputRate,
        capturedAt: this.#clock.now() - FRAME_MS,
      });
    }
  }
}

function startProcess(): ChildProcess {
  const child = fork(PROCESS_FILE, {
    serialization: 'advanced',
    execArgv: [...NODE_ARGUMENTS, '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...NODE_ENVIRONMENT },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Without a listener a failed spawn or a message to a dead process would throw through.
  child.on('error', () => {});
  return child;
}

function send(child: ChildProcess, message: ToDeviceProcess): void {
  if (child.connected) child.send(message, () => {});
}

function firstAnswer(child: ChildProcess, question: ToDeviceProcess): Promise<FromDeviceProcess> {
  const { promise, resolve, reject } = Promise.withResolvers<FromDeviceProcess>();
  const timer = setTimeout(() => reject(failed('open')), OPEN_TIMEOUT_MS);
  child.once('exit', () => reject(failed('open')));
  child.once('error', () => reject(failed('open')));
  child.once('message', (message) => {
    const parsed = fromDeviceProcess.safeParse(message);
    if (!parsed.success) reject(failed('open'));
    else if (parsed.data.kind === 'failed') reject(failed(parsed.data.why));
    else resolve(parsed.data);
  });
  send(child, question);
  return promise.finally(() => clearTimeout(timer));
}

function failed(why: 'library' | 'open' | 'lost'): SottoError {
  if (why === 'library')
    return new SottoError(
      'media/no-device-library',
      'The sound device library is not usable on this machine.',
      {
        remedy: 'Install it with: apt install libasound2 libasound2-plugins. Then run npm start again.',
      },
    );
  return new SottoError('media/device-failed', 'The microphone or the speaker could not be opened.', {
    remedy: 'Check that both are plugged in and not used by another program, then choose them again.',
  });
}

function lost(): SottoError {
  return new SottoError('media/device-lost', 'The microphone or the speaker went away.', {
    remedy: 'Plug it in again, or choose another one, and start again.',
  });
}
