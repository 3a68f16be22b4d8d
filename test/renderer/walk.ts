/** Walks the window from screen to screen with the stand-in appliance; used by the tests and the screenshots. */
import { randomUUID } from 'node:crypto';
import { type Browser, chromium, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from '../support/chromium.ts';
import { openWatchedPage, type PageOptions } from '../support/watched-page.ts';
import { StandInAppliance, type StandInOptions } from './stand-in.ts';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] });
}

export interface Walk {
  readonly page: Page;
  readonly appliance: StandInAppliance;
  /** Everything the page complained about: errors, refused styles and scripts. */
  readonly complaints: string[];
}

export async function open(
  browser: Browser,
  url: string,
  options: StandInOptions & PageOptions,
): Promise<Walk> {
  const { page, complaints } = await openWatchedPage(browser, options);
  const appliance = await StandInAppliance.attach(page, options);
  await page.goto(url);
  return { page, appliance, complaints };
}

export async function signIn({ page }: Walk): Promise<void> {
  await page.getByLabel('User name').fill('mara.lindt');
  await page.getByLabel('Passphrase', { exact: true }).fill('ladder violet monsoon');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes through set-up; `look` is called on each step, filled in. */
export async function setUp({ page, appliance }: Walk, look: (step: string) => Promise<void>): Promise<void> {
  const next = () => page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Speech recognition').waitFor();
  await look('checks');
  await next();
  await page.getByLabel('Site name').fill('Harbor Street Bank');
  await page.getByRole('radio', { name: /Harbor Street Branch/ }).check();
  await look('desk');
  await next();
  await page.getByLabel('Your name').fill('Mara Lindt');
  await page.getByLabel('Passphrase', { exact: true }).fill('ladder violet monsoon ticket');
  await page.getByLabel('Passphrase again').fill('ladder violet monsoon ticket');
  await look('admin');
  await next();
  await look('key');
  await next();
  await page.getByRole('button', { name: 'Start the sound check' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await page.waitForTimeout(150);
  appliance.level(-22);
  await page.getByText('The appliance hears you.').waitFor();
  await page.getByRole('button', { name: 'I heard it' }).click();
  await look('sound');
  await next();
  await look('finish');
  await page.getByRole('button', { name: 'Finish set-up' }).click();
  await page.getByRole('heading', { name: 'Everything is ready' }).waitFor();
  await look('done');
}

export async function startTalking({ page }: Walk): Promise<void> {
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await page.getByTestId('agent-state').getByText('Listening').waitFor();
}

const knownAs = {
  customer_number: '204817',
  amount: '120.00',
  from_account: 'checking',
  to_account: 'money_market',
};

/** A conversation up to a transfer that waits for approval. Returns the proposal's id. */
export function playUntilProposal({ appliance }: Walk): string {
  const proposalId = randomUUID();
  const identify = randomUUID();
  const said = (text: string) =>
    ({ type: 'final', text, via: 'voice', confidence: 0.92, inGrammar: true }) as const;
  const reply = (kind: string, text: string) => ({ type: 'reply', kind, text, source: null }) as const;
  appliance.play(
    0,
    reply(
      'disclosure',
      'Hello, this is Robin, an automated assistant. I am a computer program and not a person.',
    ),
    reply('greeting', 'How can I help you today?'),
    { type: 'state', state: 'listening' },
  );
  appliance.play(1, said('when are you open on saturday'), {
    type: 'reply',
    kind: 'answer',
    text: 'On Saturday, November 21, the branch is open from nine in the morning to one in the afternoon. The vault and the safe deposit boxes are closed on weekends.',
    source: { title: 'Opening hours', file: 'knowledge/hours.md' },
  });
  appliance.play(1, {
    type: 'heard',
    text: 'On Saturday, November 21, the branch is open from nine in the morning to one in the afternoon.',
    interrupted: true,
  });
  appliance.play(
    2,
    said('move one hundred twenty dollars from checking to money market'),
    { type: 'flow', flow: 'transfer_money', slots: knownAs },
    { type: 'toolCalled', proposalId: identify, tool: 'identify_customer', risk: 'read' },
    {
      type: 'toolAnswered',
      proposalId: identify,
      tool: 'identify_customer',
      outcome: 'ok',
      code: null,
      tookMs: 31,
    },
    reply('confirmation', 'You want to move 120 dollars from checking to money market. Is that right?'),
    {
      type: 'toolProposed',
      proposalId,
      tool: 'transfer_money',
      risk: 'money',
      text: 'Move $120.00 from checking to money market?',
      needs: 'spoken',
    },
    { type: 'timing', endpointMs: 350, finalMs: 380, replyMs: 420, firstAudioMs: 460 },
    { type: 'state', state: 'hearing' },
    { type: 'level', rmsDb: -24, peakDb: -15, clipped: false },
    { type: 'partial', text: 'yes please' },
  );
  return proposalId;
}

/** Goes through the places of IT, auditors and privacy officers; `look` is called at each screen and dialog. */
export async function walkAdministration(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const place = (name: string) =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name, exact: true }).click();
  const part = (name: string) =>
    page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  const leave = () => page.keyboard.press('Escape');

  await place('Records');
  await page.getByLabel('Words').fill('saturday');
  await page.getByLabel('Why you look').fill('Complaint 2026/118');
  await press('Search');
  await page.getByText('when are you open on saturday').waitFor();
  await look('records');
  await page.getByRole('region', { name: 'List of conversations' }).getByRole('button').first().click();
  await page.getByRole('dialog').getByLabel('Why you look').fill('Complaint 2026/118');
  await look('records-why');
  await press('Read it');
  await press('Listen, for the same reason');
  await page.getByLabel('Recording of the conversation').waitFor();
  await look('records-read');

  await place('Privacy');
  await page.getByText('Beyond its time').waitFor();
  await look('privacy-retention');
  await press('Let it go now');
  await look('privacy-sweep');
  await leave();
  await part('Legal holds');
  await page.getByText('2026/4711').waitFor();
  await look('privacy-holds');
  await press('Place a hold');
  await look('privacy-place-hold');
  await leave();
  await press('Lift');
  await look('privacy-lift-hold');
  await leave();
  await part('Erasure');
  await page.getByLabel('Number or reference').fill('100200');
  await press('Find');
  await page.getByText('A legal hold keeps these records').waitFor();
  await look('privacy-erasure');
  await press('Confirm…');
  await page.getByRole('button', { name: 'Erase for good' }).waitFor();
  await look('privacy-confirm');
  await leave();
  await press('Certificate');
  await look('privacy-certificate');
  await leave();

  await place('Audit log');
  await press('Verify the log');
  await page.getByText('The log is whole').waitFor();
  await look('log');
  await press('1283');
  await look('log-entry');
  await leave();
  await press('Show the checkpoint');
  await page.getByRole('img', { name: 'The checkpoint as a QR code' }).waitFor();
  await look('log-checkpoint');
  await leave();

  await place('Security');
  await page.getByText('Identify customer').waitFor();
  await look('security-stops');
  await part('Incidents');
  await page.getByText('Incident 3').waitFor();
  await look('security-incidents');
  await press('Open an incident');
  await look('security-open-incident');
  await leave();
  await press('Incident 3');
  await page.getByRole('button', { name: 'Sign this step' }).waitFor();
  await look('security-incident');
  await press('Contain…');
  await page.getByRole('button', { name: 'Contain now' }).waitFor();
  await look('security-contain');
  await leave();
  await part('Limits');
  await page.getByText('Failed sign ins by address').waitFor();
  await page.getByText('Traces of ultrasound').waitFor();
  await look('security-limits');
  await press('Change After hours');
  await look('security-limit');
  await leave();
  await part('Members');
  await page.getByText('Ines Okafor').waitFor();
  await look('security-members');
  await press('Manage Ines Okafor');
  await look('security-member');
  await leave();
  await press('New member');
  await look('security-new-member');
  await leave();
  await part('System');
  await page.getByText('Not encrypted').waitFor();
  await look('security-system');
  await press('Mara Lindt');
  await press('Set up codes');
  await page.getByRole('img', { name: /authenticator/ }).waitFor();
  await look('account');
  await leave();
  await press('Stop');
  await page.getByRole('button', { name: 'Stop now' }).waitFor();
  await look('stop');
  await press('Stop now');
  await page.getByText('Stopped: Everything.').waitFor();
  await look('stopped');
}
