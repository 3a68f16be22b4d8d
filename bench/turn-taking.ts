/**
 * Turn taking, measured: how often a recording of one request, or of one number said slowly, is cut in two, and how soon the
 * answer sounds. `node bench/turn-taking.ts [--clips N] [--numbers N] [--lanes N] [--half first|second] [--late] [--set completeMs=300]`.
 */
import { readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog } from '../main/base/index.ts';
import { compileDesk, loadDeskPack } from '../main/dialogue/index.ts';
import { readWav } from '../main/media/index.ts';
import { type Speech, startSpeech } from '../main/speech/index.ts';
import { dataFile } from '../test/support/data.ts';
import { inLanes, openLane, type Timing, type Told } from './lanes.ts';
import { percentile, table } from './machine.ts';
import { slowNumbers } from './slow-numbers.ts';

const COUNTER = fileURLToPath(new URL('../test/desks/speech-intent', import.meta.url));
const BANK = fileURLToPath(new URL('../desks/bank-branch', import.meta.url));
/** The bank asks for the customer number then. */
const TO_THE_NUMBER = ['i want to check my savings balance'];
const LANES = 4;

export interface TurnTakingOptions {
  /** Of the recorded orders; all of them unless told. */
  readonly clips?: number;
  readonly numbers?: number;
  readonly lanes?: number;
  readonly half?: 'first' | 'second';
  /** Of the packs' turnTaking. */
  readonly set?: Readonly<Record<string, number>>;
  readonly eager?: boolean;
}

export async function benchTurnTaking(options: TurnTakingOptions = {}): Promise<string> {
  const speech = await startSpeech({ log: silentLog });
  try {
    await speech.warmUp();
    const orders = await ordersSaid(speech, options);
    const numbers = await numbersSaid(speech, options);
    return report(orders, numbers, options.eager ?? true);
  } finally {
    await speech.close();
  }
}

/** Recorded orders, several in one conversation. */
async function ordersSaid(speech: Speech, options: TurnTakingOptions): Promise<readonly Told[]> {
  const { half, lanes = LANES, eager = true } = options;
  const all = readdirSync(dataFile('speech', 'intent', 'wav')).sort();
  const mine = all.filter((_, at) => half === undefined || at % 2 === (half === 'first' ? 0 : 1));
  const clips = options.clips ?? mine.length;
  const step = Math.max(1, Math.floor(mine.length / clips));
  const files = mine.filter((_, at) => at % step === 0).slice(0, clips);
  const desk = compileDesk(await packAt(COUNTER, options));
  return await inLanes(files, lanes, async (next) => {
    const told: Told[] = [];
    const lane = await openLane(desk, speech, { eager });
    for (let file = next(); file; file = next())
      told.push(await lane.say(await readWav(dataFile('speech', 'intent', 'wav', file))));
    await lane.close();
    return told;
  });
}

/** Customer numbers, each in a conversation that asks for one. */
async function numbersSaid(speech: Speech, options: TurnTakingOptions): Promise<readonly Told[]> {
  const { numbers = 40, lanes = LANES, eager = true } = options;
  const desk = compileDesk(await packAt(BANK, options));
  return await inLanes(await slowNumbers(numbers), lanes, async (next) => {
    const told: Told[] = [];
    for (let sound = next(); sound; sound = next()) {
      const lane = await openLane(desk, speech, { eager, typed: TO_THE_NUMBER });
      told.push(await lane.say(sound));
      await lane.close();
    }
    return told;
  });
}

async function packAt(folder: string, { set = {} }: TurnTakingOptions) {
  const pack = await loadDeskPack(folder);
  return { ...pack, desk: { ...pack.desk, turnTaking: { ...pack.desk.turnTaking, ...set } } };
}

function report(orders: readonly Told[], numbers: readonly Told[], eager: boolean): string {
  const row = (name: string, pick: (timing: Timing) => number | null) => {
    const of = (told: readonly Told[]) => told.flatMap((one) => one.timings).map(pick);
    return [
      name,
      ...[orders, numbers].flatMap((told) => halfAndMost(of(told).filter((value) => value !== null))),
    ];
  };
  return [
    `Cut off early: ${cutOff(orders)} recorded orders of one request each, ${cutOff(numbers)} customer numbers said slowly`,
    '(six digits of one person, 150 to 400 ms between them), each in a conversation that has just begun, four at once.',
    `Not heard: ${missed(orders)} and ${missed(numbers)}. Load of the machine (processes that want its ${cpus().length} cores): ${loadavg()[0]?.toFixed(1)}.`,
    `Replies got ready early: ${eager ? 'yes' : 'no'}. From the end of speech, milliseconds:`,
    '',
    table(
      ['until', 'orders: median', '95th percentile', 'numbers: median', '95th percentile'],
      [
        row('endpoint', (one) => one.endpointMs),
        row('final transcript', (one) => one.finalMs),
        row('first sound', (one) => one.firstAudioMs),
        row('first sound after the final', (one) => (one.firstAudioMs ?? 0) - (one.finalMs ?? 0)),
      ],
    ),
  ].join('\n');
}

function cutOff(told: readonly Told[]): string {
  const cut = told.filter(({ pieces }) => pieces > 1).length;
  return `${cut} of ${told.length} (${((100 * cut) / told.length).toFixed(1)} %)`;
}

function missed(told: readonly Told[]): number {
  return told.filter(({ pieces }) => pieces === 0).length;
}

function halfAndMost(values: readonly number[]): readonly number[] {
  return [Math.round(percentile(values, 0.5)), Math.round(percentile(values, 0.95))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      clips: { type: 'string' },
      numbers: { type: 'string' },
      lanes: { type: 'string' },
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
  const counts = Object.fromEntries(
    (['clips', 'numbers', 'lanes'] as const).flatMap((name) =>
      values[name] === undefined ? [] : [[name, Number(values[name])]],
    ),
  );
  const options = { ...counts, set, eager: !values.late };
  process.stdout.write(`${await benchTurnTaking({ ...options, ...(half ? { half } : {}) })}\n`);
}
