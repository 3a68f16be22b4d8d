/** From an empty machine to the Desk, and through a restart. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeWav } from '../../main/media/index.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import { newDataFolder, startRunning, VAULT_PASSPHRASE } from '../support/running-appliance.ts';
import { setUpByKeyboard } from './support/set-up.ts';
import { ensureBuilt, openWindow, signIn, violations } from './support/window.ts';

test('set-up by keyboard, a reload, a restart, a wrong passphrase, the right one', async () => {
  ensureBuilt();
  const folder = newDataFolder();
  const microphone = join(folder.data, 'person.wav');
  await writeWav(
    microphone,
    await personSays('good morning. this is a test of the microphone.'),
    PERSON_RATE,
  );
  let appliance = await startRunning(folder.data);
  const first = await openWindow(appliance, { microphone });
  const levels: number[] = [];
  first.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const level = /"rmsDb":([^,]+)/.exec(String(payload))?.[1];
      if (level !== undefined) levels.push(Number(level));
    }),
  );
  await first.page.reload();
  const found: string[] = [];
  await setUpByKeyboard(first.page, async (step) => {
    for (const violation of await violations(first.page)) found.push(`${step}: ${violation}`);
  });
  expect(found).toEqual([]);
  // dBFS: nothing is louder than full scale, and the person is no whisper.
  expect(Math.max(...levels)).toBeLessThanOrEqual(0);
  expect(Math.max(...levels)).toBeGreaterThan(-40);

  await first.page.reload();
  await signIn(first.page);
  await expect(first.page.getByTestId('disclosure')).toContainText('not a person');

  const { port } = new URL(appliance.url);
  expect(await appliance.stop()).toBe(0);
  await expect(first.page.getByText('Connection lost.')).toBeVisible();
  appliance = await startRunning(folder.data, '--port', port);

  // The window finds the appliance again by itself, locked.
  const passphrase = first.page.getByLabel('Vault passphrase', { exact: true });
  await passphrase.fill('quiet harbor seven lamps');
  await first.page.getByRole('button', { name: 'Unlock' }).click();
  await expect(first.page.getByRole('alert')).toBeVisible();
  await expect(passphrase).toBeVisible();
  await passphrase.fill(VAULT_PASSPHRASE);
  await first.page.keyboard.press('Enter');
  await signIn(first.page);
  await first.close(/WebSocket connection to .* failed/);
  expect(await appliance.stop()).toBe(0);
  folder.remove();
});
