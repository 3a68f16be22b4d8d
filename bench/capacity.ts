/**
 * What one live conversation over WebRTC costs, and how many of them this machine carries: people in a process of their
 * own, twice as many each time, until the 95th percentile of what they wait is half as long again as one's.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MOST_CONVERSATIONS, openThrowaway } from '../main/appliance.ts';
import { delay, silentLog } from '../main/base/index.ts';
import type { LiveConversation } from '../main/conversation/index.ts';
import { acceptWebRtc } from '../main/media/index.ts';
import { percentile, table } from './machine.ts';
import { type Usage, usageOf } from './processes.ts';

const BANK = fileURLToPath(new URL('../desks/bank-branch', import.meta.url));
const CHILD = fileURLToPath(new URL('capacity-child.ts', import.meta.url));
const SECONDS = 35;
/** The first conversation compiles grammars and warms up; it is no measure of one. */
const WARM_UP_SECONDS = 12;
const IDLE_MS = 4_000;
const TOO_SLOW = 1.5;
/** Replies are cut off, so that more turns are asked of it than people would ask. */
const PATIENCE_MS = 1_500;

interface Step {
  readonly people: number;
  readonly took: readonly number[];
  readonly missed: number;
  /** Shares of one core. */
  readonly appliance: number;
  readonly callers: number;
  readonly mebibytes: number;
}

const offered = z.object({ offer: z.string(), peer: z.int() });
const finished = z.object({ took: z.array(z.number()), missed: z.int() });

export async function benchCapacity(): Promise<string> {
  const throwaway = await openThrowaway({ deskFolder: BANK, log: silentLog });
  try {
    await withPeople(throwaway.core, 1, WARM_UP_SECONDS);
    await delay(IDLE_MS);
    const before = usageOf();
    await delay(IDLE_MS);
    const idle = usageOf();
    const steps: Step[] = [];
    for (let people = 1; people <= MOST_CONVERSATIONS; people *= 2) {
      const step = await withPeople(throwaway.core, people);
      steps.push(step);
      if (tooSlow(step, steps[0])) break;
    }
    return report(idle, (idle.cpuMs - before.cpuMs) / IDLE_MS, steps);
  } finally {
    await throwaway.close();
  }
}

function tooSlow(step: Step, one: Step | undefined): boolean {
  const wait = ({ took }: Step) => percentile(took, 0.95);
  return one !== undefined && step !== one && !(wait(step) <= TOO_SLOW * wait(one));
}

type Core = Awaited<ReturnType<typeof openThrowaway>>['core'];

async function withPeople(core: Core, people: number, seconds = SECONDS): Promise<Step> {
  const child = fork(CHILD, [String(people), String(seconds)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const live: LiveConversation[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<z.infer<typeof finished>>();
  child.once('exit', (code) => reject(new Error(`the callers' process ended with ${code}`)));
  let start: { readonly all: Usage; readonly callers: Usage; readonly atMs: number } | null = null;
  child.on('message', (message) => {
    const offer = offered.safeParse(message);
    if (!offer.success) return resolve(finished.parse(message));
    pickUp(core, child, offer.data).then((one) => {
      live.push(one);
      if (live.length === people) start = measured(child);
    }, reject);
  });
  const told = await promise;
  const end = measured(child);
  await Promise.all(live.map((one) => one.end('bench-over')));
  await hangUp(child);
  if (start === null) throw new Error('nobody was connected');
  const share = (pick: (of: typeof end) => number, from: typeof end) =>
    (pick(end) - pick(from)) / (end.atMs - from.atMs);
  return {
    people,
    ...told,
    appliance: share(({ all, callers }) => all.cpuMs - callers.cpuMs, start),
    callers: share(({ callers }) => callers.cpuMs, start),
    mebibytes: end.all.mebibytes - end.callers.mebibytes,
  };
}

function measured(child: ChildProcess) {
  return { all: usageOf(), callers: usageOf(child.pid), atMs: performance.now() };
}

async function pickUp(
  core: Core,
  child: ChildProcess,
  { offer, peer }: z.infer<typeof offered>,
): Promise<LiveConversation> {
  const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp: offer, label: 'bench' });
  child.send({ answer: answerSdp, peer });
  await endpoint.connected();
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  const cutOff = () => setTimeout(() => live.stopSpeaking(), PATIENCE_MS);
  cutOff();
  live.onEvent((event) => {
    if (event.type === 'timing') cutOff();
  });
  return live;
}

/** The native library closes connections in its own time. */
async function hangUp(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await gone;
  await delay(500);
}

function report(idle: Usage, idleShare: number, steps: readonly Step[]): string {
  const [one] = steps;
  const fits = steps.findLast((step) => !tooSlow(step, one));
  const last = steps.at(-1);
  const limit =
    last === fits ? `, which is as many as the appliance admits` : ` (${last?.people} are too many)`;
  return [
    `Conversations at the bank's desk over WebRTC (loopback), each person asking again as soon as the agent falls silent; its replies cut off`,
    `after ${PATIENCE_MS / 1000} s, so that turns come closer than people's would; ${SECONDS} s each. Wait: from the last frame of speech sent to the first`,
    `sound that arrives at the caller. The callers work on the same ${cpus().length} cores.`,
    '',
    table(
      [
        'conversations',
        'turns',
        'not answered',
        'median wait (ms)',
        '95th percentile',
        'appliance and engines, of one core',
        'its memory (anonymous), MiB',
        'callers, of one core',
      ],
      [
        ['none', '', '', '', '', percent(idleShare), Math.round(idle.mebibytes), ''],
        ...steps.map((step) => [
          step.people,
          step.took.length + step.missed,
          step.missed,
          Math.round(percentile(step.took, 0.5)),
          Math.round(percentile(step.took, 0.95)),
          percent(step.appliance),
          Math.round(step.mebibytes),
          percent(step.callers),
        ]),
      ],
    ),
    '',
    `One conversation costs ${percent((one?.appliance ?? Number.NaN) - idleShare)} of one core and ${Math.round((one?.mebibytes ?? Number.NaN) - idle.mebibytes)} MiB above the idle appliance. ${fits?.people ?? 0} at once keep the 95th percentile within ${TOO_SLOW} times that of one${limit}.`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

if (import.meta.main) {
  process.stdout.write(`${await benchCapacity()}\n`);
  process.exit(0);
}
