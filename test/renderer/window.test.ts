import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type StandInOptions, serveBuilt } from './stand-in.ts';
import {
  open,
  openBrowser,
  playUntilProposal,
  setUp,
  signIn,
  startTalking,
  type Walk,
  walkAdministration,
} from './walk.ts';

let folder: string;
let server: Awaited<ReturnType<typeof serveBuilt>>;
let browser: Browser;
let walk: Walk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-renderer-'));
  await build({
    configFile: 'renderer/vite.config.ts',
    logLevel: 'silent',
    build: { outDir: folder, emptyOutDir: true },
  });
  [server, browser] = await Promise.all([serveBuilt(folder), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  server.close();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  const { complaints } = walk;
  await walk.page.context().close();
  expect(complaints).toEqual([]);
});

async function show(options: StandInOptions & { colorScheme?: 'light' | 'dark' }): Promise<Page> {
  walk = await open(browser, server.url, options);
  return walk.page;
}
async function talkingDesk(colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await show({ phase: 'ready', colorScheme });
  await signIn(walk);
  await startTalking(walk);
  return page;
}
const called = (name: string) =>
  walk.appliance.calls.filter((call) => call.name === name).map((call) => call.input);

/** Violations of WCAG 2.2 A and AA, by rule and place. In the dark only colours differ, so only they are looked at. */
async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (colorScheme === 'dark') axe.withRules(['color-contrast']);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations: found } = await axe.analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

describe.each(['light', 'dark'] as const)('accessibility, %s', (colorScheme) => {
  it('has no violations through all of set-up', async () => {
    await show({ phase: 'setup', colorScheme });
    const found: string[] = [];
    await setUp(walk, async (step) => {
      for (const violation of await violations(walk.page, colorScheme)) found.push(`${step}: ${violation}`);
    });
    expect(found).toEqual([]);
  });

  it('has none at the gate and at the Desk', async () => {
    const found: string[] = [];
    const look = async (screen: string) => {
      for (const violation of await violations(walk.page, colorScheme)) found.push(`${screen}: ${violation}`);
    };
    await show({ phase: 'locked', colorScheme });
    await walk.page.getByRole('button', { name: 'Unlock' }).waitFor();
    await look('unlock');
    await walk.page.getByLabel('Vault passphrase', { exact: true }).fill('anything at all');
    await walk.page.getByRole('button', { name: 'Unlock' }).click();
    await walk.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await look('sign-in');
    await signIn(walk);
    await walk.page.getByRole('button', { name: 'Start conversation' }).waitFor();
    await look('idle');
    await startTalking(walk);
    playUntilProposal(walk);
    walk.appliance.play(
      2,
      { type: 'handOff', reason: 'emergency', to: 'a nurse', urgent: true },
      { type: 'notice', code: 'quiet', message: 'I hear you only faintly.' },
    );
    await walk.page.getByTestId('hand-off').waitFor();
    await look('conversation');
    expect(found).toEqual([]);
  });

  it('has none in the places of IT, auditors and privacy officers, dialogs included', async () => {
    const found: string[] = [];
    await show({ phase: 'ready', colorScheme });
    await signIn(walk);
    await walkAdministration(walk.page, async (screen) => {
      for (const violation of await violations(walk.page, colorScheme)) found.push(`${screen}: ${violation}`);
    });
    expect(found).toEqual([]);
  }, 120_000);
});

describe('set-up', () => {
  it('says what is missing, keeps what was entered when going back, and sends it once', async () => {
    const page = await show({ phase: 'setup', keychain: false });
    const next = () => page.getByRole('button', { name: 'Continue' }).click();
    await next();
    await next();
    await page.getByText('Give the site a name.').waitFor();
    await page.getByText('Choose a desk pack.').waitFor();
    await page.getByLabel('Site name').fill('Elm Clinic');
    await page.getByRole('radio', { name: /Clinic Front Desk/ }).check();
    await next();
    await page.getByLabel('Your name').fill('Ada O’Neil');
    expect(await page.getByLabel('User name').inputValue()).toBe('ada.o.neil');
    await page.getByLabel('Passphrase', { exact: true }).fill('ladder violet monsoon');
    await page.getByLabel('Passphrase again').fill('ladder violet');
    await next();
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('Passphrase again').fill('ladder violet monsoon');
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByLabel('Site name').inputValue()).toBe('Elm Clinic');
    await next();
    await next();
    // Without a keychain the passphrase is not taken in silence, and must differ from the member's own.
    await page.getByText('This machine offers no keychain to Sotto.').waitFor();
    expect(await page.getByRole('radio', { name: /keychain of this machine/ }).isDisabled()).toBe(true);
    for (const label of ['Vault passphrase', 'Vault passphrase again'])
      await page.getByLabel(label, { exact: true }).fill('ladder violet monsoon');
    await next();
    await page.getByText('Choose another one than your own passphrase.').waitFor();
    for (const label of ['Vault passphrase', 'Vault passphrase again'])
      await page.getByLabel(label, { exact: true }).fill('quiet harbor seven lamps');
    await next();
    await page.getByRole('button', { name: 'Skip for now' }).click();
    await page.getByRole('button', { name: 'Finish set-up' }).click();
    await page.getByRole('button', { name: 'Open the desk' }).click();
    await page.getByRole('button', { name: 'Start conversation' }).waitFor();
    expect(called('setup.complete')).toEqual([
      {
        siteName: 'Elm Clinic',
        admin: { username: 'ada.o.neil', displayName: 'Ada O’Neil', passphrase: 'ladder violet monsoon' },
        deskId: 'clinic-frontdesk',
        key: { kind: 'passphrase', passphrase: 'quiet harbor seven lamps' },
      },
    ]);
  });
});

describe('the Desk', () => {
  it('plays the agent’s voice and asks for hands-free by default', async () => {
    const page = await talkingDesk();
    const live = await page
      .getByTestId('agent-audio')
      .evaluate(
        (audio: HTMLAudioElement) => audio.srcObject instanceof MediaStream && audio.srcObject.active,
      );
    expect(live).toBe(true);
    const [start] = called('conversation.start') as { sdp: string; mode: string }[];
    expect(start?.mode).toBe('handsFree');
    expect(start?.sdp).toContain('a=candidate');
  });

  it('does not approve by a stray key, and approves by its shortcut, once', async () => {
    const page = await talkingDesk();
    const proposalId = playUntilProposal(walk);
    await page.getByTestId('proposal').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(called('conversation.decide')).toEqual([]);
    await page.keyboard.press('Alt+y');
    await page.keyboard.press('Alt+n');
    await page.getByRole('button', { name: 'Approving…' }).waitFor();
    expect(called('conversation.decide')).toMatchObject([{ proposalId, decision: 'approve' }]);
  });

  it('talks while Space is held in push to talk, but not while typing', async () => {
    const page = await talkingDesk();
    await page.getByRole('radio', { name: 'Push to talk' }).check();
    await page.keyboard.down('Space');
    await page.getByText('Listening, release to send').waitFor();
    await page.keyboard.up('Space');
    await page.getByText('Hold to talk').waitFor();
    expect(called('conversation.pushToTalk')).toMatchObject([{ down: true }, { down: false }]);
    await page.getByLabel('Type instead of speaking').fill('what are');
    await page.keyboard.press('Space');
    await page.keyboard.type('your hours');
    await page.keyboard.press('Enter');
    await expect.poll(() => called('conversation.type')).toMatchObject([{ text: 'what are your hours' }]);
    expect(called('conversation.pushToTalk')).toHaveLength(2);
  });

  it('keeps the newest turn in sight, unless the person has scrolled back to read', async () => {
    const page = await talkingDesk();
    const say = (turn: number) =>
      walk.appliance.play(turn, { type: 'reply', kind: 'answer', text: `Answer ${turn}.`, source: null });
    for (let turn = 1; turn <= 30; turn++) say(turn);
    playUntilProposal(walk);
    await expect.poll(() => page.getByText('yes please').isVisible()).toBe(true);
    const gap = () =>
      page
        .getByRole('region', { name: 'Conversation', exact: true })
        .evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    await expect.poll(gap).toBeLessThan(2);
    await page.getByText('Answer 20.').hover();
    await page.mouse.wheel(0, -400);
    await expect.poll(gap).toBeGreaterThan(100);
    const before = await gap();
    say(31);
    await page.getByText('Answer 31.').waitFor();
    expect(await gap()).toBeGreaterThan(before);
  });

  it('stops the agent by Escape only while it speaks', async () => {
    const page = await talkingDesk();
    await page.keyboard.press('Escape');
    walk.appliance.play(1, { type: 'state', state: 'speaking' });
    await page.getByTestId('agent-state').getByText('Speaking').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => called('conversation.stopSpeaking').length).toBe(1);
  });

  it('keeps the disclosure in sight in every state, and frees the microphone at the end', async () => {
    const page = await talkingDesk();
    const disclosed = () => page.getByTestId('disclosure').getByText('not a person').isVisible();
    playUntilProposal(walk);
    expect(await disclosed()).toBe(true);
    walk.appliance.play(3, { type: 'ended', reason: 'farewell' });
    await page.getByRole('button', { name: 'End conversation' }).click();
    await page.getByRole('button', { name: 'New conversation' }).waitFor();
    expect(await disclosed()).toBe(true);
    const voice = page.getByTestId('agent-audio');
    expect(await voice.evaluate((audio: HTMLAudioElement) => audio.srcObject)).toBeNull();
  });

  it('says when the connection is lost, ends the conversation, and comes back signed in', async () => {
    const page = await talkingDesk();
    await walk.appliance.cut();
    await page.getByText('Connection lost.').waitFor();
    await page.getByText('The connection was lost, so the conversation was ended.').waitFor();
    walk.appliance.restore();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('button', { name: 'Start conversation' }).waitFor();
    expect(called('session.resume')).toEqual([{ token: 'token' }]);
  });

  it('offers typing where there is no microphone', async () => {
    const page = await show({ phase: 'ready' });
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', 'NotFoundError'));
    });
    await signIn(walk);
    await page.getByRole('button', { name: 'Start conversation' }).click();
    await page.getByRole('alert').getByText('No microphone was found.').waitFor();
    expect(called('conversation.start')).toEqual([]);
    await page.getByRole('button', { name: 'Type instead' }).click();
    await page.getByLabel('Type instead of speaking').waitFor();
    expect(called('conversation.start')).toMatchObject([{ sdp: null }]);
  });
});

describe('a further check', () => {
  const propose = (stepUp: 'code' | 'secondPerson'): string => {
    const proposalId = randomUUID();
    const asked = { proposalId, tool: 'transfer_money', risk: 'money', text: 'Move $9,000.00?' };
    walk.appliance.play(1, { type: 'toolProposed', ...asked, needs: 'screen', stepUp });
    return proposalId;
  };

  it('keeps Approve closed until the one-time code was taken, also to its shortcut', async () => {
    const page = await talkingDesk();
    const proposalId = propose('code');
    const approve = page.getByRole('button', { name: /Approve/ });
    await approve.waitFor();
    expect(await approve.isDisabled()).toBe(true);
    await page.keyboard.press('Alt+y');
    await page.getByLabel('Your one-time code').fill('000000');
    await page.getByRole('button', { name: 'Check the code' }).click();
    await page.getByText('That code is not right.').waitFor();
    expect(called('conversation.decide')).toEqual([]);
    expect(await violations(page, 'light')).toEqual([]);
    await page.getByLabel('Your one-time code').fill('123 456');
    await page.keyboard.press('Enter');
    await page.getByText('This one is decided here, on the screen.').waitFor();
    await approve.click();
    expect(called('conversation.stepUp').at(-1)).toMatchObject({
      proposalId,
      proof: { kind: 'code', code: '123456' },
    });
    expect(called('conversation.decide')).toMatchObject([{ proposalId, decision: 'approve' }]);
  });

  it('takes a second person’s own sign-in, and can be refused without one', async () => {
    const page = await talkingDesk('dark');
    propose('secondPerson');
    await page.getByLabel('Second person’s user name').fill('jonas.weil');
    await page.getByLabel('Second person’s passphrase', { exact: true }).fill('copper violin meadow');
    expect(await violations(page, 'dark')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('This one is decided here, on the screen.').waitFor();
    const proof = { kind: 'secondPerson', username: 'jonas.weil', passphrase: 'copper violin meadow' };
    expect(called('conversation.stepUp')).toMatchObject([{ proof }]);
    const second = propose('code');
    await page.getByLabel('Your one-time code').waitFor();
    await page.keyboard.press('Alt+n');
    await expect
      .poll(() => called('conversation.decide'))
      .toMatchObject([{ proposalId: second, decision: 'refuse' }]);
  });
});

describe('what everybody should know', () => {
  it('shows an alert in every place until it is put away', async () => {
    const page = await talkingDesk();
    walk.appliance.alert(4, 'failed-sign-ins');
    await page.getByText('Incident 4.').waitFor();
    await page.getByRole('button', { name: 'Audit log' }).click();
    await page.getByText('Incident 4.').waitFor();
    expect(await violations(page, 'light')).toEqual([]);
    await page.getByRole('button', { name: 'Put this alert away' }).click();
    await page.getByText('Incident 4.').waitFor({ state: 'detached' });
  });

  it('measures the desk in the sound check, and says what to better', async () => {
    const page = await show({ phase: 'ready' });
    await signIn(walk);
    await page.getByRole('button', { name: 'Check the sound' }).click();
    await page.getByRole('button', { name: 'Start the sound check' }).click();
    await page.getByRole('button', { name: 'Measure this desk' }).click();
    await page.getByText('Turn the speaker down a little').waitFor();
    expect(await violations(page, 'light')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => called('sound.end')).toHaveLength(1);
  });
});

describe('sign-in', () => {
  it('shows the slow-down with its remedy', async () => {
    const page = await show({ phase: 'ready' });
    await page.getByLabel('User name').fill('mara.lindt');
    await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('Too many attempts.').waitFor();
    expect(await alert.textContent()).toContain('Wait 30 seconds');
  });
});
