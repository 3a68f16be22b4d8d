/** The screen of sound where it stands: between the ears and the mind of a conversation. Verdicts are scripted. */
import { expect, it } from 'vitest';
import { BoundedQueue, silentLog } from '../../main/base/index.ts';
import { type ConversationEvent, startConversation } from '../../main/conversation/index.ts';
import { buildKnowledge, createDialogue } from '../../main/dialogue/index.ts';
import type { SoundAction, SoundGuard, SoundKind } from '../../main/guard/index.ts';
import type { AudioFrame } from '../../main/media/index.ts';
import {
  desk,
  FRAME_MS,
  ScriptedClock,
  ScriptedGateway,
  ScriptedPlayout,
  ScriptedSpeech,
  ScriptedWriter,
  settle,
  turnTaking,
} from '../conversation/scripted.ts';

const RATE = 16_000;

class Visit {
  readonly clock = new ScriptedClock();
  readonly playout = new ScriptedPlayout();
  readonly speech = new ScriptedSpeech();
  readonly events: ConversationEvent[] = [];
  readonly frames = new BoundedQueue<AudioFrame>(50);
  readonly live: ReturnType<typeof startConversation>;
  pushedMs = 0;

  constructor(verdicts: readonly (readonly [SoundAction, SoundKind])[]) {
    const left = [...verdicts];
    const soundGuard: SoundGuard = {
      watch: () => ({
        begin: () => {
          this.pushedMs = 0;
        },
        push: (samples, sampleRate) => {
          this.pushedMs += (samples.length * 1000) / sampleRate;
        },
        clientTrace: () => {},
        end: () => {
          const [action, kind] = left.shift() ?? (['ignore', 'tone'] as const);
          const finding = { kind, score: 1, reason: 'scripted', from: 'endpoint' } as const;
          return { action, findings: action === 'ignore' ? [] : [finding] };
        },
      }),
    };
    this.live = startConversation({
      id: 'c1',
      desk,
      dialogue: createDialogue({ desk, knowledge: buildKnowledge(desk.pack.knowledge), clock: this.clock }),
      gateway: new ScriptedGateway(),
      writer: new ScriptedWriter(),
      member: null,
      sound: {
        endpoint: {
          kind: 'wav',
          label: 'scripted',
          frames: () => this.frames,
          playout: this.playout,
          close: async () => this.frames.close(),
        },
        speech: this.speech,
      },
      soundGuard,
      mode: 'handsFree',
      clock: this.clock,
      log: silentLog,
    });
    this.live.onEvent((event) => this.events.push(event));
  }

  async says(text: string): Promise<void> {
    this.speech.recognitions.push({ text });
    await this.#sound(960, true);
    await this.#sound(turnTaking.incompleteMs + FRAME_MS, false);
  }

  async listens(): Promise<void> {
    await settle();
    for (let i = 0; i < 200 && this.#state === 'speaking'; i += 1) await this.playout.hears(500);
  }

  get finals(): string[] {
    return this.events.flatMap((event) => (event.type === 'final' ? [event.text] : []));
  }

  get notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  }

  /** The digits that were asked for last. */
  get asked(): string {
    const replies = this.events.flatMap((event) => (event.type === 'reply' ? [event.text] : []));
    return /these numbers: (.*)\.$/.exec(replies.at(-1) ?? '')?.[1] ?? '';
  }

  get #state(): string {
    return this.events.findLast((event) => event.type === 'state')?.state ?? '';
  }

  async #sound(ms: number, speech: boolean): Promise<void> {
    for (let at = 0; at < ms; at += FRAME_MS) {
      const samples = new Float32Array((RATE * FRAME_MS) / 1000).fill(speech ? 0.9 : 0.0001);
      this.frames.push({ samples, sampleRate: RATE, capturedAt: this.clock.now() });
      this.clock.pass(FRAME_MS);
      await settle();
    }
  }
}

async function visit(verdicts: readonly (readonly [SoundAction, SoundKind])[]): Promise<Visit> {
  const begun = new Visit(verdicts);
  await begun.listens();
  return begun;
}

it('screens all of an utterance, its onset too, and lets pass what is only flagged', async () => {
  const person = await visit([['flag', 'repeat']]);
  await person.says('block my card');
  expect(person.pushedMs).toBeGreaterThan(960);
  expect(person.finals).toEqual(['block my card']);
  expect(person.notices).toContain('guard/sound-flag');
});

it('does not take what is refused, says so, and hears the next', async () => {
  const person = await visit([['refuse', 'ultrasound']]);
  await person.says('block my card');
  expect(person.finals).toEqual([]);
  expect(person.notices).toContain('guard/sound-refuse');
  expect(person.events.some((event) => event.type === 'reply' && event.kind === 'apology')).toBe(true);
  await person.listens();
  await person.says('block my card');
  expect(person.finals).toEqual(['block my card']);
});

it('holds what is challenged until the digits are said', async () => {
  const person = await visit([
    ['challenge', 'repeat'],
    ['ignore', 'tone'],
    ['challenge', 'comb'],
  ]);
  await person.says('block my card');
  expect(person.finals).toEqual([]);
  await person.listens();
  await person.says(person.asked);
  expect(person.finals).toEqual(['block my card']);
  await person.listens();
  // Who was believed is not asked again at once.
  await person.says('yes');
  expect(person.finals).toEqual(['block my card', 'yes']);
});

it('asks for other digits once more, and then gives up', async () => {
  const person = await visit([['challenge', 'repeat']]);
  await person.says('block my card');
  await person.listens();
  const first = person.asked;
  await person.says('block my card');
  await person.listens();
  expect(person.asked).not.toBe(first);
  await person.says(first);
  expect(person.finals).toEqual([]);
  expect(person.events.some((event) => event.type === 'reply' && event.kind === 'apology')).toBe(true);
});
