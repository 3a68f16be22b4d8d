/** First-run set-up through the window, by keyboard alone. */
import { expect, type Locator, type Page } from '@playwright/test';
import { ADMIN, SITE_NAME, VAULT_PASSPHRASE } from '../../support/running-appliance.ts';

const MOST_TABS = 40;

/** Presses Tab until the focus is there, as a person without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < MOST_TABS; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${target}`);
}

async function fill(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, page.getByRole('button', { name, exact: true }));
  await page.keyboard.press('Enter');
}

/** From the first screen to the Desk. `look` is called at each step, filled in. */
export async function setUpByKeyboard(
  page: Page,
  look: (step: string) => Promise<void> = async () => {},
): Promise<void> {
  await expect(page.getByRole('region', { name: 'Checks' })).toHaveAttribute('aria-busy', 'false');
  await look('checks');
  await press(page, 'Continue');

  await fill(page, 'Site name', SITE_NAME);
  // Tab enters the group at its first card; the arrow chooses the next one, and back again.
  await tabTo(page, page.getByRole('radio', { name: /Harbor Street Branch/ }));
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /Front Desk|Clinic/ })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('radio', { name: /Harbor Street Branch/ })).toBeChecked();
  await look('desk');
  await press(page, 'Continue');

  await fill(page, 'Your name', ADMIN.displayName);
  await expect(page.getByLabel('User name')).toHaveValue(ADMIN.username);
  await fill(page, 'Passphrase', ADMIN.passphrase);
  await fill(page, 'Passphrase again', ADMIN.passphrase);
  await look('admin');
  await page.keyboard.press('Enter');

  await fill(page, 'Vault passphrase', VAULT_PASSPHRASE);
  await fill(page, 'Vault passphrase again', VAULT_PASSPHRASE);
  await look('key');
  await page.keyboard.press('Enter');

  await press(page, 'Start the sound check');
  await expect(page.getByText('The appliance hears you.')).toBeVisible();
  await press(page, 'I heard it');
  await look('sound');
  await press(page, 'Continue');

  await look('finish');
  await press(page, 'Finish set-up');
  await expect(page.getByRole('heading', { name: 'Everything is ready' })).toBeVisible();
  await look('done');
  await press(page, 'Open the desk');
  await expect(page.getByRole('button', { name: 'Start conversation' })).toBeVisible();
}
