/** IT, auditors and privacy officers at the real appliance: what they find, why they look, what two of them can do. */
import { expect, type Page, test } from '@playwright/test';
import type { Client } from '../../main/api/index.ts';
import {
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
} from '../support/running-appliance.ts';
import { ensureBuilt, openWindow, signIn, turns, typed, violations, type Window } from './support/window.ts';

const OFFICER = {
  username: 'jonas.weil',
  displayName: 'Jonas Weil',
  first: 'marble orchard lantern nine',
  own: 'copper violin meadow seven',
};
const REASON = 'Complaint 2026/118';
const folder = newDataFolder();
let appliance: RunningAppliance;
let admin: Client;
const open: Window[] = [];

test.beforeAll(async () => {
  ensureBuilt();
  appliance = await startRunning(folder.data);
  admin = await setUpRunning(appliance);
});
test.afterEach(async () => {
  for (const window of open.splice(0)) await window.close();
});
test.afterAll(async () => {
  admin.close();
  await appliance.stop();
  folder.remove();
});

async function openPage(): Promise<Page> {
  const window = await openWindow(appliance);
  open.push(window);
  return window.page;
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const place = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name, exact: true }).click();

async function signInAs(page: Page, username: string, passphrase: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await press(page, 'Sign in');
}

/** A customer gives their number at the desk. */
async function aConversation(page: Page): Promise<void> {
  await press(page, 'Type instead');
  await typed(page, 'what is my checking balance', 'customer number');
  await typed(page, '100200', 'phone code');
  await typed(page, '4711', 'anything else');
  await press(page, 'End conversation');
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
}

test('a conversation is found, read for a reason, asked to be erased by one, erased by another, and gone', async () => {
  const page = await openPage();
  await signIn(page);
  await aConversation(page);

  await place(page, 'Security');
  await press(page, 'Members');
  await press(page, 'New member');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(OFFICER.displayName);
  await dialog.getByLabel('User name').fill(OFFICER.username);
  await dialog.getByLabel('First passphrase', { exact: true }).fill(OFFICER.first);
  await dialog.getByLabel('Staff').uncheck();
  await dialog.getByLabel('Privacy officer').check();
  await press(page, 'Make the member');
  await expect(page.getByRole('row', { name: /Jonas Weil/ })).toContainText('Passphrase chosen by another');

  await place(page, 'Records');
  await page.getByLabel('Words').fill('balance');
  await page.getByLabel('Why you look').fill(REASON);
  await press(page, 'Search');
  await page
    .getByRole('listitem')
    .filter({ hasText: 'what is my checking balance' })
    .getByRole('button')
    .click();
  await expect(page.getByText(`Read because: ${REASON}`)).toBeVisible();
  await expect(page.locator('.said')).toContainText('Identify customer');
  await expect(page.locator('.said')).not.toContainText('4711');
  expect(await violations(page)).toEqual([]);
  await press(page, 'Listen, for the same reason');
  await expect(page.getByText('There is no recording of this conversation.')).toBeVisible();

  await place(page, 'Privacy');
  await press(page, 'Erasure');
  await page.getByLabel('Number or reference').fill('100200');
  await press(page, 'Find');
  await press(page, 'Ask for erasure');
  await expect(page.getByText('Asked for', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Confirm…' })).toBeHidden();

  const second = await openPage();
  await signInAs(second, OFFICER.username, OFFICER.first);
  await second.getByLabel('Present passphrase', { exact: true }).fill(OFFICER.first);
  await second.getByLabel('New passphrase', { exact: true }).fill(OFFICER.own);
  await second.getByLabel('New passphrase again', { exact: true }).fill(OFFICER.own);
  expect(await violations(second)).toEqual([]);
  await press(second, 'Change the passphrase');
  await place(second, 'Privacy');
  await press(second, 'Erasure');
  await press(second, 'Confirm…');
  await press(second, 'Erase for good');
  await expect(second.getByText('erasure certificate')).toBeVisible();
  await second.keyboard.press('Escape');

  await place(second, 'Records');
  await second.getByLabel('Words').fill('balance');
  await second.getByLabel('Why you look').fill('Is it gone?');
  await press(second, 'Search');
  await expect(second.getByText('Nothing that is kept has these words.')).toBeVisible();
  await expect(second.getByText('No conversation has been held yet.')).toBeVisible();
});

test('an auditor’s way: the reason is in the log as a hash, the log verifies, exports and shows its checkpoint', async () => {
  const page = await openPage();
  await signIn(page);
  await place(page, 'Audit log');
  await page.getByLabel('What', { exact: true }).selectOption('Looks at records');
  const row = page.getByRole('row').filter({ hasText: 'Record: read' }).first();
  await expect(row).toContainText('Ottoline Marsh');
  await row.getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('record.read');
  await expect(page.getByRole('dialog')).not.toContainText(REASON);
  await page.keyboard.press('Escape');
  await press(page, 'Verify the log');
  await expect(page.getByText('The log is whole')).toBeVisible();
  await press(page, 'Show the checkpoint');
  await expect(page.getByRole('img', { name: 'The checkpoint as a QR code' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const kept = page.waitForEvent('download');
  await press(page, 'Save the checkpoint');
  expect((await kept).suggestedFilename()).toBe('checkpoint.txt');
  await page.keyboard.press('Escape');
  const saved = page.waitForEvent('download');
  await press(page, 'Export the log');
  expect((await saved).suggestedFilename()).toBe('sotto-audit-export.tar');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('the stop button ends what is being held; the desk refuses until two have agreed to go on', async () => {
  const page = await openPage();
  await signIn(page);
  await press(page, 'Type instead');
  await typed(page, 'when are you open on monday', 'anything else');
  await press(page, 'Stop');
  await press(page, 'Stop now');
  await expect(page.getByText('Stopped: Everything.')).toBeVisible();
  await expect(turns(page, 'agent').last()).toContainText('I have to stop here');
  await press(page, 'New conversation');
  await press(page, 'Type instead');
  await expect(page.getByText('Sotto was stopped here')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await place(page, 'Security');
  await press(page, 'Agree to go on');
  await expect(page.getByText('Another member now')).toBeVisible();
  await admin.call('members.create', {
    username: 'ines.okafor',
    displayName: 'Ines Okafor',
    passphrase: OFFICER.first,
    roles: ['supervisor'],
  });
  const other = await appliance.connect();
  await other.call('session.signIn', { username: 'ines.okafor', passphrase: OFFICER.first });
  await other.call('account.changePassphrase', { present: OFFICER.first, next: OFFICER.own });
  expect(await other.call('standstill.lift', { target: { scope: 'all' } })).toMatchObject({ lifted: true });
  other.close();
  await expect(page.getByText('Stopped: Everything.')).toBeHidden();
  await place(page, 'Desk');
  await press(page, 'Type instead');
  await typed(page, 'when are you open on monday', 'anything else');
});
