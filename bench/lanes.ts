/** Conversations side by side in which sound is said, and what was made of each. Their record goes nowhere. */
import { delay, newId, silentLog, systemClock } from '../main/base/index.ts';
import { type ConversationEvent, startConversation } from '../main/conversation/index.ts';
import { buildKnowledge, type CompiledDesk, createDialogue } from '../main/dialogue/index.ts';
import { openWavEndpoint, type Recording } from '../main/media/index.ts';
import type { Speech } from '../main/speech/index.ts';

/** After the last sound of a recording nothing that belongs to it comes any more. */
const AFTER_MS = 2200;

/** A typed line is answered within, on a busy machine too. */
const TYPED_MS = 800;

export type Timing = Extract<ConversationEvent, { type: 'timing' }>;

export interface Told {
  /** Utterances that were made of one recording. */
  readonly pieces: number;
  readonly timings: readonly Timing[];
}

export interface Lane {
  say(sound: Recording): Promise<Told>;
  close(): Promise<void>;
}

/** Takes one thing after the other, so many at a time. */
export async function inLanes<Thing, Found>(
  things: readonly Thing[],
  lanes: number,
  take: (things: () => Thing | undefined) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const waiting = [...things];
  const found = await Promise.all(Array.from({ length: lanes }, () => take(() => waiting.shift())));
  return found.flat();
}

/** One conversation, which has come as far as these typed lines take it. */
export async function openLane(
  desk: CompiledDesk,
  speech: Speech,
  { eager = true, typed = [] }: { readonly eager?: boolean; readonly typed?: readonly string[] } = {},
): Promise<Lane> {
  const endpoint = await openWavEndpoint({ label: 'bench' });
  const knowledge = buildKnowledge(desk.pack.knowledge);
  const fresh = (clock: typeof systemClock) => createDialogue({ desk, knowledge, clock });
  const events: ConversationEvent[] = [];
  const live = startConversation({
    id: newId(),
    desk,
    dialogue: fresh(systemClock),
    ...(eager ? { freshDialogue: fresh } : {}),
    gateway: noTools,
    writer: noRecord,
    member: null,
    sound: { endpoint, speech },
    mode: 'handsFree',
    clock: systemClock,
    log: silentLog,
  });
  live.onEvent((event) => events.push(event));
  await delay(300);
  live.stopSpeaking();
  for (const line of typed) {
    live.type(line);
    await delay(TYPED_MS);
    live.stopSpeaking();
  }
  return {
    say: async ({ samples, sampleRate }) => {
      events.length = 0;
      await endpoint.say(samples, sampleRate);
      await delay(AFTER_MS);
      live.stopSpeaking();
      await delay(200);
      const timings = events.filter((event) => event.type === 'timing');
      return { pieces: events.filter(({ type }) => type === 'final').length, timings };
    },
    close: () => live.end('bench-over'),
  };
}

const noRecord: Parameters<typeof startConversation>[0]['writer'] = {
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
};

/** Requests end in words; nothing is called. */
const noTools = {
  propose: () => ({ kind: 'refused', code: 'bench/no-tools', say: 'That is noted.' }) as const,
  execute: async () => ({ kind: 'failed', code: 'bench/no-tools', say: 'That is noted.' }) as const,
  withdraw: () => {},
  onEvent: () => () => {},
  health: async () => [],
  close: async () => {},
} as unknown as Parameters<typeof startConversation>[0]['gateway'];
