/**
 * A soak: conversations at the bank's desk back to back, with real engines, for an hour; whether memory grows, a turn is
 * missed, or anything piles up. `node bench/soak.ts [--minutes N]`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openThrowaway } from '../main/appliance.ts';
import { delay, NODE_ARGUMENTS, NODE_ENVIRONMENT, silentLog } from '../main/base/index.ts';
import { openWavEndpoint } from '../main/media/index.ts';
import { personSays } from '../test/support/person.ts';
import { percentile, table } from './machine.ts';
import { mebibytesOf, usageOf } from './processes.ts';

const BANK = fileURLToPath(new URL('../desks/bank-branch', import.meta.url));
const RATE = 16_000;
const TALK = [
  'what are your opening hours',
  'are you open on saturday',
  'i lost my debit card',
  'one zero zero two zero zero',
  'cancel',
  'where can i park',
];
/** What is heard of a reply before it is talked over. */
const PATIENCE_MS = 1_200;
const ANSWER_WITHIN_MS = 8_000;
/** Caches fill and the engines' heaps settle: this share of the time is no growth. */
const WARM_UP = 0.2;

interface Sample {
  readonly hours: number;
  /** Everything: the appliance, its engines and its tool servers. */
  readonly all: number;
  /** One process each; they start anew after a crash. */
  readonly appliance: number;
  readonly recogniser: number;
  readonly synthesiser: number;
  readonly vad: number;
  /** What this process's heap holds after a collection, with what is outside it. */
  readonly heap: number;
}

interface Tally {
  conversations: number;
  turns: number;
  missed: number;
  cut: number;
  dropped: number;
  /** The most frames of the microphone that waited to be heard, of each conversation. */
  readonly waiting: number[];
  /** Sound ever written to the playout and not yet heard, milliseconds. */
  mostAheadMs: number;
  mostHandles: number;
  readonly took: number[];
}

export async function benchSoak(minutes = 60): Promise<string> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const spoken = await Promise.all(TALK.map((text) => personSays(text)));
  const throwaway = await openThrowaway({ deskFolder: BANK, log: silentLog });
  let crashes = 0;
  throwaway.speech.onCrash(() => {
    crashes += 1;
  });
  const tally: Tally = {
    conversations: 0,
    turns: 0,
    missed: 0,
    cut: 0,
    dropped: 0,
    waiting: [],
    mostAheadMs: 0,
    mostHandles: 0,
    took: [],
  };
  const samples: Sample[] = [];
  const beganMs = performance.now();
  try {
    while (performance.now() - beganMs < minutes * 60_000) {
      await converse(throwaway.core, spoken, tally);
      collect();
      const pids = throwaway.speech.pids();
      const { heapUsed, external } = process.memoryUsage();
      samples.push({
        hours: (performance.now() - beganMs) / 3_600_000,
        all: usageOf().mebibytes,
        appliance: mebibytesOf(process.pid),
        recogniser: mebibytesOf(pids.recogniser ?? 0),
        synthesiser: mebibytesOf(pids.synthesiser ?? 0),
        vad: mebibytesOf(pids.vad ?? 0),
        heap: (heapUsed + external) / 2 ** 20,
      });
      tally.mostHandles = Math.max(tally.mostHandles, process.getActiveResourcesInfo().length);
    }
    return report(minutes, tally, samples, crashes, throwaway.core.conversations.size);
  } finally {
    await throwaway.close();
  }
}

type Core = Awaited<ReturnType<typeof openThrowaway>>['core'];

async function converse(core: Core, spoken: readonly Float32Array[], tally: Tally): Promise<void> {
  const endpoint = await openWavEndpoint({ label: 'bench' });
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  const { playout } = endpoint;
  const watch = setInterval(() => {
    tally.mostAheadMs = Math.max(tally.mostAheadMs, playout.writtenMs - playout.heardMs);
  }, 50);
  let finals = 0;
  let answered = Promise.withResolvers<boolean>();
  live.onEvent((event) => {
    if (event.type === 'final') finals += 1;
    if (event.type !== 'timing' || event.firstAudioMs === null) return;
    if (event.endpointMs !== null) tally.took.push(event.firstAudioMs);
    answered.resolve(true);
  });
  for (const sentence of spoken) {
    await delay(PATIENCE_MS);
    live.stopSpeaking();
    await delay(PATIENCE_MS / 2);
    finals = 0;
    answered = Promise.withResolvers();
    await endpoint.say(sentence, RATE);
    const late = setTimeout(answered.resolve, ANSWER_WITHIN_MS, false);
    if (!(await answered.promise)) tally.missed += 1;
    clearTimeout(late);
    tally.turns += 1;
    if (finals > 1) tally.cut += 1;
  }
  await live.end('bench-over');
  clearInterval(watch);
  tally.dropped += endpoint.droppedFrames;
  tally.waiting.push(endpoint.mostWaitingFrames);
  tally.conversations += 1;
}

function report(
  minutes: number,
  tally: Tally,
  samples: readonly Sample[],
  crashes: number,
  leftOpen: number,
): string {
  const after = samples.slice(Math.floor(samples.length * WARM_UP));
  const [first, last] = [after[0], after.at(-1)];
  const memory = (name: string, pick: (sample: Sample) => number) => [
    name,
    (first ? pick(first) : Number.NaN).toFixed(1),
    (last ? pick(last) : Number.NaN).toFixed(1),
    growth(after, pick),
    growth(after.slice(after.length / 2), pick),
  ];
  // The first and the last quarter beside each other: what grows slower than memory shows in waiting.
  const quarter = Math.max(1, Math.floor(tally.took.length / 4));
  const early = percentile(tally.took.slice(0, quarter), 0.5);
  const later = percentile(tally.took.slice(-quarter), 0.5);
  const { waiting } = tally;
  const half = Math.floor(waiting.length / 2);
  return [
    `${minutes} minutes, one conversation after the other at the bank's desk, real engines, sound in real time. Growth: regression over what was`,
    `sampled after each conversation, the first ${WARM_UP * 100} % left out as warm-up; a run much shorter than an hour says little of it.`,
    '',
    table(
      ['anonymous memory, MiB', 'after warm-up', 'at the end', 'growth per hour', 'in the later half of it'],
      [
        memory('appliance, engines and tool servers', ({ all }) => all),
        memory('of that, the appliance', ({ appliance }) => appliance),
        memory('of that, the recogniser', ({ recogniser }) => recogniser),
        memory('of that, the synthesiser', ({ synthesiser }) => synthesiser),
        memory('of that, the VAD', ({ vad }) => vad),
        memory('all else: the tool server', toolsOf),
        memory('the appliance’s heap after a collection', ({ heap }) => heap),
      ],
    ),
    '',
    table(
      ['', 'count'],
      [
        ['conversations', tally.conversations],
        ['turns', tally.turns],
        ['turns not answered', tally.missed],
        ['turns cut in two', tally.cut],
        ['frames of 20 ms given up because a queue was full', tally.dropped],
        ['most frames that waited to be heard (of 250), first half', Math.max(...waiting.slice(0, half))],
        ['… second half', Math.max(...waiting.slice(half))],
        ['most sound in the playout that was not yet heard (ms)', Math.round(tally.mostAheadMs)],
        ['engine crashes', crashes],
        ['conversations left open', leftOpen],
        ['most handles of the event loop between conversations', tally.mostHandles],
        ['median first sound, first quarter (ms)', Math.round(early)],
        ['median first sound, last quarter (ms)', Math.round(later)],
      ],
    ),
  ].join('\n');
}

function toolsOf({ all, appliance, recogniser, synthesiser, vad }: Sample): number {
  return all - appliance - recogniser - synthesiser - vad;
}

function growth(samples: readonly Sample[], pick: (sample: Sample) => number): string {
  return slope(samples.map((sample) => [sample.hours, pick(sample)])).toFixed(1);
}

/** Least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (pick: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
  // The appliance runs in this process: as it ships.
  const asShipped =
    NODE_ARGUMENTS.every((each) => process.execArgv.includes(each)) &&
    Object.entries(NODE_ENVIRONMENT).every(([name, value]) => process.env[name] === value);
  if (!asShipped) {
    const again = [...NODE_ARGUMENTS, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    const env = { ...process.env, ...NODE_ENVIRONMENT };
    process.exit(spawnSync(process.execPath, again, { stdio: 'inherit', env }).status ?? 1);
  }
  process.stdout.write(`${await benchSoak(Number(values.minutes))}\n`);
  process.exit(0);
}
