/** At a real Chromium: who speaks over the agent is not talked over. */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { writeWav } from '../../main/media/index.ts';
import { joined, PERSON_RATE, personSays } from '../support/person.ts';
import { newDataFolder, setUpRunning, startRunning } from '../support/running-appliance.ts';
import { record, silencesIn } from './support/both-sides.ts';
import { ensureBuilt } from './support/window.ts';

/** The opening takes eleven seconds. */
const INTO_THE_OPENING_MS = 5_000;

test('the window silences the agent at the first sound of a person, and the appliance hears of it', async () => {
  test.setTimeout(90_000);
  ensureBuilt();
  const folder = newDataFolder();
  const microphone = join(folder.data, 'person.wav');
  const appliance = await startRunning(folder.data);
  try {
    (await setUpRunning(appliance)).close();
    const quiet = new Float32Array((INTO_THE_OPENING_MS * PERSON_RATE) / 1000);
    const says = await personSays('what are your opening hours');
    await writeWav(microphone, joined([quiet, says]), PERSON_RATE);
    const told: string[] = [];
    const recorded = await record(appliance, microphone, 9_000, (page) => listen(page, told));
    // How soon, on a machine that does nothing else, is for the bench (`npm run bench -- client`).
    expect(silencesIn(recorded)).toEqual([expect.any(Number)]);
    expect(told.some((message) => message.includes('conversation.silenced'))).toBe(true);
    expect(told.some((message) => message.includes('conversation.playout'))).toBe(true);
  } finally {
    await appliance.stop();
    folder.remove();
  }
});

function listen(page: Page, told: string[]): void {
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void told.push(String(payload))));
}
