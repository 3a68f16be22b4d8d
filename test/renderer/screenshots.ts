/** Screenshots of every screen with the stand-in appliance: `node test/renderer/screenshots.ts [FOLDER] [BUILD]`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveBuilt } from './stand-in.ts';
import {
  open,
  openBrowser,
  playUntilProposal,
  setUp,
  signIn,
  startTalking,
  walkAdministration,
} from './walk.ts';

const [folder = '/tmp/sotto-shots', built = 'dist/renderer'] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const server = await serveBuilt(built);
const browser = await openBrowser();
const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;
try {
  for (const [width, height] of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) await shoot({ width, height, colorScheme });
  await shoot({ width: 1024, height: 768, colorScheme: 'light' });
} finally {
  await browser.close();
  server.close();
}

async function shoot(look: { width: number; height: number; colorScheme: 'light' | 'dark' }): Promise<void> {
  const name = (screen: string) => join(folder, `${screen}-${look.colorScheme}-${look.width}.png`);
  const first = await open(browser, server.url, { phase: 'setup', ...look });
  await setUp(first, async (step) => {
    await first.page.screenshot({ path: name(`setup-${step}`) });
  });
  await first.page.close();

  const locked = await open(browser, server.url, { phase: 'locked', ...look });
  await locked.page.getByRole('button', { name: 'Unlock' }).waitFor();
  await locked.page.screenshot({ path: name('unlock') });
  await locked.page.close();

  const desk = await open(browser, server.url, { phase: 'ready', ...look });
  const { page, appliance } = desk;
  await page.getByLabel('User name').fill('mara.lindt');
  await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Too many attempts.').waitFor();
  await page.screenshot({ path: name('sign-in') });
  await signIn(desk);
  await page.getByRole('button', { name: 'Start conversation' }).waitFor();
  await page.screenshot({ path: name('desk-idle') });
  await startTalking(desk);
  await page.screenshot({ path: name('desk-listening') });
  const proposalId = playUntilProposal(desk);
  await page.getByTestId('proposal').waitFor();
  await page.getByTestId('partial').waitFor();
  await page.screenshot({ path: name('desk-proposal') });
  appliance.play(
    3,
    { type: 'final', text: 'yes please', via: 'voice', confidence: 0.9, inGrammar: true },
    { type: 'toolCalled', proposalId, tool: 'transfer_money', risk: 'money' },
    { type: 'toolAnswered', proposalId, tool: 'transfer_money', outcome: 'unknown', code: 'x', tookMs: 5000 },
    {
      type: 'reply',
      kind: 'apology',
      text: 'I cannot confirm that the money was moved. A teller will check it with you.',
      source: null,
    },
    { type: 'handOff', reason: 'a transfer could not be confirmed', to: 'a teller', urgent: true },
    { type: 'notice', code: 'level-low', message: 'I hear you only faintly. Come a little closer.' },
    { type: 'state', state: 'speaking' },
  );
  await page.getByRole('radio', { name: 'Push to talk' }).check();
  await page.getByTestId('hand-off').waitFor();
  await page.screenshot({ path: name('desk-handoff') });
  await page.close();

  // A new window: what was said is not beside what the records show of it.
  const office = await open(browser, server.url, { phase: 'ready', ...look });
  await signIn(office);
  await office.page.getByRole('button', { name: 'Start conversation' }).waitFor();
  await walkAdministration(office.page, async (screen) => {
    await office.page.screenshot({ path: name(screen) });
  });
  await office.page.close();
}
