/** What must be told and asked before a conversation, step by step; only the sound is scripted. */
import { describe, expect, test } from 'vitest';
import { consentPolicy, defaultConsent, type SiteConsent } from '../../main/records/index.ts';
import { Scene, settle } from './scripted.ts';

const recording = (id: string): SiteConsent => ({ policy: consentPolicy(id), recording: true });
const HOURS = 'what are your opening hours';
const GREETING = /How can I help you today/;

async function asked(id = 'strictest'): Promise<Scene> {
  const scene = new Scene({ typed: true, consent: recording(id) });
  await settle();
  return scene;
}

async function typed(scene: Scene, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    scene.live.type(line);
    await settle();
  }
}

const said = (scene: Scene) => scene.replies.join(' ');

describe('by default', () => {
  test('nothing is asked, and that it is a machine and what is kept is told with a receipt', async () => {
    const scene = new Scene({ typed: true });
    await settle();
    expect(said(scene)).toMatch(/automated assistant.*written down.*How can I help/s);
    expect(defaultConsent()).toMatchObject({ policy: { id: 'strictest' }, recording: false });
    expect(scene.writer.disclosures).toEqual(['automated-assistant', 'transcript']);
    expect(scene.writer.receipts.map(({ event }) => event.event_state)).toEqual(['notified', 'notified']);
  });

  test('a policy whose notices the desk does not give gives them itself, first', async () => {
    const policy = consentPolicy('strictest');
    const own = { id: 'ours', purpose: 'disclosure', before: 'listening', when: 'always' } as const;
    const notices = [...policy.notices, { ...own, say: 'Our own notice.', show: 'Our own notice.' }];
    const scene = new Scene({ typed: true, consent: { policy: { ...policy, notices }, recording: false } });
    await settle();
    expect(scene.replies[0]).toBe('Our own notice.');
    expect(scene.writer.disclosures).toEqual(['ours', 'automated-assistant', 'transcript']);
  });

  test('who objects is handed to a person, what was said is erased, and the conversation ends', async () => {
    const scene = new Scene({ typed: true });
    await settle();
    await typed(scene, HOURS, 'I withdraw my consent.');
    expect(await scene.live.ended).toBe('no-consent');
    expect(said(scene)).toContain('I will get a person for you');
    expect(scene.of('handOff')).toHaveLength(1);
    expect(scene.writer.decisions).toEqual(['processing withdrawn typed']);
    expect(scene.writer.forgotten.at(-1)).toBe('words');
  });

  test('"stop recording" is answered where nothing is recorded', async () => {
    const scene = new Scene({ typed: true });
    await settle();
    await typed(scene, 'stop recording', HOURS);
    expect(said(scene)).toContain('Nothing is being recorded');
    expect(scene.replies.slice(-2).join(' ')).toContain('Monday to Friday');
    expect(scene.writer.decisions).toEqual([]);
  });
});

describe('where sound is recorded', () => {
  test('nothing is done before both questions are answered', async () => {
    const scene = await asked();
    expect(said(scene)).toMatch(/automated assistant.*May I turn what you say into text/s);
    expect(said(scene)).not.toMatch(GREETING);
    await typed(scene, 'yes please');
    expect(scene.replies.at(-1)).toContain('May I also record');
    await typed(scene, 'yes');
    expect(said(scene)).toMatch(GREETING);
    expect(scene.writer.decisions).toEqual(['processing given typed', 'recording given typed']);
    expect(said(scene).match(/I am a computer program/g)).toHaveLength(1);
  });

  test('who refuses the recording is served without one', async () => {
    const scene = await asked();
    await typed(scene, 'yes', 'no thank you', HOURS);
    expect(said(scene)).toMatch(/nothing is recorded.*How can I help.*Monday to Friday/s);
    expect(scene.writer.decisions).toEqual(['processing given typed', 'recording refused typed']);
  });

  test('who refuses that it listens is handed to a person, and it ends', async () => {
    const scene = await asked();
    await typed(scene, 'no');
    expect(await scene.live.ended).toBe('no-consent');
    expect(said(scene)).not.toMatch(GREETING);
    expect(scene.of('handOff')).toHaveLength(1);
    expect(scene.writer.decisions).toEqual(['processing refused typed']);
  });

  test('an unclear answer is asked again once, is not kept, and then counts as refused', async () => {
    const scene = await asked();
    await typed(scene, 'my card number is on the table');
    expect(scene.replies.slice(-2).join(' ')).toMatch(/Please say yes or no\..*May I turn/s);
    await typed(scene, 'what');
    expect(await scene.live.ended).toBe('no-consent');
    expect(scene.writer.decisions).toEqual(['processing refused typed']);
    expect(scene.writer.lines.join()).not.toContain('card');
    expect(JSON.stringify(scene.of('final'))).not.toContain('card');
  });

  test('a yes to a question that was talked over is none: it is asked again', async () => {
    const scene = new Scene({ consent: recording('us-all-party') });
    await settle();
    await scene.playout.hears(1000);
    await scene.says('yes');
    expect(scene.writer.decisions).toEqual([]);
    await scene.listens();
    expect(scene.of('heard').at(-1)?.text).toMatch(/automated assistant.*May I record the sound/s);
    expect(scene.writer.disclosures).toEqual(['automated-assistant', 'transcript']);
  });

  test('where one party is enough people are told, and recording waits until they were', async () => {
    const scene = await asked('us-one-party');
    expect(said(scene)).toMatch(/The sound is recorded\..*How can I help/s);
    expect(scene.writer.disclosures).toContain('recording');
  });

  test('the button refuses what is being asked', async () => {
    const scene = new Scene({ consent: recording('us-all-party') });
    await settle();
    await scene.listens();
    expect(scene.writer.decisions).toEqual([]);
    scene.live.withdraw('recording');
    await scene.listens();
    expect(scene.writer.decisions).toEqual(['recording refused screen']);
    expect(said(scene)).toMatch(GREETING);
  });
});

describe('consent withdrawn', () => {
  test.each(['stop recording', 'Delete what you recorded.', 'please stop the recording'])(
    'in mid-conversation by saying "%s" takes the sound back, and the conversation goes on',
    async (words) => {
      const scene = await asked();
      await typed(scene, 'yes', 'yes', HOURS, words);
      expect(scene.replies.at(-1)).toContain('what was recorded is deleted');
      expect(scene.writer.forgotten).toEqual(['sound']);
      await typed(scene, HOURS);
      expect(scene.replies.slice(-2).join(' ')).toContain('Monday to Friday');
      expect(scene.writer.decisions.at(-1)).toBe('recording withdrawn typed');
    },
  );

  test('by the button does the same', async () => {
    const scene = await asked();
    await typed(scene, 'yes', 'yes');
    scene.live.withdraw('recording');
    await settle();
    expect(scene.writer.decisions.at(-1)).toBe('recording withdrawn screen');
    scene.live.withdraw('processing');
    expect(await scene.live.ended).toBe('no-consent');
    expect(scene.writer.forgotten.at(-1)).toBe('words');
  });

  test('under HIPAA stops the conversation and erases nothing that was written down', async () => {
    const scene = await asked('us-hipaa');
    await typed(scene, 'yes', HOURS, 'i revoke my consent');
    expect(await scene.live.ended).toBe('no-consent');
    expect(scene.writer.forgotten).toEqual(['sound']);
  });
});

test('a decision that cannot be kept ends the conversation', async () => {
  const scene = await asked();
  scene.writer.full = true;
  await typed(scene, 'yes');
  expect(await scene.live.ended).toBe('not-recorded');
  expect(said(scene)).not.toMatch(GREETING);
});
