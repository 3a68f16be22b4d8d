import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openThrowaway } from '../main/appliance.ts';
import { silentLog } from '../main/base/index.ts';
import type { ConversationEvent, LiveConversation } from '../main/conversation/index.ts';
import { openWavEndpoint, readWav } from '../main/media/index.ts';
import { dataFile } from '../test/support/data.ts';
import { percentile, table } from './machine.ts';

const DESK = fileURLToPath(new URL('../test/desks/speech-intent', import.meta.url));
const TURNS = 30;
type Timing = Extract<ConversationEvent, { type: 'timing' }>;

/**
 * Where the time of a turn goes: thirty people's recordings (speech/intent) spoken in real time into one whole
 * conversation each after the other, through VAD, endpointing, recogniser, dialogue and synthesiser.
 */
export async function benchTurns(): Promise<string> {
  const files = readdirSync(dataFile('speech', 'intent', 'wav'))
    .sort()
    .slice(0, TURNS);
  const throwaway = await openThrowaway({ deskFolder: DESK, log: silentLog });
  const timings: Timing[] = [];
  try {
    const endpoint = await openWavEndpoint({ label: 'bench' });
    const live = throwaway.core.converse({ member: null, endpoint, mode: 'handsFree' });
    live.onEvent((event) => {
      if (event.type === 'timing' && event.endpointMs !== null) timings.push(event);
    });
    for (const file of files) {
      await listening(live);
      const { samples, sampleRate } = await readWav(dataFile('speech', 'intent', 'wav', file));
      const answered = nextTiming(live);
      await endpoint.say(samples, sampleRate);
      await answered;
      // The reply itself is not measured: it is stopped, as an impatient person would.
      live.stopSpeaking();
    }
    await live.end('bench-over');
  } finally {
    await throwaway.close();
  }
  return report(timings, files.length);
}

function report(timings: readonly Timing[], turns: number): string {
  const row = (name: string, pick: (timing: Timing) => number | null) => {
    const values = timings.map(pick).filter((value) => value !== null);
    return [name, Math.round(percentile(values, 0.5)), Math.round(percentile(values, 0.95))];
  };
  const rows = [
    row('endpoint', (one) => one.endpointMs),
    row('final transcript', (one) => one.finalMs),
    row('reply text', (one) => one.replyMs),
    row('first audio to the playout', (one) => one.firstAudioMs),
    row('final transcript after the endpoint', (one) => (one.finalMs ?? 0) - (one.endpointMs ?? 0)),
  ];
  return [
    `From the end of speech, milliseconds; ${timings.length} answers to ${turns} recordings (more, where a pause within a recording ended the turn).`,
    '',
    table(['until', 'median', '95th percentile'], rows),
  ].join('\n');
}

/** Resolves once the agent has listened for half a second. */
async function listening(live: LiveConversation): Promise<void> {
  const settle = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | null = setTimeout(settle.resolve, 1500);
  const stop = live.onEvent((event) => {
    if (event.type !== 'state') return;
    if (timer) clearTimeout(timer);
    timer = event.state === 'listening' ? setTimeout(settle.resolve, 500) : null;
  });
  await settle.promise;
  stop();
}

/** The next answer's timing, or nothing when none comes in ten seconds (a turn that was not answered). */
async function nextTiming(live: LiveConversation): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = live.onEvent((event) => {
    if (event.type === 'timing') resolve();
  });
  const timer = setTimeout(resolve, 25_000);
  await promise;
  clearTimeout(timer);
  stop();
}
