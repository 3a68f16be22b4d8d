/**
 * The same turn through `@livekit/agents` (its session, Silero plug-in and endpointing) and through Sotto, with the same
 * recogniser, dialogue and synthesiser behind both, in one run: our share of the time.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openThrowaway } from '../main/appliance.ts';
import { delay, silentLog, systemClock } from '../main/base/index.ts';
import { buildKnowledge, createDialogue, type DialogueTurn } from '../main/dialogue/index.ts';
import { levelOf, openWavEndpoint } from '../main/media/index.ts';
import type { RecognitionStream } from '../main/speech/index.ts';
import { personSays } from '../test/support/person.ts';
import { percentile, table } from './machine.ts';

const BANK = fileURLToPath(new URL('../desks/bank-branch', import.meta.url));
const LIVEKIT = new URL('./livekit/session.mjs', import.meta.url);
const RATE = 16_000;
const PHRASES = [
  'what are your opening hours',
  'what can you do',
  'how much is a replacement card',
  'where can i park',
  'what do i need to bring to open an account',
];
const ROUNDS = 2;
/** A turn that is not answered by then is lost, and is counted. */
const ANSWER_WITHIN_MS = 8_000;
/** Between the cut-off reply and the next sentence. */
const BREATH_MS = 800;

type Throwaway = Awaited<ReturnType<typeof openThrowaway>>;
type Core = Throwaway['core'];
interface Session {
  say(samples: Float32Array, speechEndsAt: number): Promise<number>;
  close(): Promise<void>;
}
interface Livekit {
  openSession(parts: {
    readonly hear: () => Promise<RecognitionStream>;
    readonly answer: (text: string) => readonly string[];
    readonly speak: (text: string) => AsyncIterable<{ samples: Float32Array; sampleRate: number }>;
    readonly pauseMs: number | null;
  }): Promise<Session>;
}

export async function benchSideBySide(): Promise<string> {
  if (!existsSync(new URL('./node_modules', LIVEKIT)))
    return 'Not measured: `npm ci --prefix bench/livekit --ignore-scripts` installs LiveKit’s agents for this bench.';
  const spoken = await Promise.all(PHRASES.map(recording));
  const throwaway = await openThrowaway({ deskFolder: BANK, log: silentLog });
  const { core, speech } = throwaway;
  try {
    const ourPause = core.desk.pack.desk.turnTaking.completeMs;
    const ours: number[] = [];
    const theirs: number[] = [];
    const theirsAtOurPause: number[] = [];
    // One round of each after the other, so that what else the machine does falls on all.
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(...(await throughSotto(core, spoken)));
      theirs.push(...(await throughLivekit(core, speech, spoken, null)));
      theirsAtOurPause.push(...(await throughLivekit(core, speech, spoken, ourPause)));
    }
    return report(ourPause, ours, theirs, theirsAtOurPause);
  } finally {
    await throwaway.close();
  }
}

function report(
  pause: number,
  ours: readonly number[],
  theirs: readonly number[],
  theirsAtOurPause: readonly number[],
): string {
  const median = percentile(answered(ours), 0.5);
  const row = (name: string, all: readonly number[]) => {
    const values = answered(all);
    return [
      name,
      all.length,
      all.length - values.length,
      Math.round(percentile(values, 0.5)),
      Math.round(percentile(values, 0.95)),
      (median / percentile(values, 0.5)).toFixed(2),
    ];
  };
  return [
    'From the end of speech to the first sound handed to the output, milliseconds; sound fed in real time, one voice (flite).',
    'LiveKit’s session runs without a room: its AgentSession, Silero plug-in and endpointing, with Sotto’s recogniser, dialogue',
    'and synthesiser as its nodes. No transport on either side.',
    '',
    table(
      ['', 'turns', 'not answered', 'median', '95th percentile', 'Sotto’s share of the median'],
      [
        row(`Sotto (waits ${pause} ms after a complete answer)`, ours),
        row('@livekit/agents 1.9.0 as it comes', theirs),
        row(`@livekit/agents 1.9.0, its VAD and endpointing at ${pause} ms`, theirsAtOurPause),
      ],
    ),
  ].join('\n');
}

function answered(took: readonly number[]): readonly number[] {
  return took.filter((ms) => Number.isFinite(ms));
}

/** Infinity for a turn that nobody answered. */
async function withinReason(answer: Promise<number>): Promise<number> {
  const late = Promise.withResolvers<number>();
  const timer = setTimeout(() => late.resolve(Number.POSITIVE_INFINITY), ANSWER_WITHIN_MS);
  return await Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}

interface Spoken {
  readonly samples: Float32Array;
  /** Index of the last sample of speech. */
  readonly endsAt: number;
}

async function recording(text: string): Promise<Spoken> {
  const samples = await personSays(text);
  const frame = RATE / 100;
  let endsAt = samples.length - 1;
  while (endsAt > frame && levelOf(samples.subarray(endsAt - frame, endsAt)).rmsDb < -50) endsAt -= frame;
  return { samples, endsAt };
}

/** One conversation; the opening and each reply are cut off, as an impatient person would. */
async function throughSotto(core: Core, spoken: readonly Spoken[]): Promise<readonly number[]> {
  const endpoint = await openWavEndpoint({ label: 'bench' });
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  const took: number[] = [];
  for (const { samples, endsAt } of spoken) {
    await delay(BREATH_MS);
    live.stopSpeaking();
    await delay(BREATH_MS);
    const sounded = Promise.withResolvers<number>();
    const deaf = live.onEvent((event) => {
      if (event.type === 'timing' && event.firstAudioMs !== null) sounded.resolve(performance.now());
    });
    await endpoint.say(samples.subarray(0, endsAt), RATE);
    const endedAt = performance.now();
    took.push((await withinReason(sounded.promise)) - endedAt);
    deaf();
  }
  await live.end('bench-over');
  return took;
}

async function throughLivekit(
  core: Core,
  speech: Throwaway['speech'],
  spoken: readonly Spoken[],
  pauseMs: number | null,
): Promise<readonly number[]> {
  const { openSession }: Livekit = await import(LIVEKIT.href);
  const { desk } = core;
  const dialogue = createDialogue({
    desk,
    knowledge: buildKnowledge(desk.pack.knowledge),
    clock: systemClock,
  });
  textsOf(dialogue.begin());
  const session = await openSession({
    hear: () => speech.recogniser.open(desk.grammar(dialogue.expectation)),
    answer: (text) => {
      const understanding = desk.understand(text, dialogue.expectation, Date.now());
      return textsOf(dialogue.hear({ text, via: 'voice', confidence: 1, understanding }));
    },
    speak: (text) => speech.synthesiser.synthesise(text, desk.pack.desk.agent.voice),
    pauseMs,
  });
  const took: number[] = [];
  for (const { samples, endsAt } of spoken) {
    await delay(2 * BREATH_MS);
    took.push(await withinReason(session.say(samples.subarray(0, endsAt), endsAt - 1)));
  }
  await session.close();
  return took;
}

function textsOf(turn: DialogueTurn): readonly string[] {
  const texts: string[] = [];
  for (let next = turn.next(); !next.done; next = turn.next())
    if (next.value.act === 'say') texts.push(next.value.text);
  return texts;
}

if (import.meta.main) {
  process.stdout.write(`${await benchSideBySide()}\n`);
  process.exit(0);
}
