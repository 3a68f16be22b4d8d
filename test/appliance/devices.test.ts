import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { installRoot, silentLog } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';
import { openDeviceEndpoint, writeWav } from '../../main/media/index.ts';
import { hearAgain } from '../support/hear-again.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import { type SoundServer, startPulseAudio } from '../support/pulseaudio.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-room-'));
const originalEnv = { ...process.env };
let server: SoundServer;
let appliance: Throwaway;

beforeAll(async () => {
  server = await startPulseAudio();
  Object.assign(process.env, server.env);
  const deskFolder = join(installRoot, 'desks', 'bank-branch');
  appliance = await openThrowaway({ deskFolder, log: silentLog });
});
afterAll(async () => {
  await appliance?.close();
  await server?.stop();
  process.env = originalEnv;
  rmSync(folder, { recursive: true });
});

it('a conversation on the machine’s own microphone and speaker', { timeout: 90_000 }, async () => {
  const endpoint = await openDeviceEndpoint();
  const recording = server.recordSpeaker();
  const live = appliance.core.converse({ member: null, endpoint, mode: 'handsFree' });
  const events: ConversationEvent[] = [];
  live.onEvent((event) => events.push(event));
  const heardReplies = () => events.filter(({ type }) => type === 'heard').length;
  const says = async (text: string) => {
    const wav = join(folder, 'person.wav');
    await writeWav(wav, await personSays(text), PERSON_RATE);
    const before = heardReplies();
    await server.playIntoRoom(wav);
    await expect.poll(heardReplies, { timeout: 20_000 }).toBeGreaterThan(before);
  };
  await expect.poll(heardReplies, { timeout: 20_000 }).toBe(1);
  await says('what is my checking balance');
  await says('one zero zero two zero zero');
  await says('four seven one one');
  await live.end('done');
  const sound = await recording.stop();

  const finals = events.flatMap((event) => (event.type === 'final' ? [event.text] : []));
  expect(finals).toEqual([
    'what is my checking balance',
    'one zero zero two zero zero',
    // The phone code is declared sensitive: it reaches the tool and no screen.
    '[withheld]',
  ]);
  const tools = events.flatMap((event) =>
    event.type === 'toolAnswered' ? [[event.tool, event.outcome]] : [],
  );
  expect(tools).toEqual([
    ['identify_customer', 'ok'],
    ['account_balance', 'ok'],
  ]);
  const balance = 'two thousand four hundred fifty dollars and fifty cents';
  const heard = await hearAgain(sound, [
    `Your checking balance is ${balance}.`,
    'Your savings balance is twelve thousand dollars.',
    'Your checking balance is eighty one dollars and seventy five cents.',
    'Hello, this is Robin, an automated assistant. I am a computer program and not a person.',
    'What we say is written down and kept by the branch, and you can ask for a teller at any time.',
    'How can I help you today?',
    'What can I do for you?',
    'What is your six digit customer number?',
    'Please tell me your customer number. It has six digits.',
    'And your four digit phone code?',
    'Please tell me the four digits of your phone code.',
    'That does not match what I have. Let us try once more.',
    'Is there anything else I can do?',
    'What else can I do for you?',
  ]);
  expect(heard.join(' ')).toContain(balance);
});
