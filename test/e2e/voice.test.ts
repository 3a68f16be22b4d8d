/** A human-like voice goes in over WebRTC; the appliance acts through a real tool, answers aloud, and proves it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { hearAgain } from '../support/hear-again.ts';
import { personTalks } from '../support/person.ts';
import {
  ADMIN,
  auditCommand,
  newDataFolder,
  SITE_NAME,
  setUpRunning,
  startRunning,
} from '../support/running-appliance.ts';
import { recordAgent, recordedAgent } from './support/agent-voice.ts';
import { ensureBuilt, openWindow, signIn, turns } from './support/window.ts';

const OPENING = `Hello, this is Robin, an automated assistant. I am a computer program and not a person.
  What we say is written down and kept by the branch, and you can ask for a teller at any time.
  How can I help you today?`;
const BLOCKED = 'Your debit card ending in four four one two is blocked.';
const PHONE_CODE = 'four seven one one';
const TALK = [
  { says: 'i lost my debit card', answer: 'I can help with that. What is your six digit customer number?' },
  { says: 'one zero zero two zero zero', answer: 'Please tell me the four digits of your phone code.' },
  {
    says: PHONE_CODE,
    answer: `I will block your debit card now. It can not be used again, and a new one comes by mail.
      Shall I block it?`,
  },
  {
    says: 'yes please',
    answer: `${BLOCKED} A new one will reach you within five working days. Is there anything else I can do?`,
  },
] as const;

const WORDS = [
  ...[SITE_NAME, ADMIN.username, ADMIN.displayName, 'bank-branch', 'identify_customer', 'conversation'],
  ...['automated assistant', 'debit card', PHONE_CODE, 'one zero zero', 'CREATE TABLE', 'SQLite format 3'],
];

/** Nothing that anybody said or that Sotto wrote can be read in the files of the database. Returns their names. */
function expectUnreadable(data: string): readonly string[] {
  const names = readdirSync(data).filter((name) => name.startsWith('sotto.db'));
  expect(names).toContain('sotto.db');
  for (const name of names) {
    const bytes = readFileSync(join(data, name));
    for (const word of WORDS) {
      expect(bytes.includes(word), `"${word}" in ${name}`).toBe(false);
      expect(bytes.includes(Buffer.from(word, 'utf16le')), `"${word}" in ${name}`).toBe(false);
    }
  }
  return names;
}

test('a card is blocked by voice, and everything shows it', async () => {
  test.setTimeout(150_000);
  ensureBuilt();
  const folder = newDataFolder();
  const microphone = join(folder.data, 'person.wav');
  const appliance = await startRunning(folder.data);
  try {
    const [client] = await Promise.all([setUpRunning(appliance), personTalks(microphone, OPENING, TALK)]);
    client.close();
    const { page, close } = await openWindow(appliance, { microphone });
    await signIn(page);
    await page.getByRole('button', { name: 'Start conversation' }).click();
    await recordAgent(page);

    const person = turns(page, 'person');
    // The phone code is declared sensitive: it reaches the tool and no screen.
    for (const [index, { says }] of TALK.entries())
      await expect(person.nth(index)).toContainText(says === PHONE_CODE ? '[withheld]' : says, {
        timeout: 40_000,
      });
    await expect(page.getByText(PHONE_CODE)).toHaveCount(0);
    await expect(
      turns(page, 'agent').filter({ hasText: 'ending in four four one two is blocked' }),
    ).toBeVisible();
    await expect(page.getByTestId('agent-state')).toHaveText('Speaking');
    await expect(page.getByTestId('agent-state')).toHaveText('Listening');

    const heard = await hearAgain(await recordedAgent(page), [
      ...OPENING.replaceAll(/\s+/g, ' ').split(/(?<=[.?]) /),
      ...TALK.flatMap(({ answer }) => answer.replaceAll(/\s+/g, ' ').split(/(?<=[.?]) /)),
      'What can I do for you?',
      'And your four digit phone code?',
      'Your credit card ending in nine zero three five is blocked.',
      'Your debit card ending in seven seven eight one is blocked.',
      'I found no debit card of yours that could be blocked.',
      'That does not match what I have. Let us try once more.',
    ]);
    expect(heard.join(' ')).toContain('your debit card ending in four four one two is blocked');

    // While it runs the newest pages stand in the write-ahead log.
    expect(expectUnreadable(folder.data)).toContain('sotto.db-wal');
    await page.getByRole('button', { name: 'End conversation' }).click();
    await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
    await close();
  } finally {
    await appliance.stop();
  }

  const bankFile = join(folder.data, 'desks', 'bank-branch', 'bank.db');
  // The demo bank is kept in the clear: what is looked for would be found.
  expect(readFileSync(bankFile).includes('CREATE TABLE')).toBe(true);
  const bank = new Database(bankFile, { readonly: true });
  const blocked = bank.prepare('SELECT customer, kind FROM card WHERE blocked_at IS NOT NULL').all();
  bank.close();
  expect(blocked).toEqual([{ customer: '100200', kind: 'debit' }]);

  expect(JSON.parse(await auditCommand(folder.data, 'verify'))).toMatchObject({ ok: true, problems: [] });
  const log = await auditCommand(folder.data, 'recent');
  for (const action of [
    'conversation.start',
    'disclosure.give',
    'tool.approve',
    'tool.answer',
    'conversation.end',
  ])
    expect(log).toContain(action);

  expectUnreadable(folder.data);
  folder.remove();
});
