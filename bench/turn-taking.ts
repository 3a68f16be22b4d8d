/**
 * Turn taking, measured: how often a recording of one request is cut in two, how soon the answer sounds, and what getting
 * it ready early saves. `node bench/turn-taking.ts [--clips N] [--lanes N] [--half first|second] [--set completeMs=300]`.
 */
import { readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newId, silentLog, systemClock } from '../main/base/index.ts';
import { type ConversationEvent, startConversation } from '../main/conversation/index.ts';
import {
  buildKnowledge,
  type CompiledDesk,
  compileDesk,
  createDialogue,
  loadDeskPack,
} from '../main/dialogue/index.ts';
import { openWavEndpoint, readWav, type WavEndpoint } from '../main/media/index.ts';
import { type Speech, startSpeech } from '../main/speech/index.ts';
import { dataFile } from '../test/support/data.ts';
import { percentile, table } from './machine.ts';

const COUNTER = fileURLToPath(new URL('../test/desks/speech-intent', import.meta.url));
/** After the last sound of a recording nothing that belongs to it comes any more. */
const AFTER_MS = 2200;

export interface TurnTakingOptions {
  readonly clips?: number;
  readonly lanes?: number;
  readonly half?: 'first' | 'second';
  /** Of the pack's turnTaking. */
  readonly set?: Readonly<Record<string, number>>;
  readonly eager?: boolean;
}

interface Told {
  /** Utterances that were made of one recording. */
  readonly pieces: number;
  readonly timings: readonly Timing[];
}
type Timing = Extract<ConversationEvent, { type: 'timing' }>;

export async function benchTurnTaking(options: TurnTakingOptions = {}): Promise<string> {
  const { clips = 40, half, eager = true, set = {} } = options;
  const all = readdirSync(dataFile('speech', 'intent', 'wav')).sort();
  const mine = all.filter((_, at) => half === undefined || at % 2 === (half === 'first' ? 0 : 1));
  const step = Math.max(1, Math.floor(mine.length / clips));
  const files = mine.filter((_, at) => at % step === 0).slice(0, clips);
  const speech = await startSpeech({ log: silentLog });
  try {
    await speech.warmUp();
    const desk = compileDesk(await counter(set));
    const told = await inLanes(files, options.lanes ?? 3, () => openLane(desk, speech, eager));
    return report(told, eager);
  } finally {
    await speech.close();
  }
}

async function counter(set: Readonly<Record<string, number>>) {
  const pack = await loadDeskPack(COUNTER);
  return { ...pack, desk: { ...pack.desk, turnTaking: { ...pack.desk.turnTaking, ...set } } };
}

interface Lane {
  say(file: string): Promise<Told>;
  close(): Promise<void>;
}

async function inLanes(files: readonly string[], lanes: number, open: () => Promise<Lane>): Promise<Told[]> {
  const waiting = [...files];
  const told: Told[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      const lane = await open();
      for (let file = waiting.shift(); file; file = waiting.shift()) told.push(await lane.say(file));
      await lane.close();
    }),
  );
  return told;
}

/** One conversation, in which one recording after the other is said. Its record goes nowhere. */
async function openLane(desk: CompiledDesk, speech: Speech, eager: boolean): Promise<Lane> {
  const endpoint: WavEndpoint = await openWavEndpoint({ label: 'bench' });
  const knowledge = buildKnowledge(desk.pack.knowledge);
  const fresh = (clock: typeof systemClock) => createDialogue({ desk, knowledge, clock });
  const events: ConversationEvent[] = [];
  const live = startConversation({
    id: newId(),
    desk,
    dialogue: fresh(systemClock),
    ...(eager ? { freshDialogue: fresh } : {}),
    gateway: noTools,
    writer: {
      id: 'bench',
      disclosed: () => {},
      turn: () => {},
      decide: () => {
        throw new Error('nothing is decided');
      },
      forget: () => 'forgotten',
      finding: () => {},
      toolCall: () => {},
      about: () => '',
      record: () => {
        throw new Error('no sound is recorded here');
      },
      end: () => {},
    },
    member: null,
    sound: { endpoint, speech },
    mode: 'handsFree',
    clock: systemClock,
    log: silentLog,
  });
  live.onEvent((event) => events.push(event));
  await pause(300);
  live.stopSpeaking();
  return {
    say: async (file) => {
      const { samples, sampleRate } = await readWav(dataFile('speech', 'intent', 'wav', file));
      events.length = 0;
      await endpoint.say(samples, sampleRate);
      await pause(AFTER_MS);
      live.stopSpeaking();
      await pause(200);
      const timings = events.filter((event) => event.type === 'timing');
      return { pieces: events.filter(({ type }) => type === 'final').length, timings };
    },
    close: () => live.end('bench-over'),
  };
}

/** The counter's orders end in words; nothing is called. */
const noTools = {
  propose: () => ({ kind: 'refused', code: 'bench/no-tools', say: 'That is noted.' }) as const,
  execute: async () => ({ kind: 'failed', code: 'bench/no-tools', say: 'That is noted.' }) as const,
  withdraw: () => {},
  onEvent: () => () => {},
  health: async () => [],
  close: async () => {},
} as unknown as Parameters<typeof startConversation>[0]['gateway'];

function report(told: readonly Told[], eager: boolean): string {
  const cut = told.filter(({ pieces }) => pieces > 1).length;
  const missed = told.filter(({ pieces }) => pieces === 0).length;
  const share = ((100 * cut) / told.length).toFixed(1);
  const timings = told.flatMap((one) => one.timings);
  const row = (name: string, pick: (timing: Timing) => number | null) => {
    const values = timings.map(pick).filter((value) => value !== null);
    return [name, Math.round(percentile(values, 0.5)), Math.round(percentile(values, 0.95))];
  };
  return [
    `${told.length} recordings of one request each: ${cut} cut off early (${share} %), ${missed} not heard.`,
    `Load of the machine (processes that want its ${cpus().length} cores): ${loadavg()[0]?.toFixed(1)}.`,
    `Replies got ready early: ${eager ? 'yes' : 'no'}. From the end of speech, milliseconds:`,
    table(
      ['until', 'median', '95th percentile'],
      [
        row('endpoint', (one) => one.endpointMs),
        row('final transcript', (one) => one.finalMs),
        row('first sound', (one) => one.firstAudioMs),
        row('first sound after the final', (one) => (one.firstAudioMs ?? 0) - (one.finalMs ?? 0)),
      ],
    ),
  ].join('\n');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      clips: { type: 'string', default: '40' },
      lanes: { type: 'string', default: '3' },
      half: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      late: { type: 'boolean', default: false },
    },
  });
  const set = Object.fromEntries(
    values.set.map((text) => {
      const [name = '', value] = text.split('=');
      return [name, Number(value)];
    }),
  );
  const half = values.half === 'first' || values.half === 'second' ? values.half : null;
  const options = { clips: Number(values.clips), lanes: Number(values.lanes), set, eager: !values.late };
  process.stdout.write(`${await benchTurnTaking({ ...options, ...(half ? { half } : {}) })}\n`);
}
