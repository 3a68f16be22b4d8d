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

/** Short blocks to the speaker, since PortAudio keeps several under way and a stop has to be quick. */
const OUTPUT_BLOCK_MS = 10;
const INPUT_BLOCK_MS = 20;
/** Blocks asked for ahead of the hardware, for busy moments of the appliance. */
const BLOCKS_AHEAD = 3;
/**
 * A speaker runs once it took this many blocks of silence: buffers on the way swallow about ten at once, and a
 * sound server may then take two seconds to start.
 */
const BLOCKS_TO_START = 30;

let play: ((samples: Float32Array) => void) | undefined;
/** True once the microphone delivers and the speaker takes. */
let live = false;
let blocksTaken = 0;

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
  const heard = openFirst(portAudio, input, 'defaultInput', (deviceId, sampleRate, channels) => {
    const inOptions = streamOptions(deviceId, sampleRate, channels, INPUT_BLOCK_MS);
    return { stream: portAudio.AudioIO({ inOptions }), sampleRate, channels };
  });
  const played = openFirst(portAudio, output, 'defaultOutput', (deviceId, sampleRate, channels) => {
    const outOptions = streamOptions(deviceId, sampleRate, channels, OUTPUT_BLOCK_MS);
    return { stream: portAudio.AudioIO({ outOptions }), sampleRate, channels };
  });
  speak(played.stream, played.sampleRate, played.channels);
  listen(heard.stream, heard.channels, () => {
    if (blocksTaken < BLOCKS_TO_START) return;
    live = true;
    tell({ kind: 'ready', inputRate: heard.sampleRate, outputRate: played.sampleRate });
  });
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

function streamOptions(deviceId: number, sampleRate: number, channelCount: number, blockMs: number) {
  const framesPerBuffer = Math.round((sampleRate * blockMs) / 1000);
  return {
    deviceId,
    sampleRate,
    channelCount,
    sampleFormat: 1 as const,
    framesPerBuffer,
    maxQueue: 2,
    closeOnError: false,
    highwaterMark: framesPerBuffer * 4 * channelCount,
  };
}

function listen(stream: IoStreamRead, channels: number, start: () => void): void {
  stream.on('data', (bytes: Buffer) => {
    if (!live) start();
    const interleaved = new Float32Array(new Uint8Array(bytes).buffer);
    if (live) tell({ kind: 'heard', samples: mixedDown(interleaved, channels) });
  });
  stream.on('error', () => fail('lost'));
  stream.on('end', () => fail('lost'));
  stream.start();
}

function speak(stream: IoStreamWrite, sampleRate: number, channels: number): void {
  const length = Math.round((sampleRate * OUTPUT_BLOCK_MS) / 1000);
  const write = (samples: Float32Array) => {
    const interleaved = new Float32Array(samples.length * channels);
    for (let i = 0; i < interleaved.length; i++) interleaved[i] = samples[Math.floor(i / channels)] ?? 0;
    // A write is done when the hardware has room for another block: that is the clock of the playout.
    stream.write(Buffer.from(interleaved.buffer), next);
  };
  const next = () => {
    blocksTaken += 1;
    if (live) tell({ kind: 'wanted', length });
    else write(new Float32Array(length));
  };
  play = write;
  stream.on('error', () => fail('lost'));
  // Sound first: the hardware's callback waits for it, and a stream that starts without any stalls.
  for (let i = 0; i < BLOCKS_AHEAD; i++) next();
  stream.start();
}

function mixedDown(interleaved: Float32Array<ArrayBuffer>, channels: number): Float32Array<ArrayBuffer> {
  if (channels === 1) return interleaved;
  const samples = new Float32Array(interleaved.length / channels);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel] ?? 0;
    samples[i] = sum / channels;
  }
  return samples;
}

function tell(message: FromDeviceProcess): void {
  if (process.connected) process.send?.(message);
}

function fail(why: 'library' | 'open' | 'lost'): void {
  play = undefined;
  tell({ kind: 'failed', why });
}
