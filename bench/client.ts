/**
 * What a person at a real browser notices: Debian's Chromium, a voice as its microphone, WebRTC, the headless appliance.
 * Both directions are recorded in the page on one clock, and everything is measured on that recording.
 */
import { readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { readWav, writeWav } from '../main/media/index.ts';
import {
  CELL_MS,
  PAUSE_MS,
  type Recorded,
  record,
  type Silence,
  silencesIn,
} from '../test/e2e/support/both-sides.ts';
import { ensureBuilt } from '../test/e2e/support/window.ts';
import { dataFile, haveSharedData } from '../test/support/data.ts';
import { type Exchange, joined, personSays, personTalks } from '../test/support/person.ts';
import { newDataFolder, setUpRunning, startRunning } from '../test/support/running-appliance.ts';
import { speechIn } from './barge-in.ts';
import { percentile, table } from './machine.ts';

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

/** Questions whose answers are long enough to be interrupted. */
const QUESTIONS = ['what are your opening hours', 'are you open on saturday'];
const VOICES = ['slt', 'rms', 'awb', 'kal16'];

/** From the opening of the microphone to the start of the recording, and the last answer. */
const AFTER_TALK_MS = 6_000;

export async function benchClient(conversations = 5, interruptions = 24): Promise<string> {
  ensureBuilt();
  const folder = newDataFolder();
  const appliance = await startRunning(folder.data);
  try {
    (await setUpRunning(appliance)).close();
    const microphone = join(folder.data, 'person.wav');
    const before = loadavg()[0]?.toFixed(1);
    const answers: number[] = [];
    if (conversations > 0) await personTalks(microphone, OPENING, TALK);
    for (let i = 0; i < conversations; i += 1) {
      answers.push(...answersIn(await record(appliance, microphone, await lengthOf(microphone))));
    }
    await personInterrupts(microphone, interruptions);
    const silences: readonly Silence[] =
      interruptions > 0 ? silencesIn(await record(appliance, microphone, await lengthOf(microphone))) : [];
    const load = `${before} and ${loadavg()[0]?.toFixed(1)}`;
    return report(answers, conversations * TALK.length, silences, load);
  } finally {
    await appliance.stop();
    folder.remove();
  }
}

function report(
  answers: readonly number[],
  spoken: number,
  interruptions: readonly Silence[],
  load: string,
): string {
  const silences = interruptions.filter((one) => typeof one === 'number');
  const never = interruptions.filter((one) => one === 'never').length;
  const row = (name: string, values: readonly number[]) => [
    name,
    values.length,
    Math.round(percentile(values, 0.5)),
    Math.round(percentile(values, 0.95)),
    Math.max(...values),
  ];
  return [
    `At Chromium, over WebRTC, milliseconds; flite voices as its microphone; ${spoken} sentences in whole conversations at the bank's desk,`,
    'and one conversation in which people (every third a recorded one) speak over the agent again and again. Times are those at which the',
    'browser hands over each 10 ms of both tracks, after its capture and before its sound device, which add their own buffers.',
    `Load of the machine before and after (processes that want its ${cpus().length} cores): ${load}.`,
    '',
    table(
      ['from … to', 'measured', 'median', '95th percentile', 'most'],
      [
        ...(answers.length > 0 ? [row('end of speech → first sound of the answer', answers)] : []),
        ...(silences.length > 0
          ? [row('first sound of a person over the agent → its silence', silences)]
          : []),
      ],
    ),
    '',
    `Of ${silences.length + never} interruptions of speech ${never} were not noticed while the person spoke; ${interruptions.length - silences.length - never} more began while the agent was silent between sentences, and are not counted.`,
  ].join('\n');
}

/** Speaks over the opening, and then over each answer. */
async function personInterrupts(file: string, times: number): Promise<void> {
  const parts: Float32Array[] = [new Float32Array(3_200 * 16)];
  const people = haveSharedData ? readdirSync(dataFile('speech', 'intent', 'wav')).sort() : [];
  for (let i = 0; i < times; i += 1) {
    const voice = VOICES[i % VOICES.length] ?? 'slt';
    const person = i % 3 === 2 ? people[(i * 17) % people.length] : undefined;
    // A recorded person says nothing that the bank knows; the next question is put to what the agent says to that.
    const says = person
      ? await speechIn(person, 16_000)
      : await personSays(QUESTIONS[i % QUESTIONS.length] ?? '', voice);
    parts.push(says, new Float32Array((3_000 + (i % 7) * 137) * 16));
  }
  await writeWav(file, joined(parts), 16_000);
}

async function lengthOf(file: string): Promise<number> {
  const { samples, sampleRate } = await readWav(file);
  return (samples.length * 1000) / sampleRate + AFTER_TALK_MS;
}

/** Milliseconds from the end of each sentence of the person to the first sound of the agent after it. */
function answersIn({ person: said, agent: heard }: Recorded): readonly number[] {
  const pause = PAUSE_MS / CELL_MS;
  const ends = said.flatMap((loud, i) =>
    loud && !said.slice(i + 1, i + 1 + pause).some(Boolean) ? [i + 1] : [],
  );
  return ends.flatMap((end) => {
    const first = heard.indexOf(true, end);
    const next = said.indexOf(true, end);
    return first < 0 || (next >= 0 && next < first) ? [] : [(first - end) * CELL_MS];
  });
}

if (import.meta.main) {
  process.stdout.write(`${await benchClient(...process.argv.slice(2).map(Number))}\n`);
  process.exit(0);
}
