/** Real sounds that are no words, over the agent's voice: it goes on where it was and says all it had to say. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseWav, type Recording, readWav } from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';
import { eventually } from '../support/eventually.ts';
import { type Branch, openBranch } from './real-desk.ts';

let branch: Branch;
beforeAll(async () => {
  branch = await openBranch();
});
afterAll(() => branch.close());

test('an office, a key tone, a knock and a cough', async () => {
  await goesOnOver([await officeNoise(), await keyTone(), knock(), cough()]);
}, 60_000);

test('"mm hm", "uh huh" and "hmm" of people who only show that they listen', async () => {
  await goesOnOver([
    voice('flite', ['-voice', 'rms', '-p', 'pau m hh m pau', '-o']),
    voice('flite', ['-voice', 'slt', '-p', 'pau ah hh ah pau', '-o']),
    voice('flite', ['-voice', 'slt', '-p', 'pau hh m pau', '-o']),
    voice('espeak-ng', ['-v', 'en-us', "[[m'hm]]", '-w']),
  ]);
}, 60_000);

/** Each in a conversation of its own, over the opening. */
async function goesOnOver(sounds: readonly Recording[]): Promise<void> {
  const visits = await Promise.all(sounds.map(() => branch.begin()));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await Promise.all(
    visits.map(async ({ endpoint }, at) => {
      const { samples, sampleRate } = sounds[at] ?? { samples: new Float32Array(0), sampleRate: 16_000 };
      await endpoint.say(samples, sampleRate);
    }),
  );
  for (const { events } of visits) {
    const of = (type: string) => events.filter((event) => event.type === type);
    await eventually(() => expect(of('heard')).toHaveLength(1), 40_000);
    expect(of('heard')).toMatchObject([
      { interrupted: false, text: expect.stringMatching(/^Hello, this is .*How can I help you today\?$/) },
    ]);
    expect(of('final')).toEqual([]);
  }
  await Promise.all(visits.map(({ conversation }) => conversation.end('test')));
}

/** Spoken by a synthesiser from phones, since none of them reads such words as people say them. */
function voice(command: string, args: readonly string[]): Recording {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-non-speech-'));
  try {
    const file = join(folder, 'said.wav');
    execFileSync(command, [...args, file], { stdio: 'pipe' });
    const { samples, sampleRate } = parseWav(readFileSync(file));
    return { samples: samples.map((sample) => sample * 0.4), sampleRate };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function officeNoise() {
  const { samples, sampleRate } = await readWav(dataFile('sound', 'office.wav'));
  return { samples: samples.slice(0, 3 * sampleRate), sampleRate };
}

async function keyTone() {
  const { samples, sampleRate } = await readWav(dataFile('sound', 'dtmf', 'dtmf-0.wav'));
  return { samples: samples.slice(0, sampleRate / 2), sampleRate };
}

/** A door: a short burst of low noise that dies away. */
function knock() {
  return burst(0.15, 30);
}

/** A cough: two bursts of breath. */
function cough() {
  const [first, second] = [burst(0.2, 12), burst(0.25, 9)];
  const samples = new Float32Array(first.samples.length + second.samples.length + 1600);
  samples.set(first.samples);
  samples.set(second.samples, first.samples.length + 1600);
  return { samples, sampleRate: 16_000 };
}

function burst(seconds: number, decay: number) {
  let state = 7;
  let low = 0;
  const samples = new Float32Array(seconds * 16_000).map((_, at) => {
    state = (state * 16_807) % 2_147_483_647;
    low += 0.3 * (state / 1_073_741_823.5 - 1 - low);
    return 0.8 * low * Math.exp((-decay * at) / 16_000);
  });
  return { samples, sampleRate: 16_000 };
}
