/** Chromium at the real appliance: trusts its authority and nothing else, and is watched. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, expect, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from '../../support/chromium.ts';
import { ADMIN, type RunningAppliance } from '../../support/running-appliance.ts';
import { openWatchedPage, type PageOptions } from '../../support/watched-page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface WindowOptions extends PageOptions {
  /** What the microphone hears, once, from the moment that it is opened; without it, Chromium's beeps. */
  readonly microphone?: string;
}

export interface Window {
  readonly page: Page;
  /** Errors and warnings of the page, refused styles and scripts, and every request that left the appliance. */
  readonly complaints: readonly string[];
  /** Closes it. @throws when there were complaints, but for those that the test has brought about. */
  close(expected?: RegExp): Promise<void>;
}

/** Builds the window where its sources have changed since it was built. */
export function ensureBuilt(): void {
  const code = "import { planBuilds, runBuilds } from './setup/builds.mjs'; await runBuilds(planBuilds());";
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  execFileSync(node, ['--input-type=module', '-e', code], { cwd: root, stdio: 'inherit' });
}

export async function openWindow(appliance: RunningAppliance, options: WindowOptions = {}): Promise<Window> {
  const { microphone } = options;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...CHROMIUM_ARGS,
      `--ignore-certificate-errors-spki-list=${appliance.spki}`,
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}%noloop`]),
    ],
  });
  const { page, complaints } = await openWatchedPage(browser, options);
  const { host } = new URL(appliance.url);
  const watch = (url: string) => {
    const asked = new URL(url);
    if (!['blob:', 'data:'].includes(asked.protocol) && asked.host !== host)
      complaints.push(`a request left the appliance: ${url}`);
  };
  page.on('request', (request) => watch(request.url()));
  page.on('websocket', (socket) => watch(socket.url()));
  await page.goto(appliance.url);
  return {
    page,
    complaints,
    close: async (expected) => {
      await browser.close();
      expect(complaints.filter((complaint) => !expected?.test(complaint))).toEqual([]);
    },
  };
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill(ADMIN.username);
  await page.getByLabel('Passphrase', { exact: true }).fill(ADMIN.passphrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Start conversation' })).toBeVisible();
}

/** Types a sentence and waits until the agent has answered and listens. */
export async function typed(page: Page, text: string, answer: string | RegExp): Promise<void> {
  await page.getByLabel('Type instead of speaking').fill(text);
  await page.keyboard.press('Enter');
  await expect(turns(page, 'agent').last()).toContainText(answer);
}

export function turns(page: Page, who: 'agent' | 'person') {
  return page.getByRole('log', { name: 'What was said' }).locator(`.turn-${who}`);
}

/** Violations of WCAG 2.2 A and AA on the screen as it is. */
export async function violations(page: Page): Promise<readonly string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await new AxeBuilder({ page }).withTags(tags).analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
