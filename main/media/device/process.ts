/**
 * The process that holds the sound hardware: the only place that loads naudiodon.
 *
 * PortAudio's binding prints to standard output, blocks worker threads for good when a device vanishes, and calls
 * into drivers that may crash. Here all that costs is this process, which the appliance ends without asking.
 * Run by fork() with an IPC channel; see messages.ts for what is said.
 */
import type { IoStreamRead, IoStreamWrite } from 'naudiodon';
import type { Device, FromDeviceProcess, ToDeviceProcess } from './messages.ts';

type PortAudio = typeof import('naudiodon');

const FRAME_MS = 20;
/** Blocks asked for ahead of the hardware: what a busy moment of the appliance may last. */
const BLOCKS_AHEAD = 3;

let stop: (() => void) | undefined;
let play: ((samples: Float32Array) => void) | undefined;

process.on('message', (message: ToDeviceProcess) => void handle(message));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('uncaughtException', () => fail('lost'));
process.on('unhandledRejection', () => fail('lost'));

async function handle(message: ToDeviceProcess): Promise<void> {
  if (message.kind === 'play') return play?.(message.samples);
  const portAudio = await load();
  if (!portAudio) return fail('library');
  try {
    if (message.kind === 'list') tell({ kind: 'devices', devices: list(portAudio) });
    else openBoth(portAudio, message.input, message.output);
  } catch {
    fail('open');
  }
}

async function load(): Promise<PortAudio | null> {
  try {
    const loaded: PortAudio & { default?: PortAudio } = await import('naudiodon');
    return loaded.default ?? loaded;
  } catch {
    return null;
  }
}

function list(portAudio: PortAudio): Device[] {
  const hosts = portAudio.getHostAPIs();
  const main = hosts.HostAPIs[hosts.defaultHostAPI];
  return portAudio.getDevices().map((device) => ({
    id: device.id,
    name: device.name,
    inputs: device.maxInputChannels,
    outputs: device.maxOutputChannels,
    sampleRate: device.defaultSampleRate,
    defaultInput: device.id === main?.defaultInput,
    defaultOutput: device.id === main?.defaultOutput,
  }));
}

function openBoth(portAudio: PortAudio, input: number | null, output: number | null): void {
  const heard = openFirst(portAudio, input, 'defaultInput', (deviceId, sampleRate, channels) => ({
    stream: portAudio.AudioIO({ inOptions: streamOptions(deviceId, sampleRate, channels) }),
    sampleRate,
    channels,
  }));
  const played = openFirst(portAudio, output, 'defaultOutput', (deviceId, sampleRate, channels) => ({
    stream: portAudio.AudioIO({ outOptions: streamOptions(deviceId, sampleRate, channels) }),
    sampleRate,
    channels,
  }));
  tell({ kind: 'ready', inputRate: heard.sampleRate, outputRate: played.sampleRate });
  listen(heard.stream, heard.channels);
  speak(played.stream, played.sampleRate, played.channels);
  stop = () => {
    heard.stream.removeAllListeners('data');
    play = undefined;
  };
}

/** 48 kHz mono where the device does that, else its own rate, else stereo. */
function openFirst<T>(
  portAudio: PortAudio,
  wanted: number | null,
  isDefault: 'defaultInput' | 'defaultOutput',
  open: (deviceId: number, sampleRate: number, channels: number) => T,
): T {
  const device = list(portAudio).find((one) => (wanted === null ? one[isDefault] : one.id === wanted));
  let failure: unknown = new Error('no such device');
  for (const channels of [1, 2]) {
    for (const sampleRate of new Set([48_000, device?.sampleRate ?? 48_000])) {
      try {
        if (device) return open(device.id, sampleRate, channels);
      } catch (error) {
        failure = error;
      }
    }
  }
  throw failure;
}

function streamOptions(deviceId: number, sampleRate: number, channelCount: number) {
  return {
    deviceId,
    sampleRate,
    channelCount,
    sampleFormat: 1 as const,
    framesPerBuffer: Math.round((sampleRate * FRAME_MS) / 1000),
    maxQueue: 2,
    closeOnError: false,
    highwaterMark: Math.round((sampleRate * FRAME_MS) / 1000) * 4 * channelCount,
  };
}

function listen(stream: IoStreamRead, channels: number): void {
  stream.on('data', (bytes: Buffer) => {
    const interleaved = new Float32Array(new Uint8Array(bytes).buffer);
    const samples = new Float32Array(interleaved.length / channels);
    for (let i = 0; i < samples.length; i++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel] ?? 0;
      samples[i] = sum / channels;
    }
    tell({ kind: 'heard', samples });
  });
  stream.on('error', () => fail('lost'));
  stream.on('end', () => fail('lost'));
  stream.start();
}

function speak(stream: IoStreamWrite, sampleRate: number, channels: number): void {
  const length = Math.round((sampleRate * FRAME_MS) / 1000);
  const want = () => tell({ kind: 'wanted', length });
  play = (samples) => {
    const interleaved = new Float32Array(samples.length * channels);
    for (let i = 0; i < interleaved.length; i++) interleaved[i] = samples[Math.floor(i / channels)] ?? 0;
    // The hardware took a block when its write is done: that is the clock of the playout.
    stream.write(Buffer.from(interleaved.buffer), want);
  };
  stream.on('error', () => fail('lost'));
  // One block first: the hardware's callback waits for sound, and a stream that starts without any stalls.
  play(new Float32Array(length));
  stream.start();
  for (let i = 1; i < BLOCKS_AHEAD; i++) want();
}

function tell(message: FromDeviceProcess): void {
  if (process.connected) process.send?.(message);
}

function fail(why: 'library' | 'open' | 'lost'): void {
  stop?.();
  tell({ kind: 'failed', why });
}
