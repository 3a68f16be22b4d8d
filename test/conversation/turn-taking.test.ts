import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SottoError } from '../../main/base/index.ts';
import { maskSensitive } from '../../main/guard/index.ts';
import { crash, FRAME_MS, LETTER_MS, Scene, settle, turnTaking } from './scripted.ts';

const OPENING = /^Hello, this is Robin.*How can I help you today\?$/;
/** A second of the opening, as the record keeps it. */
const CUT_OFF = `agent: ${maskSensitive('Hello, this is Robin,').masked} —`;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A conversation that has been opened and listens. */
async function greeted(options: ConstructorParameters<typeof Scene>[0] = {}): Promise<Scene> {
  const scene = new Scene(options);
  await scene.listens();
  return scene;
}

describe('a turn', () => {
  test('goes from the utterance to the answer, in order, each step with its time', async () => {
    const scene = await greeted();
    scene.events.length = 0;
    await scene.says('what are your opening hours', { partials: ['what', 'what are your opening hours'] });
    await scene.listens();
    const order = scene.events
      .filter(({ type }) => type !== 'level')
      .map((event) => (event.type === 'state' ? `state ${event.state}` : event.type));
    expect(order).toEqual([
      'state hearing',
      'partial',
      'partial',
      'state thinking',
      'final',
      'understood',
      'reply',
      'reply',
      'flow',
      'state speaking',
      'timing',
      'heard',
      'state listening',
    ]);
    expect(new Set(scene.events.map(({ turn }) => turn))).toContain(1);
    expect(scene.replies.join(' ')).toContain('Monday to Friday from nine');
  });

  test('the record has the person before the agent, and what was heard', async () => {
    const scene = await greeted();
    await scene.says('what are your opening hours');
    await scene.listens();
    const [opening, person, agent] = scene.writer.lines;
    expect(opening).toBe(`agent: ${maskSensitive(scene.of('heard')[0]?.text ?? '').masked}`);
    expect(scene.of('heard')[0]?.text).toMatch(OPENING);
    expect(person).toBe('person: what are your opening hours');
    expect(agent).toMatch(/^agent: We are open Monday to Friday/);
  });

  test('its timing counts from the end of speech', async () => {
    const scene = await greeted();
    await scene.says('i want to check my savings balance', {
      partials: ['i want to check my savings balance'],
    });
    const [timing] = scene.of('timing');
    // Complete: the shorter pause, in whole frames.
    const pauseMs = Math.round(turnTaking.completeMs / FRAME_MS) * FRAME_MS;
    expect(timing?.endpointMs).toBe(pauseMs);
    expect(timing?.finalMs).toBe(pauseMs);
    expect(timing?.replyMs).toBe(pauseMs);
    expect(timing?.firstAudioMs).toBe(pauseMs);
  });

  test('an utterance that can go on is given a longer pause', async () => {
    const scene = await greeted();
    await scene.says('i want to transfer', { partials: ['i want', 'i want to transfer'] });
    const pauseMs = Math.round(turnTaking.wholeMs / FRAME_MS) * FRAME_MS;
    expect(scene.of('timing')[0]?.endpointMs).toBe(pauseMs);
  });

  test('a value that was hardly heard is read back', async () => {
    const scene = await greeted();
    await scene.says('i want to book an appointment about a mortgage', { confidence: 0.2 });
    expect(scene.of('reply').at(-1)).toMatchObject({
      kind: 'confirmation',
      text: expect.stringContaining('mortgage'),
    });
  });

  test('typed turns have no ear to wait for', async () => {
    const scene = await greeted({ typed: true });
    scene.live.type('what are your opening hours');
    await settle();
    expect(scene.of('timing')).toMatchObject([{ endpointMs: null, finalMs: null, firstAudioMs: null }]);
    expect(scene.writer.lines.slice(-3)[0]).toBe('person: what are your opening hours');
  });

  test('what is typed before the greeting is answered after it', async () => {
    const scene = new Scene({ typed: true });
    scene.live.type('what are your opening hours');
    await settle();
    expect(scene.replies[0]).toMatch(/automated assistant/);
    expect(scene.replies.at(-2)).toMatch(/Monday to Friday/);
  });
});

describe('interruption', () => {
  test('speech holds the agent at once, and words stop it; the record keeps what was heard', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    await scene.sound(160, true);
    expect(scene.playout.paused).toBe(true);
    expect(scene.of('heard')).toEqual([]);
    scene.speech.partial('uh');
    scene.speech.partial('uh put');
    // So short it may still be an "uh huh".
    expect(scene.of('heard')).toEqual([]);
    await scene.sound(800, true);
    scene.speech.partial('block');
    expect(scene.of('heard')).toEqual([]);
    scene.speech.partial('block my card');
    const [heard] = scene.of('heard');
    expect(heard?.interrupted).toBe(true);
    // A second at 50 ms a letter, of "Hello, this is Robin, an automated …".
    expect(heard?.text).toBe('Hello, this is Robin,');
    expect(1000 / LETTER_MS).toBeLessThan('Hello, this is Robin,'.length + 2);
    expect(scene.writer.lines).toEqual([CUT_OFF]);
  });

  test('a window that has silenced the agent is believed for a moment, and what it did not play comes again', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    scene.live.silenced();
    expect(scene.playout.paused).toBe(true);
    expect(scene.playout.takenBack).toBe(1);
    // Nothing that the ears make of it sooner lets the agent go on: the window would not play it.
    await scene.sound(320, false);
    expect(scene.playout.paused).toBe(true);
    vi.advanceTimersByTime(700);
    expect(scene.playout.paused).toBe(false);
    await scene.listens();
    expect(scene.of('heard')).toMatchObject([{ interrupted: false, text: expect.stringMatching(OPENING) }]);
  });

  test('and speech keeps it silent until it is clear what was said', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    scene.live.silenced();
    await scene.sound(160, true);
    vi.advanceTimersByTime(700);
    expect(scene.playout.paused).toBe(true);
    expect(scene.state).toBe('hearing');
  });

  test('a window says nothing that counts while the key decides who speaks', async () => {
    const scene = new Scene({ mode: 'pushToTalk' });
    await settle();
    await scene.playout.hears(1000);
    scene.live.silenced();
    expect(scene.playout.paused).toBe(false);
  });

  test('before the recogniser has opened speech holds the agent too, and no word of it is lost', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const scene = new Scene({ opened: promise });
    await settle();
    await scene.playout.hears(500);
    await scene.sound(3200, true);
    expect(scene.playout.paused).toBe(true);
    expect(scene.state).toBe('hearing');
    resolve();
    await settle();
    expect(scene.speech.written).toBe(3200 / FRAME_MS);
    scene.speech.recognitions.push({ text: 'what are your opening hours' });
    await scene.sound(1000, false);
    expect(scene.of('final')).toHaveLength(1);
  });

  test('a recogniser that cannot be opened ends the conversation with the reason', async () => {
    const missing = new SottoError('speech/engine-unavailable', 'The recogniser is not installed.');
    const scene = new Scene({ opened: Promise.reject(missing) });
    await settle();
    expect(scene.of('notice')).toMatchObject([{ code: 'speech/engine-unavailable' }]);
    expect(await scene.live.ended).toBe('speech/engine-unavailable');
  });

  test('a cough lets it go on where it was held', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    await scene.says('to', { ms: 200, partials: ['to'], inGrammar: false });
    expect(scene.playout.paused).toBe(false);
    expect(scene.state).toBe('speaking');
    await scene.listens();
    expect(scene.of('heard')).toHaveLength(1);
    expect(scene.of('heard')[0]?.text).toMatch(OPENING);
    expect(scene.of('final')).toEqual([]);
  });

  test('so does an "mm hmm"', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    await scene.says('mm hmm', { ms: 500, partials: ['can', 'mm hmm'] });
    expect(scene.playout.paused).toBe(false);
    await scene.listens();
    expect(scene.of('heard')).toMatchObject([{ interrupted: false, text: expect.stringMatching(OPENING) }]);
    expect(scene.of('final')).toEqual([]);
  });

  test('an "mm hmm" is an answer to a question, and where nothing was asked nothing comes of it', async () => {
    const scene = await greeted();
    scene.events.length = 0;
    await scene.says('mm hmm', { ms: 500 });
    await settle();
    expect(scene.state).toBe('listening');
    expect(scene.replies).toEqual([]);
    expect(scene.of('final')).toEqual([]);
    expect(scene.writer.lines.filter((line) => line.startsWith('person'))).toEqual([]);
    await scene.says('what are your opening hours');
    await scene.listens();
    await scene.says('mm hmm', { ms: 500 });
    await settle();
    expect(scene.of('final').map(({ text }) => text)).toEqual(['what are your opening hours', 'mm hmm']);
  });

  test('an answer that comes while the person speaks waits for them to finish', async () => {
    const scene = await greeted();
    scene.gateway.hold = true;
    scene.live.type('is the bank open on friday');
    await settle();
    await scene.sound(160, true);
    scene.gateway.release();
    await settle();
    expect(scene.state).toBe('hearing');
    expect(scene.playout.paused).toBe(true);
  });

  test('typing stops the agent', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    scene.live.type('what are your opening hours');
    await settle();
    expect(scene.of('heard')[0]).toMatchObject({ interrupted: true, text: 'Hello, this is Robin,' });
    expect(scene.writer.lines.slice(0, 2)).toEqual([CUT_OFF, 'person: what are your opening hours']);
  });

  test('a disclosure that was talked over is said once more, and counts when it was heard', async () => {
    const scene = new Scene();
    await settle();
    await scene.playout.hears(1000);
    scene.live.type('what are your opening hours');
    await settle();
    expect(scene.writer.disclosures).toEqual([]);
    await scene.listens();
    expect(scene.writer.disclosures).toEqual(['automated-assistant', 'transcript']);
    expect(scene.of('heard').at(-1)?.text).toMatch(/^Hello, this is Robin.*Monday to Friday/);
    expect(scene.writer.lines.at(-1)).toMatch(/^agent: Hello, this is .*Monday to Friday/);
  });

  test('a reading call is given up when the person goes on, and nothing more is said of it', async () => {
    const scene = await greeted({ typed: true });
    scene.gateway.hold = true;
    scene.live.type('is the bank open on friday');
    await settle();
    const before = scene.replies.length;
    scene.gateway.hold = false;
    scene.live.type('what are your opening hours');
    await settle();
    expect(scene.replies.slice(before).join(' ')).not.toContain('did not work');
    expect(scene.replies.slice(before).join(' ')).toContain('Monday to Friday');
    expect(scene.of('toolAnswered')[0]).toMatchObject({ code: 'tools/aborted' });
  });
});

describe('push to talk', () => {
  test('the ear is open while the key is down, and the turn ends when it is released', async () => {
    const scene = await greeted({ mode: 'pushToTalk' });
    await scene.sound(960, true);
    expect(scene.state).toBe('listening');
    scene.live.pushToTalk(true);
    await scene.sound(640, true);
    expect(scene.state).toBe('hearing');
    scene.speech.recognitions.push({ text: 'what are your opening hours' });
    scene.live.pushToTalk(false);
    await scene.sound(320, false);
    expect(scene.of('final')).toMatchObject([{ text: 'what are your opening hours', via: 'voice' }]);
  });

  test('a key that is held for ever ends the turn', async () => {
    const scene = await greeted({ mode: 'pushToTalk' });
    scene.live.pushToTalk(true);
    scene.speech.recognitions.push({ text: 'what are your opening hours' });
    await scene.sound(31_000, false);
    expect(scene.of('final')).toHaveLength(1);
  });

  test('changing the mode gives up what was begun, and the agent is not left waiting', async () => {
    const scene = await greeted();
    await scene.sound(320, true);
    expect(scene.state).toBe('hearing');
    scene.live.setMode('pushToTalk');
    expect(scene.state).toBe('listening');
  });
});

describe('silence', () => {
  test('asks again, offers a person, ends', async () => {
    const scene = await greeted();
    scene.live.type('what is my balance');
    await scene.listens();
    for (const said of [/customer number/, /get a teller/]) {
      await vi.advanceTimersByTimeAsync(turnTaking.silenceMs);
      await scene.listens();
      expect(scene.replies.at(-1)).toMatch(said);
    }
    await vi.advanceTimersByTimeAsync(turnTaking.silenceMs);
    await scene.listens();
    expect(scene.replies.at(-1)).toMatch(/Goodbye/);
    await expect(scene.live.ended).resolves.toBe('silence');
  });

  test('after a hand-off, silence ends the conversation', async () => {
    const scene = await greeted();
    scene.live.type('teller');
    await scene.listens();
    expect(scene.of('handOff')).toMatchObject([{ to: 'a teller', urgent: false }]);
    await vi.advanceTimersByTimeAsync(turnTaking.silenceMs);
    await expect(scene.live.ended).resolves.toBe('handed-off');
  });

  test('is no silence while somebody speaks', async () => {
    const scene = await greeted();
    for (let ms = 0; ms < turnTaking.silenceMs * 2; ms += 1000) {
      await scene.sound(320, true);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(scene.state).toBe('hearing');
    expect(scene.replies.at(-1)).toMatch(/How can I help you/);
  });
});

describe('on the screen', () => {
  async function atTheTransfer(): Promise<Scene> {
    const scene = await greeted({ typed: true });
    scene.gateway.results.set('identify_customer', {
      kind: 'ok',
      result: { identified: true, locked: false, firstName: 'Ada' },
    });
    scene.gateway.results.set('transfer_money', {
      kind: 'ok',
      result: { sent: true, reason: '', balance: 'ten dollars' },
    });
    for (const line of ['transfer fifty dollars from checking to savings', '100200', '4711']) {
      scene.live.type(line);
      await settle();
    }
    return scene;
  }

  test('approving does it; the record says who approved', async () => {
    const scene = await atTheTransfer();
    const proposed = scene.of('toolProposed').at(-1);
    scene.live.decide(proposed?.proposalId ?? '', 'approve');
    await settle();
    expect(scene.gateway.calls.at(-1)).toBe('transfer_money screen');
    expect(scene.writer.toolCalls.findLast(({ outcome }) => outcome === 'called')).toMatchObject({
      tool: 'transfer_money',
      approvedBy: 'screen',
    });
    expect(scene.replies.at(-2)).toContain('now ten dollars');
  });

  test('refusing withdraws it; a click on what is no longer pending does nothing', async () => {
    const scene = await atTheTransfer();
    const proposed = scene.of('toolProposed').at(-1);
    scene.live.decide('another', 'approve');
    scene.live.decide(proposed?.proposalId ?? '', 'refuse');
    scene.live.decide(proposed?.proposalId ?? '', 'approve');
    await settle();
    expect(scene.gateway.calls.at(-1)).toBe('identify_customer none');
    expect(scene.gateway.withdrawn).toEqual([proposed?.proposalId]);
  });

  test('a sensitive answer is in no event and not in the record', async () => {
    const scene = await atTheTransfer();
    const slots = [...scene.of('understood'), ...scene.of('flow')].map((event) =>
      JSON.stringify(event.slots),
    );
    expect(slots.join()).toContain('100200');
    expect(JSON.stringify(scene.events)).not.toContain('4711');
    expect(scene.of('final').map(({ text }) => text)).toContain('[withheld]');
    expect(JSON.stringify([scene.writer.turns, scene.writer.toolCalls])).not.toMatch(/4711|100200/);
    expect(scene.writer.lines).toContain('person: [withheld]');
  });

  test('a call that changes the world is seen to its end, in the record too, when the conversation ends', async () => {
    const scene = await atTheTransfer();
    scene.gateway.hold = true;
    scene.live.type('yes');
    await settle();
    const ended = scene.live.end('stopped');
    await settle();
    expect(scene.writer.ends).toEqual([]);
    scene.gateway.release();
    await ended;
    expect(scene.writer.toolCalls.at(-1)).toMatchObject({ tool: 'transfer_money', outcome: 'ok' });
    expect(scene.writer.ends).toEqual(['stopped']);
    expect(scene.events.at(-1)).toMatchObject({ type: 'ended', reason: 'stopped' });
  });
});

describe('when something breaks', () => {
  test('the ears: an apology, and the next turn works', async () => {
    const scene = await greeted();
    scene.speech.recognitions.push(crash());
    await scene.sound(640, true);
    await scene.sound(1000, false);
    await scene.listens();
    expect(scene.of('notice')).toMatchObject([{ code: 'speech/engine-crashed' }]);
    expect(scene.of('reply').at(-1)?.kind).toBe('apology');
    await scene.says('what are your opening hours');
    expect(scene.replies.join(' ')).toContain('Monday to Friday');
  });

  test('what is said while the ears are being started again is not lost', async () => {
    const scene = await greeted();
    const { promise, resolve } = Promise.withResolvers<void>();
    scene.speech.notReady = promise;
    await scene.sound(3200, true);
    expect(scene.speech.written).toBe(0);
    resolve();
    await settle();
    expect(scene.speech.written).toBe(3200 / FRAME_MS);
    scene.speech.recognitions.push({ text: 'what are your opening hours' });
    await scene.sound(1000, false);
    expect(scene.of('final')).toHaveLength(1);
  });

  test('the voice: an apology, the sentence again, and on', async () => {
    const scene = new Scene();
    scene.speech.unspeakable.push('I am a computer program and not a person.');
    await scene.listens();
    const heard = scene.of('heard')[0]?.text ?? '';
    expect(heard).toMatch(
      /assistant\. I am Sorry, I lost my voice for a moment\. I am a computer program and not a person\. What we say/,
    );
    expect(heard).toMatch(/How can I help you today\?$/);
    expect(scene.state).toBe('listening');
  });

  test('the voice for good: the reply ends, and the conversation goes on', async () => {
    const scene = new Scene();
    const sentence = 'I am a computer program and not a person.';
    scene.speech.unspeakable.push(sentence, sentence);
    await scene.listens();
    expect(scene.of('heard')[0]).toMatchObject({ interrupted: true });
    expect(scene.state).toBe('listening');
    await scene.says('what are your opening hours');
    await scene.listens();
    expect(scene.writer.lines.at(-1)).toContain('Monday to Friday');
  });

  test('the sound, in the middle of a word: what was said until then is taken', async () => {
    const scene = await greeted();
    await scene.sound(960, true);
    scene.speech.recognitions.push({ text: 'what are your opening hours' });
    await vi.advanceTimersByTimeAsync(2000);
    await settle();
    expect(scene.of('final')).toHaveLength(1);
    expect(scene.state).toBe('speaking');
  });

  test('the carrier: the conversation ends with its reason', async () => {
    const scene = await greeted();
    scene.lose(new SottoError('media/device-lost', 'The microphone is gone.'));
    await expect(scene.live.ended).resolves.toBe('media/device-lost');
    expect(scene.of('notice')).toMatchObject([{ message: 'The microphone is gone.' }]);
  });

  test('the record: nothing is done, it is said why, and the conversation ends', async () => {
    const scene = await greeted({ typed: true });
    scene.live.type('is the bank open on friday');
    await settle();
    const calls = scene.gateway.calls.length;
    scene.writer.full = true;
    scene.live.type('is the bank open on saturday');
    await settle();
    expect(scene.gateway.calls).toHaveLength(calls);
    expect(scene.replies.at(-1)).toContain('cannot keep a record');
    await expect(scene.live.ended).resolves.toBe('not-recorded');
  });
});

test('the end leaves nothing behind: no timer, no stream, no listener, no event', async () => {
  const scene = await greeted();
  await scene.live.end('closed');
  const events = scene.events.length;
  expect(vi.getTimerCount()).toBe(0);
  expect(scene.speech.open).toBe(0);
  expect(scene.gateway.listeners).toBe(0);
  expect(scene.closed).toBe(true);
  scene.live.type('hello');
  scene.live.pushToTalk(true);
  scene.live.decide('p1', 'approve');
  scene.live.stopSpeaking();
  await settle();
  expect(scene.events).toHaveLength(events);
  expect(scene.writer.ends).toEqual(['closed']);
});

test('more input than anybody can answer is refused, not kept', async () => {
  const scene = await greeted({ typed: true });
  scene.gateway.hold = true;
  scene.live.type('is the bank open on friday');
  await settle();
  for (let i = 0; i < 100; i += 1) scene.live.type(`line ${i}`);
  expect(scene.of('notice').some(({ code }) => code === 'conversation/busy')).toBe(true);
  scene.gateway.release();
  await settle();
  expect(scene.of('final').length).toBeLessThan(12);
});

test('who joins late sees what went before', async () => {
  const scene = await greeted({ typed: true });
  scene.live.type('what are your opening hours');
  await settle();
  await scene.live.end('done');
  const seen: string[] = [];
  for await (const event of scene.live.events()) seen.push(event.type);
  expect(seen).toContain('final');
  expect(seen.at(-1)).toBe('ended');
});
