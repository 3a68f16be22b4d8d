/**
 * What a person at a real browser notices: Debian's Chromium, a voice as its microphone, WebRTC, the headless appliance.
 * Both directions are recorded in the page on one clock, and everything is measured on that recording.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { levelOf, readWav, writeWav } from '../main/media/index.ts';
import { ensureBuilt, openWindow, signIn } from '../test/e2e/support/window.ts';
import { type Exchange, personSays, personTalks } from '../test/support/person.ts';
import {
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
} from '../test/support/running-appliance.ts';
import { percentile, table } from './machine.ts';

const RATE = 48_000;
const FRAME_MS = 10;
const FRAME = (RATE * FRAME_MS) / 1000;
/** Below this is silence, in what Chromium captured and in what it is about to play. */
const SILENT_DB = -50;
/** Speech that stops for longer has ended: words within a sentence stand closer. */
const PAUSE_MS = 600;

const OPENING = `Hello, this is Robin, an automated assistant. I am a computer program and not a person.
  What we say is written down and kept by the branch, and you can ask for a teller at any time.
  How can I help you today?`;
/** What the agent answers is only there for its length. */
const TALK: readonly Exchange[] = [
  {
    says: 'what are your opening hours',
    answer: 'We are open from nine to five, Monday to Friday. Anything else I can do for you?',
  },
  { says: 'i lost my debit card', answer: 'I can help with that. What is your six digit customer number?' },
  { says: 'one zero zero two zero zero', answer: 'Please tell me the four digits of your phone code.' },
  {
    says: 'four seven one one',
    answer:
      'I will block your debit card now. It can not be used again, and a new one comes by mail. Shall I block it?',
  },
  {
    says: 'yes please',
    answer: `Your debit card ending in four four one two is blocked. A new one will reach you within five
      working days. Is there anything else I can do?`,
  },
  {
    says: 'i want to check my savings balance',
    answer: 'Your savings account has one thousand two hundred dollars. Anything else?',
  },
];

/** From the opening of the microphone to the start of the recording, and the last answer. */
const AFTER_TALK_MS = 6_000;

export async function benchClient(conversations = 3, interruptions = 10): Promise<string> {
  ensureBuilt();
  const folder = newDataFolder();
  const appliance = await startRunning(folder.data);
  try {
    (await setUpRunning(appliance)).close();
    const microphone = join(folder.data, 'person.wav');
    await personTalks(microphone, OPENING, TALK);
    const talk = await readWav(microphone);
    const talkMs = (talk.samples.length * 1000) / talk.sampleRate + AFTER_TALK_MS;
    const answers: number[] = [];
    let spoken = 0;
    for (let i = 0; i < conversations; i += 1) {
      const recorded = await record(appliance, microphone, talkMs);
      const found = answersIn(recorded);
      answers.push(...found);
      spoken += TALK.length;
    }
    const silences: (number | 'between words' | 'never')[] = [];
    for (let i = 0; i < interruptions; i += 1) {
      await interruption(microphone, 3_200 + i * 137);
      silences.push(silenceIn(await record(appliance, microphone, 9_000)));
    }
    return report(answers, spoken, silences);
  } finally {
    await appliance.stop();
    folder.remove();
  }
}

function report(
  answers: readonly number[],
  spoken: number,
  interruptions: readonly (number | 'between words' | 'never')[],
): string {
  const silences = interruptions.filter((one) => typeof one === 'number');
  const never = interruptions.filter((one) => one === 'never').length;
  const row = (name: string, values: readonly number[]) => [
    name,
    values.length,
    Math.round(percentile(values, 0.5)),
    Math.round(percentile(values, 0.95)),
  ];
  return [
    `At Chromium, over WebRTC, milliseconds; a flite voice as its microphone; ${spoken} sentences in whole conversations at the bank's desk.`,
    '',
    table(
      ['from … to', 'measured', 'median', '95th percentile'],
      [
        row('end of speech → first sound of the answer', answers),
        ...(silences.length > 0
          ? [row('first sound of a person over the agent → its silence', silences)]
          : []),
      ],
    ),
    '',
    `Of ${interruptions.length} interruptions ${never} were not noticed while the person spoke; those that began while the agent was silent between sentences are not counted.`,
  ].join('\n');
}

/** A person who speaks over the opening. */
async function interruption(file: string, atMs: number): Promise<void> {
  const says = await personSays('i lost my debit card');
  const sound = new Float32Array(Math.round(atMs * 16) + says.length + 16_000);
  sound.set(says, Math.round(atMs * 16));
  await writeWav(file, sound, 16_000);
}

interface Recorded {
  readonly person: Float32Array;
  readonly agent: Float32Array;
}

/** Holds one conversation and records both directions in the page, until both have been silent or the time is over. */
async function record(appliance: RunningAppliance, microphone: string, mostMs: number): Promise<Recorded> {
  const { page, close } = await openWindow(appliance, { microphone });
  await page.addInitScript(keepMicrophone);
  await page.reload();
  await signIn(page);
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await page.getByTestId('agent-audio').evaluate(tap);
  await page.waitForTimeout(mostMs);
  const recorded = { person: await channel(page, 0), agent: await channel(page, 1) };
  // The recorder of this bench is what Chromium calls deprecated.
  await close(/ScriptProcessorNode/);
  return recorded;
}

declare global {
  interface Window {
    benchMicrophone?: Promise<MediaStream>;
    benchChannels?: [Float32Array[], Float32Array[]];
  }
}

/** In the page: keeps the stream that the window opens. */
function keepMicrophone(): void {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) => {
    window.benchMicrophone = ask(constraints);
    return window.benchMicrophone;
  };
}

/** In the page: what the microphone gives and what the speaker gets, sample by sample on one clock. */
async function tap(audio: HTMLAudioElement): Promise<void> {
  while (!(audio.srcObject instanceof MediaStream)) await new Promise((resolve) => setTimeout(resolve, 20));
  const microphone = await window.benchMicrophone;
  if (microphone === undefined) throw new Error('no microphone was opened');
  const context = new AudioContext({ sampleRate: 48_000 });
  const merged = context.createChannelMerger(2);
  context.createMediaStreamSource(microphone).connect(merged, 0, 0);
  context.createMediaStreamSource(audio.srcObject).connect(merged, 0, 1);
  // A worklet would need a script of its own, which the window's content security policy refuses.
  const recorder = context.createScriptProcessor(4096, 2, 1);
  const channels: [Float32Array[], Float32Array[]] = [[], []];
  recorder.onaudioprocess = ({ inputBuffer }) => {
    channels[0].push(inputBuffer.getChannelData(0).slice());
    channels[1].push(inputBuffer.getChannelData(1).slice());
  };
  merged.connect(recorder).connect(context.destination);
  window.benchChannels = channels;
}

async function channel(page: Page, index: 0 | 1): Promise<Float32Array> {
  const text = await page.evaluate((which) => {
    const blocks = window.benchChannels?.[which] ?? [];
    const samples = Int16Array.from(
      blocks.flatMap((block) => [...block]),
      (value) => value * 32_767,
    );
    const view = new Uint8Array(samples.buffer);
    let binary = '';
    for (let at = 0; at < view.length; at += 32_768)
      binary += String.fromCharCode(...view.subarray(at, at + 32_768));
    return btoa(binary);
  }, index);
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2) / 32_768);
}

/** For each frame whether it is louder than silence. */
function loudness(sound: Float32Array): readonly boolean[] {
  return Array.from(
    { length: Math.floor(sound.length / FRAME) },
    (_, i) => levelOf(sound.subarray(i * FRAME, (i + 1) * FRAME)).rmsDb > SILENT_DB,
  );
}

/** Milliseconds from the end of each sentence of the person to the first sound of the agent after it. */
function answersIn({ person, agent }: Recorded): readonly number[] {
  const [said, heard] = [loudness(person), loudness(agent)];
  const pause = PAUSE_MS / FRAME_MS;
  const ends = said.flatMap((loud, i) =>
    loud && !said.slice(i + 1, i + 1 + pause).some(Boolean) ? [i + 1] : [],
  );
  return ends.flatMap((end) => {
    const first = heard.indexOf(true, end);
    const next = said.indexOf(true, end);
    return first < 0 || (next >= 0 && next < first) ? [] : [(first - end) * FRAME_MS];
  });
}

/** Milliseconds from the person's first sound to the agent's lasting silence, where it was speaking just then. */
function silenceIn({ person, agent }: Recorded): number | 'between words' | 'never' {
  const [said, heard] = [loudness(person), loudness(agent)];
  const start = said.findIndex((loud, i) => loud && said.slice(i, i + 5).filter(Boolean).length >= 4);
  if (start < 0 || !heard.slice(Math.max(0, start - 5), start + 5).every(Boolean)) return 'between words';
  const end = said.lastIndexOf(true);
  const silent = heard.findIndex((loud, i) => i >= start && !loud && !heard.slice(i, i + 30).some(Boolean));
  return silent < 0 || silent > end ? 'never' : (silent - start) * FRAME_MS;
}

if (import.meta.main) {
  process.stdout.write(`${await benchClient(...process.argv.slice(2).map(Number))}\n`);
  process.exit(0);
}
