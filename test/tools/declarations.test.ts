import { expect, test } from 'vitest';
import { checkDeskPack } from '../../main/dialogue/index.ts';
import { writeDesk } from '../dialogue/desk-files.ts';
import { context } from './desk.ts';
import { oddDesk, openGateway, temporaryFolder, toolEntry } from './support.ts';

const SERVER = 'bank: {transport: http, url: "https://tools.branch.lan:8443/mcp", ca: ca.pem, key: true}';

/** What a pack's check says of a `tools.yaml` with one money tool. */
async function problemsOf(server: string, tool: string): Promise<string> {
  const folder = temporaryFolder();
  await writeDesk(folder, {
    'tools.yaml': `servers:
  ${server}
tools:
  pay:
    server: bank
    description: Pay
    risk: money
    arguments:
      type: object
      properties: {amount: {type: number, format: amount}, account: {type: string, format: digits}}
      required: [amount, account]
    result: {type: object}
    ${tool}
`,
    'flows/transfer.yaml': null,
    'flows/balance.yaml': null,
  });
  const { problems } = await checkDeskPack(folder);
  return problems
    .filter(({ file }) => file === 'tools.yaml')
    .map(({ severity, message }) => `${severity}: ${message}`)
    .join('\n');
}

const GOOD = 'confirm: spoken\n    confirmText: "Pay {amount} to {account}?"';

test('a server on the LAN, a step-up, hours and sums of a day can be declared', async () => {
  const more = `${GOOD}
    stepUp: secondPerson
    stepUpRoles: [supervisor]
    hours: {from: "22:00", to: "06:00"}
    limits: {most: {amount: 100}, mostPerDay: {amount: 500}}`;
  expect(await problemsOf(SERVER, more)).toBe('');
  // Which certificate stands on the LAN may be for the site to say.
  expect(await problemsOf(SERVER.replace(' ca: ca.pem,', ''), GOOD)).toBe('');
});

test.each([
  [
    'plain http',
    'bank: {transport: http, url: "http://tools.branch.lan/mcp", ca: ca.pem}',
    GOOD,
    'reached by https',
  ],
  [
    'two pins',
    SERVER.replace('ca: ca.pem', `ca: ca.pem, fingerprint: "${'a'.repeat(64)}"`),
    GOOD,
    'Only one of',
  ],
  [
    'an authority outside the pack',
    SERVER.replace('ca.pem', '../ca.pem'),
    GOOD,
    'leads out of the desk pack',
  ],
  ['a short fingerprint', SERVER.replace('ca: ca.pem', 'fingerprint: "ab:cd"'), GOOD, 'not a SHA-256'],
  ['no confirmation', SERVER, 'confirm: none', 'cannot be called without confirmation'],
  ['an amount left out', SERVER, 'confirm: spoken\n    confirmText: "Pay {account}?"', 'leaves out `amount`'],
  [
    'an account left out',
    SERVER,
    'confirm: spoken\n    confirmText: "Pay {amount}?"',
    'leaves out `account`',
  ],
  [
    'hours that are never',
    SERVER,
    `${GOOD}\n    hours: {from: "09:00", to: "09:00"}`,
    'These hours are never',
  ],
  ['an hour that is none', SERVER, `${GOOD}\n    hours: {from: "09:00", to: "24:30"}`, 'a time of day'],
  ['a sum of words', SERVER, `${GOOD}\n    limits: {mostPerDay: {account: 5}}`, 'is not a number'],
])('%s: the pack does not load', async (_, server, tool, complaint) => {
  const found = await problemsOf(server, tool);
  expect(found).toContain(complaint);
  expect(found).toContain('error:');
});

test('at run time amounts and digits of accounts are said, whatever the wording leaves out', () => {
  const pay = toolEntry({
    risk: 'money',
    confirm: 'none',
    confirmText: 'Shall I pay?',
    arguments: {
      type: 'object',
      properties: {
        amount: { type: 'number', format: 'amount' },
        account: { type: 'string', format: 'digits' },
        pin: { type: 'string', format: 'digits', writeOnly: true },
      },
    },
  });
  const { gateway } = openGateway({ ...oddDesk({ echo: pay }), servers: {} });
  const proposal = gateway.propose('echo', { amount: 120.5, account: '4711', pin: '9876' }, context(1));
  expect(proposal).toMatchObject({
    kind: 'confirm',
    text: 'amount: one hundred twenty dollars and fifty cents. account: four seven one one. pin: what you told me. Shall I pay?',
  });
});
