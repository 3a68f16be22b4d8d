/** The microphone is measured in the window before any codec: an attack out of ultrasound is found there, a person is not. */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import { readWav, resample, writeWav } from '../../main/media/index.ts';
import { ultrasound } from '../attack/sound-attacks.ts';
import { dataFile } from '../support/data.ts';
import { joined } from '../support/person.ts';
import {
  auditCommand,
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
} from '../support/running-appliance.ts';
import { ensureBuilt, openWindow, signIn } from './support/window.ts';

const RATE = 48_000;
const SPOKEN = ['1688-142285-0003', '2033-164914-0003', '3080-5032-0003'];
/** Each trace tells of four seconds. */
const TRACES = 3;

/** A microphone before which this is heard, each voice after a pause, once and again. */
async function microphone(file: string, hear: (voice: Float32Array) => Float32Array): Promise<string> {
  const pause = new Float32Array(RATE);
  const parts: Float32Array[] = [];
  for (const name of SPOKEN) {
    const { samples } = await readWav(dataFile('speech', 'read', `${name}.wav`));
    parts.push(pause, hear(samples.subarray(0, 4 * 16_000)));
  }
  await writeWav(file, joined([...parts, ...parts, pause, pause]), RATE);
  return file;
}

/** Lets somebody talk at the window, until enough was told of their microphone. */
async function talks(appliance: RunningAppliance, file: string): Promise<void> {
  const { page, close } = await openWindow(appliance, { microphone: file });
  const told = tracesOf(page);
  await page.reload();
  await signIn(page);
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await expect.poll(() => told.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(TRACES);
  // A few numbers of each: no sound.
  for (const message of told) expect(message.length).toBeLessThan(500);
  await page.getByRole('button', { name: 'End conversation' }).click();
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
  await close();
}

function tracesOf(page: Page): readonly string[] {
  const told: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('conversation.soundTrace')) told.push(String(payload));
    }),
  );
  return told;
}

const entry = z.object({
  metadata: z.object({ event_code: z.string() }),
  unmapped: z.object({ target: z.string().nullish() }).loose(),
});

function targetOf({ unmapped }: z.infer<typeof entry>): string {
  return unmapped.target ?? '';
}

test('ultrasound that a microphone makes audible is found by what the window measures; people are not', async () => {
  test.setTimeout(150_000);
  ensureBuilt();
  const folder = newDataFolder();
  const [attack, person] = await Promise.all([
    microphone(join(folder.data, 'attack.wav'), (voice) =>
      ultrasound(voice, { carrierHz: 40_000, depth: 0.8 }),
    ),
    microphone(join(folder.data, 'person.wav'), (voice) => resample(voice, 16_000, RATE)),
  ]);
  const appliance = await startRunning(folder.data);
  try {
    (await setUpRunning(appliance)).close();
    await talks(appliance, attack);
    await talks(appliance, person);
  } finally {
    await appliance.stop();
  }
  const log = (await auditCommand(folder.data, 'recent'))
    .trim()
    .split('\n')
    .map((line) => entry.parse(JSON.parse(line)));
  const visits = log.filter(({ metadata }) => metadata.event_code === 'conversation.start').map(targetOf);
  const found = log.filter(({ metadata }) => metadata.event_code === 'guard.finding');
  expect(visits).toHaveLength(2);
  expect(found.length).toBeGreaterThanOrEqual(1);
  for (const each of found)
    expect(each.unmapped).toMatchObject({ guard: 'sound', kind: 'ultrasound', from: 'client' });
  // All in the first of the two conversations.
  expect(new Set(found.map(targetOf))).toEqual(new Set([visits[0]]));
  folder.remove();
});
