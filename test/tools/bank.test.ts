import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadDeskPack } from '../../main/dialogue/index.ts';
import type { DeskTools, ToolGateway } from '../../main/tools/index.ts';
import { callNow, context, openGateway, serverProcesses, spokenYes, temporaryFolder } from './support.ts';

const folder = new URL('../../desks/bank-branch', import.meta.url).pathname;
const pack = await loadDeskPack(folder);
const bank: DeskTools = { ...pack, id: pack.desk.id };
const TRANSFER = { amount: 120.5, from: 'checking', to: 'savings' };

function bankDatabase(deskData: string) {
  const db = new Database(join(deskData, 'bank-branch', 'bank.db'), { readonly: true });
  onTestFinished(() => {
    db.close();
  });
  return {
    cents: (kind: string) =>
      db.prepare("SELECT cents FROM account WHERE customer = '100200' AND kind = ?").pluck().get(kind),
    transfers: () => db.prepare('SELECT from_kind, to_kind, cents FROM transfer').all(),
    blocked: () => db.prepare('SELECT kind FROM card WHERE blocked_at IS NOT NULL').pluck().all(),
  };
}

async function identified(options = {}) {
  const opened = openGateway(bank, { deskData: temporaryFolder(), ...options });
  const outcome = await callNow(opened.gateway, 'identify_customer', {
    customer_number: '100200',
    phone_code: '4711',
  });
  expect(outcome).toMatchObject({ kind: 'ok', result: { identified: true, firstName: 'Testa' } });
  return opened;
}

function proposeTransfer(gateway: ToolGateway, args: object = TRANSFER, turn = 2): string {
  const proposal = gateway.propose('transfer_money', { ...TRANSFER, ...args }, context(turn));
  if (proposal.kind !== 'confirm') throw new Error(`not to be confirmed: ${JSON.stringify(proposal)}`);
  return proposal.proposalId;
}

/** Kills the server with its next call before it. The process id it had. */
function killAtNextCall(gateway: ToolGateway): number {
  const [pid = 0] = serverProcesses('server/server.ts');
  let done = false;
  // Between the word that it is called and its sending nothing is awaited.
  gateway.onEvent((event) => {
    if (event.event !== 'called' || done) return;
    done = true;
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => process.kill(pid, 'SIGKILL'), 100);
  });
  return pid;
}

describe('the demo bank through the gateway', () => {
  test('an approved transfer is read back in words, happens once, and is seen in the database', async () => {
    const { gateway, events, deskData } = await identified();
    const proposal = gateway.propose('transfer_money', TRANSFER, context(2));
    expect(proposal).toMatchObject({
      kind: 'confirm',
      text: 'I will move one hundred twenty dollars and fifty cents from your checking account to your savings account. Is that right?',
      onScreenOnly: false,
    });
    if (proposal.kind !== 'confirm') return;
    const outcome = await gateway.execute(proposal.proposalId, spokenYes(3), context(3));
    expect(outcome).toMatchObject({
      kind: 'ok',
      result: { sent: true, balance: 'two thousand three hundred thirty dollars' },
    });
    const db = bankDatabase(deskData);
    expect(db.transfers()).toEqual([{ from_kind: 'checking', to_kind: 'savings', cents: 12_050 }]);
    expect(db.cents('checking')).toBe(233_000);
    expect(db.cents('savings')).toBe(1_212_050);

    const again = await gateway.execute(proposal.proposalId, spokenYes(4), context(4));
    expect(again).toMatchObject({ kind: 'refused', code: 'tools/not-pending' });
    expect(db.transfers()).toHaveLength(1);
    expect(events.map(({ event }) => event)).toEqual([
      ...['proposed', 'called', 'answered'],
      ...['proposed', 'called', 'answered', 'refused'],
    ]);
    expect(JSON.stringify(events)).not.toContain('4711');
  });

  test('nothing personal before somebody was identified, and never across conversations', async () => {
    const { gateway } = await identified();
    const other = context(1, { conversationId: '01900000-0000-7000-8000-000000000002' });
    expect(await callNow(gateway, 'account_balance', { account: 'checking' }, other)).toMatchObject({
      kind: 'failed',
      code: 'tools/tool-error',
    });
    expect(await callNow(gateway, 'account_balance', { account: 'checking' }, context(2))).toMatchObject({
      kind: 'ok',
      result: { balance: 'two thousand four hundred fifty dollars and fifty cents' },
    });
  });

  test('guessing the phone code is stopped by the server, also in the next conversation', async () => {
    const { gateway } = openGateway(bank);
    const guess = (code: string, conversationId: string, turn: number) =>
      callNow(
        gateway,
        'identify_customer',
        { customer_number: '100200', phone_code: code },
        context(turn, { conversationId }),
      );
    for (const turn of [1, 2, 3])
      expect(await guess('0000', 'a', turn)).toMatchObject({ result: { locked: false } });
    expect(await guess('0000', 'a', 4)).toMatchObject({ result: { locked: true } });
    expect(await guess('4711', 'a', 5)).toMatchObject({ result: { identified: false, locked: true } });
    for (const turn of [1, 2]) await guess('0000', 'b', turn);
    expect(await guess('4711', 'c', 1)).toMatchObject({ result: { identified: false, locked: true } });
  });

  test('more than the limit is refused before anybody is asked, saying how much is allowed', async () => {
    const { gateway, events } = openGateway(bank);
    expect(gateway.propose('transfer_money', { ...TRANSFER, amount: 2000.01 }, context(2))).toEqual({
      kind: 'refused',
      code: 'tools/too-much',
      say: 'That is more than I may do at this desk. The most is two thousand dollars.',
    });
    expect(events).toMatchObject([{ event: 'refused', tool: 'transfer_money', code: 'tools/too-much' }]);
  });

  test('a server killed in the middle of a transfer: the truth is told, and the next call works', async () => {
    const { gateway, deskData } = await identified();
    const id = proposeTransfer(gateway);
    const pid = killAtNextCall(gateway);
    const outcome = gateway.execute(id, spokenYes(3), context(3));
    expect(await outcome).toEqual({
      kind: 'unknown',
      code: 'tools/server-lost',
      say: 'I am sorry, I cannot confirm that it went through. Please have it checked before you try again.',
    });
    const next = await gateway.execute(proposeTransfer(gateway, {}, 4), spokenYes(5), context(5));
    expect(next).toMatchObject({ kind: 'ok', result: { sent: true } });
    expect(bankDatabase(deskData).transfers()).toHaveLength(1);
    expect(serverProcesses('server/server.ts')).not.toContain(pid);
  });

  test('a server killed in the middle of blocking a card: it is idempotent, so it is sent again', async () => {
    const { gateway, deskData } = await identified();
    const proposal = gateway.propose('block_card', { card: 'debit' }, context(2));
    if (proposal.kind !== 'confirm') throw new Error('not to be confirmed');
    killAtNextCall(gateway);
    const outcome = gateway.execute(proposal.proposalId, spokenYes(3), context(3));
    expect(await outcome).toMatchObject({
      kind: 'ok',
      result: { blocked: true, lastFour: 'four four one two' },
    });
    expect(bankDatabase(deskData).blocked()).toEqual(['debit']);
  });

  test('a server that hangs is given up in time and replaced', async () => {
    const quick = { ...bank, tools: { ...bank.tools, account_balance: fast(bank, 'account_balance') } };
    const { gateway } = openGateway(quick);
    await callNow(gateway, 'identify_customer', { customer_number: '100200', phone_code: '4711' });
    const [pid = 0] = serverProcesses('server/server.ts');
    process.kill(pid, 'SIGSTOP');
    const started = performance.now();
    const outcome = await callNow(gateway, 'account_balance', { account: 'checking' }, context(2));
    expect(outcome).toMatchObject({ kind: 'failed', code: 'tools/timeout' });
    expect(performance.now() - started).toBeLessThan(2000);
    await expect.poll(() => serverProcesses('server/server.ts')).not.toContain(pid);
    expect(await callNow(gateway, 'opening_hours', { date: '2026-05-04' }, context(3))).toMatchObject({
      kind: 'ok',
      result: {
        open: true,
        day: 'Monday, May fourth',
        hours: 'from nine in the morning until five in the afternoon',
      },
    });
  });
});

function fast(desk: DeskTools, name: string) {
  const tool = desk.tools[name];
  if (!tool) throw new Error('no such tool');
  return { ...tool, timeoutMs: 500, idempotent: false };
}
