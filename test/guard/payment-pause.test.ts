/** A step that the pack declares as payment: the recording is silent from its question to its end, in a conversation as it runs. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BoundedQueue, installRoot, silentLog } from '../../main/base/index.ts';
import { startConversation } from '../../main/conversation/index.ts';
import {
  buildKnowledge,
  compileDesk,
  createDialogue,
  type DeskPack,
  loadDeskPack,
} from '../../main/dialogue/index.ts';
import type { AudioFrame } from '../../main/media/index.ts';
import { consentPolicy, type SoundRecorder } from '../../main/records/index.ts';
import {
  ScriptedClock,
  ScriptedGateway,
  ScriptedPlayout,
  ScriptedSpeech,
  ScriptedWriter,
  settle,
} from '../conversation/scripted.ts';

/** A record whose recording tells only when it is paused. */
class PausedWriter extends ScriptedWriter {
  readonly told: string[] = [];
  override record(): never {
    const recorder: SoundRecorder = {
      positionMs: 0,
      write: () => {},
      pause: () => void this.told.push('pause'),
      resume: () => void this.told.push('resume'),
      dropFrom: () => {},
      screen: () => {},
      close: () => {},
    };
    return recorder as never;
  }
}

async function bank(recording: 'pause' | undefined): Promise<DeskPack> {
  const pack = await loadDeskPack(join(installRoot, 'desks', 'bank-branch'));
  const steps = (flow: DeskPack['flows'][string]) =>
    flow.steps.map((step) => ('collect' in step && recording ? { ...step, recording } : step));
  const identify = pack.flows.identify_customer;
  if (!identify) throw new Error('The bank identifies nobody.');
  return { ...pack, flows: { ...pack.flows, identify_customer: { ...identify, steps: steps(identify) } } };
}

async function visit(recording: 'pause' | undefined) {
  const pack = await bank(recording);
  const desk = compileDesk(pack);
  const clock = new ScriptedClock();
  const writer = new PausedWriter();
  const gateway = new ScriptedGateway();
  gateway.results.set('identify_customer', {
    kind: 'ok',
    result: { identified: true, locked: false, firstName: 'Testa' },
  });
  const playout = new ScriptedPlayout();
  const frames = new BoundedQueue<AudioFrame>(50);
  const live = startConversation({
    id: 'c1',
    desk,
    dialogue: createDialogue({ desk, knowledge: buildKnowledge(pack.knowledge), clock }),
    gateway,
    writer,
    consent: { policy: consentPolicy('us-one-party'), recording: true },
    member: null,
    sound: {
      endpoint: {
        kind: 'wav',
        label: 'scripted',
        frames: () => frames,
        playout,
        close: async () => frames.close(),
      },
      speech: new ScriptedSpeech(),
    },
    mode: 'handsFree',
    clock,
    log: silentLog,
  });
  // It is recorded once the notices were heard.
  await playout.hears(60_000);
  const say = async (text: string) => {
    live.type(text);
    for (let round = 0; round < 5; round += 1) await settle();
    return writer.told.join(' ');
  };
  return { live, say };
}

it('pauses while payment data is asked for, answer after answer, and goes on after it', async () => {
  const { live, say } = await visit('pause');
  expect(await say('when are you open')).toBe('');
  expect(await say('i want to check my balance')).toBe('pause');
  expect(await say('one zero zero two zero zero')).toBe('pause');
  expect(await say('what are your opening hours')).toBe('pause');
  expect(await say('four seven one one')).toBe('pause resume');
  await live.end('test');
});

it('does not where the pack declares none', async () => {
  const { live, say } = await visit(undefined);
  expect(await say('i want to check my balance')).toBe('');
  await live.end('test');
});
