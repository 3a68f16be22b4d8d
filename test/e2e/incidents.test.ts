/** Limits and incidents at the real appliance: a rule is made strict, speaks, and what it opened is walked through. */
import { expect, type Page, test } from '@playwright/test';
import type { Client } from '../../main/api/index.ts';
import {
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
} from '../support/running-appliance.ts';
import { tabTo } from './support/set-up.ts';
import { ensureBuilt, openWindow, signIn, violations, type Window } from './support/window.ts';

const folder = newDataFolder();
let appliance: RunningAppliance;
let admin: Client;
let window: Window;
let page: Page;

test.beforeAll(async () => {
  ensureBuilt();
  appliance = await startRunning(folder.data);
  admin = await setUpRunning(appliance);
});
test.afterAll(async () => {
  admin.close();
  await appliance.stop();
  folder.remove();
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const place = (name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name, exact: true }).click();
const part = (name: string) =>
  page.getByRole('navigation', { name: 'Security' }).getByRole('button', { name, exact: true }).click();
const limit = (name: RegExp) =>
  page.getByRole('region', { name: 'List of limits' }).getByRole('row', { name });
/** No barrier (both colours are held by test/renderer). SOTTO_SHOTS names a folder for whoever looks at pictures. */
async function look(name: string): Promise<void> {
  expect(await violations(page), name).toEqual([]);
  const { SOTTO_SHOTS: shots } = process.env;
  if (shots === undefined) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png` });
  }
}

test('a limit is made strict, speaks, and its incident is owned, contained and exported', async () => {
  window = await openWindow(appliance);
  ({ page } = window);
  await signIn(page);
  await place('Security');
  await part('Limits');
  await expect(page.getByText('Traces of ultrasound')).toBeVisible();
  await look('limits');

  // By keyboard alone.
  await tabTo(page, page.getByRole('button', { name: 'Change Records by member', exact: true }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByLabel('More than'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('many');
  await expect(dialog.getByText('A number above 0.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save the limit' })).toBeDisabled();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1');
  await look('limit');
  await page.keyboard.press('Enter');
  await expect(limit(/Records by member/)).toContainText('Changed');
  await expect(limit(/Records by member/)).toContainText('More than 1 read of a record in 1 day');

  await place('Records');
  for (const words of ['balance', 'card']) {
    await page.getByLabel('Words').fill(words);
    await page.getByLabel('Why you look').fill('Complaint 2026/118');
    await press('Search');
    await expect(page.getByText('Nothing that is kept has these words.')).toBeVisible();
  }
  const heard = page.getByRole('alert').filter({ hasText: 'Incident' });
  await expect(heard.first()).toContainText('Records by member');

  await place('Security');
  await expect(
    limit(/Records by member/).or(page.getByRole('heading', { name: 'Stop', exact: true })),
  ).toBeVisible();
  await part('Incidents');
  await page.getByRole('region', { name: 'List of incidents' }).getByRole('button').first().click();
  await press('I take this step: Identify');
  await expect(page.getByText('Owner: Ottoline Marsh').first()).toBeVisible();
  await look('incident');
  await press('Contain…');
  await dialog.getByLabel('What to contain').selectOption({ label: 'Stop the tool: Transfer money' });
  await expect(dialog).toContainText('It takes two people');
  await look('contain');
  await press('Contain now');
  await expect(page.getByText('Contained: the tool Transfer money was stopped').first()).toBeVisible();
  await expect(page.getByText('Stopped: Tool: Transfer money.')).toBeVisible();
  const saved = page.waitForEvent('download');
  await press('Export the incident');
  expect((await saved).suggestedFilename()).toMatch(/^incident-\d\.tar$/);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await look('contained');

  await part('Limits');
  await press('Add a limit…');
  await expect(dialog.getByRole('button', { name: 'Add the limit' })).toBeDisabled();
  await dialog.getByLabel('Name').fill('Records by member');
  await expect(dialog.getByText('There is a limit with this name.')).toBeVisible();
  await dialog.getByLabel('Name').fill('Calls of one tool');
  await dialog.getByLabel('Of what').selectOption({ label: 'Calls that move money' });
  await dialog.getByLabel('Counted for').selectOption({ label: 'One tool' });
  await dialog.getByLabel('More than').fill('20000');
  await look('limit-new');
  await press('Add the limit');
  await expect(dialog.getByRole('alert')).toContainText('calls-of-one-tool: watch.most');
  await dialog.getByLabel('More than').fill('20');
  await press('Add the limit');
  await expect(limit(/Calls of one tool/)).toContainText(
    'More than 20 calls that move money in 1 hour, for one tool',
  );
  await expect(limit(/Calls of one tool/)).toContainText('The site’s own');
  await limit(/Calls of one tool/).scrollIntoViewIfNeeded();
  await look('limit-added');
  await press('Remove Calls of one tool');
  await press('Remove the limit');
  await expect(limit(/Calls of one tool/)).toHaveCount(0);
  await press('The usual rules…');
  await press('Go back to them');
  await expect(limit(/Records by member/)).not.toContainText('Changed');
  await page.getByLabel('A tone that stays: refuse from').fill('nine');
  await expect(page.getByText('A score is a number from 0 to 1.')).toBeVisible();
  await page.getByLabel('A tone that stays: refuse from').fill('0.9');
  await press('Save the policy');
  await expect(page.getByRole('button', { name: 'The usual policy' })).toBeVisible();
  await page.getByLabel('A tone that stays: refuse from').scrollIntoViewIfNeeded();
  await look('policy');
  await press('The usual policy');
  await expect(page.getByLabel('A tone that stays: refuse from')).toHaveValue('0.95');
  await window.close();
});
