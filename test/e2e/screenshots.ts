/**
 * Screenshots for the documents, from the real appliance in a real conversation:
 * `node test/e2e/screenshots.ts [FOLDER]` (docs/screenshots unless told).
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { writeWav } from '../../main/media/index.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';
import { newDataFolder, type RunningAppliance, startRunning } from '../support/running-appliance.ts';
import { setUpByKeyboard } from './support/set-up.ts';
import { ensureBuilt, openWindow, signIn, turns } from './support/window.ts';

type Look = {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
};
const LIGHT = { width: 1280, height: 800, colorScheme: 'light' } as const;
const DARK = { ...LIGHT, colorScheme: 'dark' } as const;
const LARGE_LIGHT = { width: 1920, height: 1080, colorScheme: 'light' } as const;
const LARGE_DARK = { ...LARGE_LIGHT, colorScheme: 'dark' } as const;
/** Until the agent has greeted. */
const GREETING_S = 16;

const [folder = 'docs/screenshots'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) rmSync(join(folder, old));
ensureBuilt();

const sounds = newDataFolder();
const atOnce = await microphone('at-once.wav', 1);
const afterGreeting = await microphone('after-greeting.wav', GREETING_S);
await onNewAppliance(async (appliance) => {
  await setUp(appliance, LIGHT, ['checks', 'desk', 'sound']);
  await idle(appliance, LARGE_LIGHT);
  await conversation(appliance, DARK, 'speaking');
  await conversation(appliance, LIGHT, 'proposal');
  await conversation(appliance, LARGE_DARK, 'proposal');
  await administration(appliance, LIGHT);
  await administration(appliance, DARK);
});
await onNewAppliance((appliance) => setUp(appliance, LARGE_DARK, ['key']));
sounds.remove();

/** A person who asks one question, quietly, after so many seconds. */
async function microphone(name: string, afterSeconds: number): Promise<string> {
  const question = (await personSays('are you open on monday')).map((sample) => sample * 0.4);
  const sound = new Float32Array(PERSON_RATE * (afterSeconds + 60));
  sound.set(question, afterSeconds * PERSON_RATE);
  const file = join(sounds.data, name);
  await writeWav(file, sound, PERSON_RATE);
  return file;
}

async function onNewAppliance(shoot: (appliance: RunningAppliance) => Promise<void>): Promise<void> {
  const home = newDataFolder();
  const appliance = await startRunning(home.data);
  try {
    await shoot(appliance);
  } finally {
    await appliance.stop();
    home.remove();
  }
}

async function shot(page: Page, screen: string, { width, colorScheme }: Look): Promise<void> {
  await page.screenshot({ path: join(folder, `${screen}-${colorScheme}-${width}.png`) });
}

async function setUp(appliance: RunningAppliance, look: Look, steps: readonly string[]): Promise<void> {
  const { page, close } = await openWindow(appliance, { ...look, microphone: atOnce });
  await setUpByKeyboard(page, async (step) => {
    if (steps.includes(step)) await shot(page, `setup-${step}`, look);
  });
  await close();
}

async function idle(appliance: RunningAppliance, look: Look): Promise<void> {
  const { page, close } = await openWindow(appliance, look);
  await signIn(page);
  await shot(page, 'desk-idle', look);
  await close();
}

/** A spoken question with its spoken answer, then a transfer that waits for a yes. */
async function conversation(
  appliance: RunningAppliance,
  look: Look,
  until: 'speaking' | 'proposal',
): Promise<void> {
  const { page, close } = await openWindow(appliance, { ...look, microphone: afterGreeting });
  const agent = (state: string) =>
    expect(page.getByTestId('agent-state')).toHaveText(state, { timeout: 30_000 });
  await signIn(page);
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await agent('Speaking');
  await expect(turns(page, 'person')).toContainText('are you open on monday', { timeout: 40_000 });
  await expect(turns(page, 'agent').filter({ hasText: 'On Monday' })).toBeVisible();
  await agent('Speaking');
  if (until === 'speaking') await shot(page, 'desk-speaking', look);
  else {
    await agent('Listening');
    for (const text of ['transfer fifty dollars from checking to savings', '100200']) {
      await page.getByLabel('Type instead of speaking').fill(text);
      await page.keyboard.press('Enter');
      await agent('Speaking');
      await agent('Listening');
    }
    await page.getByLabel('Type instead of speaking').fill('4711');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('proposal')).toBeVisible();
    await agent('Speaking');
    await shot(page, 'desk-proposal', look);
  }
  await page.getByRole('button', { name: 'End conversation' }).click();
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
  await close();
}

/** The places of IT, auditors and privacy officers, with what the conversations before left there. */
async function administration(appliance: RunningAppliance, look: Look): Promise<void> {
  const { page, close } = await openWindow(appliance, look);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await signIn(page);
  await press('Records');
  await page.getByRole('region', { name: 'List of conversations' }).getByRole('button').first().click();
  await page.getByLabel('Why you look').last().fill('Complaint 2026/118');
  await press('Read it');
  await expect(page.getByText('Identify customer').last()).toBeVisible();
  await shot(page, 'records-read', look);
  await press('Privacy');
  await expect(page.getByRole('columnheader', { name: 'Beyond its time' })).toBeVisible();
  await shot(page, 'privacy-retention', look);
  await press('Audit log');
  await press('Verify the log');
  await expect(page.getByText('The log is whole')).toBeVisible();
  await shot(page, 'log', look);
  await press('Show the checkpoint');
  await expect(page.getByRole('img', { name: 'The checkpoint as a QR code' })).toBeVisible();
  await shot(page, 'log-checkpoint', look);
  await page.keyboard.press('Escape');
  await press('Security');
  await expect(page.getByRole('heading', { name: 'Not confirmed' })).toBeVisible();
  await press('Stop');
  await shot(page, 'security-stop', look);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Incidents', exact: true }).click();
  await press('Open an incident');
  await page
    .getByLabel('What happened')
    .fill('A customer says that somebody else used the desk in their name.');
  await press('Open it');
  await press('I take this step: Identify');
  await press(`Done: What happened is written down, with the time it began.`);
  await expect(page.getByText('Done, ', { exact: false }).first()).toBeVisible();
  await shot(page, 'security-incident', look);
  await press('Limits');
  await expect(page.getByText('Traces of ultrasound')).toBeVisible();
  await shot(page, 'security-limits', look);
  await press('Members');
  await expect(page.getByRole('columnheader', { name: 'Worth a look' })).toBeVisible();
  await shot(page, 'security-members', look);
  await close();
}
