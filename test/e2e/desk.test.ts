/** The Desk at the real appliance: typing, deciding on the screen, stopping, holding the key, handing over. */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { writeWav } from '../../main/media/index.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import {
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
} from '../support/running-appliance.ts';
import { ensureBuilt, openWindow, signIn, turns, typed, violations, type Window } from './support/window.ts';

interface Place {
  readonly appliance: RunningAppliance;
  readonly remove: () => void;
}
const places = new Map<string, Place>();
let window: Window;

/** One appliance for all tests at a desk. */
async function at(deskId: string): Promise<RunningAppliance> {
  const held = places.get(deskId);
  if (held !== undefined) return held.appliance;
  const { data, remove } = newDataFolder();
  const appliance = await startRunning(data);
  places.set(deskId, { appliance, remove });
  (await setUpRunning(appliance, deskId)).close();
  return appliance;
}

async function open(deskId: string, microphone?: string): Promise<Page> {
  window = await openWindow(await at(deskId), microphone === undefined ? {} : { microphone });
  await signIn(window.page);
  return window.page;
}

test.beforeAll(() => ensureBuilt());
test.afterEach(() => window.close());
test.afterAll(async () => {
  for (const { appliance, remove } of places.values()) {
    await appliance.stop();
    remove();
  }
});

function transfers(appliance: RunningAppliance): unknown {
  const bank = new Database(join(appliance.data, 'desks', 'bank-branch', 'bank.db'), { readonly: true });
  try {
    return bank.prepare('SELECT customer, from_kind, to_kind, cents FROM transfer').all();
  } finally {
    bank.close();
  }
}

test('money moves when it is approved by key, and does not when it is refused', async () => {
  const page = await open('bank-branch');
  await page.getByRole('button', { name: 'Type instead' }).click();
  await expect(page.getByLabel('Type instead of speaking')).toBeFocused();
  await typed(page, 'transfer fifty dollars from checking to savings', 'customer number');
  await typed(page, '100200', 'phone code');
  await page.keyboard.type('4711');
  await page.keyboard.press('Enter');
  const proposal = page.getByTestId('proposal');
  await expect(proposal).toContainText('fifty dollars from your checking account to your savings account');
  expect(await violations(page)).toEqual([]);
  expect(transfers(await at('bank-branch'))).toEqual([]);
  await page.keyboard.press('Alt+y');
  await expect(turns(page, 'agent').filter({ hasText: 'Done. Your checking balance is now' })).toBeVisible();
  const moved = [{ customer: '100200', from_kind: 'checking', to_kind: 'savings', cents: 5_000 }];
  expect(transfers(await at('bank-branch'))).toEqual(moved);

  await page.getByLabel('Type instead of speaking').focus();
  await page.keyboard.type('transfer sixty dollars from savings to checking');
  await page.keyboard.press('Enter');
  await expect(proposal).toContainText('sixty dollars from your savings account');
  await page.keyboard.press('Alt+n');
  await expect(proposal).toBeHidden();
  await typed(page, 'cancel', /anything else|what else/i);
  expect(transfers(await at('bank-branch'))).toEqual(moved);
  await page.getByRole('button', { name: 'End conversation' }).click();
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();

  await page.getByRole('button', { name: 'Audit log' }).click();
  await page.getByRole('button', { name: 'Verify the log' }).click();
  await expect(page.getByText('The log is whole')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('Escape stops the agent, and the held key opens the ear', async () => {
  const appliance = await at('bank-branch');
  const microphone = join(appliance.data, 'person.wav');
  const question = await personSays('what are your opening hours');
  const later = new Float32Array(PERSON_RATE * 7 + question.length);
  later.set(question, PERSON_RATE * 7);
  await writeWav(microphone, later, PERSON_RATE);
  const page = await open('bank-branch', microphone);
  await page.getByRole('radio', { name: 'Push to talk' }).check();
  await page.getByRole('button', { name: 'Start conversation' }).click();
  const state = page.getByTestId('agent-state');
  await expect(state).toHaveText('Speaking');
  await page.keyboard.press('Escape');
  await expect(state).toHaveText('Listening');
  await expect(page.getByText(/the rest was not heard|before this was heard/).first()).toBeVisible();

  await page.keyboard.down('Space');
  await expect(page.getByText('Listening, release to send')).toBeVisible();
  await expect(page.getByTestId('partial')).toContainText('hours');
  await page.keyboard.up('Space');
  await expect(turns(page, 'person')).toContainText(/what( a|')re your opening hours/);
  await expect(turns(page, 'agent').filter({ hasText: 'from nine in the morning' })).toBeVisible();
  await page.getByRole('button', { name: 'End conversation' }).click();
});

test('emergency words at the clinic call staff at once', async () => {
  const page = await open('clinic-frontdesk');
  await page.getByRole('button', { name: 'Type instead' }).click();
  await page.getByLabel('Type instead of speaking').fill('i have chest pain');
  await page.keyboard.press('Enter');
  const banner = page.getByTestId('hand-off');
  await expect(banner).toContainText('now');
  await expect(banner).toHaveAttribute('data-urgent', 'true');
  await expect(banner).toHaveRole('alert');
  expect(await violations(page)).toEqual([]);
});
