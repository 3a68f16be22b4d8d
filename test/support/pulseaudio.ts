import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A private sound server with two sinks that lead nowhere: `room` (its monitor is the default microphone: what is
 * played into it is what the appliance hears) and `speaker` (the default output: its monitor is what the
 * appliance says).
 */
export interface SoundServer {
  /** For every process that shall use it (the device endpoint's process, parec, pacat). */
  readonly env: NodeJS.ProcessEnv;
  /** Plays a WAV file into the room, as a person speaking. Resolves when it is played. */
  playIntoRoom(wavFile: string): Promise<void>;
  /** Records what the speaker plays: 16 kHz mono, until stopped. */
  recordSpeaker(): { stop(): Promise<Float32Array> };
  stop(): Promise<void>;
}

/** Starts it in a folder of its own, touching no other sound server. */
export async function startPulseAudio(): Promise<SoundServer> {
  const home = mkdtempSync(join(tmpdir(), 'sotto-pulse-'));
  const socket = join(home, 'native');
  const asoundrc = 'pcm.!default { type pulse }\nctl.!default { type pulse }\n';
  writeFileSync(join(home, '.asoundrc'), asoundrc);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_CONFIG_HOME: home,
    PULSE_RUNTIME_PATH: home,
    PULSE_SERVER: `unix:${socket}`,
  };
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    'module-null-sink sink_name=room rate=48000 channels=1',
    'module-null-sink sink_name=speaker rate=48000 channels=1',
  ];
  const server = spawn(
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--use-pid-file=no',
      '--disable-shm=yes',
      '--log-level=error',
    ].concat(modules.flatMap((module) => ['-L', module])),
    { env, stdio: 'ignore' },
  );
  await answers(env, server);
  await run('pactl', ['set-default-sink', 'speaker'], { env });
  await run('pactl', ['set-default-source', 'room.monitor'], { env });
  return {
    env,
    playIntoRoom: async (wavFile) => {
      await run('paplay', ['--device=room', wavFile], { env });
    },
    recordSpeaker: () => record(env),
    stop: async () => {
      await ended(server, 'SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function answers(env: NodeJS.ProcessEnv, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) break;
    try {
      await run('pactl', ['info'], { env });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('pulseaudio did not start (Debian packages: pulseaudio, libasound2-plugins)');
}

function record(env: NodeJS.ProcessEnv): { stop(): Promise<Float32Array> } {
  const parec = spawn(
    'parec',
    ['--device=speaker.monitor', '--format=float32le', '--rate=16000', '--channels=1', '--latency-msec=20'],
    { env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const blocks: Buffer[] = [];
  parec.stdout.on('data', (block: Buffer) => blocks.push(block));
  return {
    stop: async () => {
      await ended(parec, 'SIGTERM');
      const bytes = Buffer.concat(blocks);
      return new Float32Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 4))).buffer);
    },
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
