import { spawn } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { type Clock, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import {
  openKillSwitches,
  openToolLedger,
  requestStop,
  type StopTarget,
  stopFolder,
} from '../../main/tools/index.ts';
import { openVault } from '../../main/vault/index.ts';
import { credential, testClock, throwaway } from '../vault/support.ts';
import { callNow, context, oddDesk, openGateway, spokenYes, temporaryFolder, toolEntry } from './support.ts';

const HOUR = 3_600_000;
const WRITE = { risk: 'write', confirm: 'spoken', confirmText: 'Shall I?' } as const;
const PAY = toolEntry({
  risk: 'money',
  confirm: 'spoken',
  confirmText: 'Pay {amount}?',
  arguments: {
    type: 'object',
    properties: { amount: { type: 'number', format: 'amount' } },
    required: ['amount'],
  },
});

/** A vault with its log, and what stands on it opened anew as a restart does. */
async function site(clock: Clock = systemClock) {
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  onTestFinished(() => audit.close());
  return {
    vault,
    audit,
    ledger: (at: Clock = clock) => openToolLedger(vault, audit, { clock: at }),
    switches: (requests: string | null = null, personsToAllow: 1 | 2 = 1) =>
      openKillSwitches(vault, audit, { clock, requests, personsToAllow }),
    acts: () =>
      audit
        .recent(200)
        .toReversed()
        .map(({ json }) => (JSON.parse(json) as { activity_name: string }).activity_name),
  };
}

async function pay(
  gateway: ReturnType<typeof openGateway>['gateway'],
  amount: number,
  conversationId: string,
) {
  const proposal = gateway.propose('echo', { amount }, context(1, { conversationId }));
  if (proposal.kind !== 'confirm') return proposal.kind === 'refused' ? proposal.code : proposal.kind;
  const outcome = await gateway.execute(proposal.proposalId, spokenYes(2), context(2, { conversationId }));
  return outcome.kind === 'ok' ? 'ok' : outcome.code;
}

describe('limits', () => {
  test('calls of the hour and amounts of the day are counted over a restart', async () => {
    const clock = testClock();
    const { ledger } = await site(clock);
    const limits = { perTurn: 9, perConversation: 9, perHour: 3, perDay: 4, mostPerDay: { amount: 100 } };
    const desk = oddDesk({ echo: { ...PAY, limits } });
    const before = openGateway(desk, { clock, ledger: ledger() });
    expect(await pay(before.gateway, 60, 'a')).toBe('ok');
    expect(await pay(before.gateway, 40.01, 'b')).toBe('tools/too-much-today');
    await before.gateway.close();

    const after = openGateway(desk, { clock, ledger: ledger() });
    expect(await pay(after.gateway, 40.01, 'c')).toBe('tools/too-much-today');
    expect(await pay(after.gateway, 39.99, 'c')).toBe('ok');
    expect(await pay(after.gateway, 0.01, 'd')).toBe('ok');
    expect(await pay(after.gateway, 0, 'e')).toBe('tools/limit-hour');
    clock.advance(HOUR + 1);
    expect(await pay(after.gateway, 0, 'f')).toBe('ok');
    expect(await pay(after.gateway, 0, 'g')).toBe('tools/limit-day');
    clock.advance(24 * HOUR);
    expect(await pay(after.gateway, 100, 'h')).toBe('ok');
  });

  test('a clock that is set back refills nothing, nor does it after a restart; time that passes does', async () => {
    let [wall, measured] = [Date.UTC(2026, 4, 4, 12), 0];
    const clock: Clock = { now: () => wall, monotonicMs: () => measured };
    const { ledger } = await site(clock);
    const desk = oddDesk({ echo: toolEntry({ limits: { perTurn: 9, perConversation: 9, perHour: 1 } }) });
    const first = openGateway(desk, { clock, ledger: ledger() });
    expect((await callNow(first.gateway, 'echo', {})).kind).toBe('ok');
    wall -= 48 * HOUR;
    expect(await callNow(first.gateway, 'echo', {}, context(2))).toMatchObject({ code: 'tools/limit-hour' });
    await first.gateway.close();
    measured = 5;
    const second = openGateway(desk, { clock, ledger: ledger() });
    expect(await callNow(second.gateway, 'echo', {})).toMatchObject({ code: 'tools/limit-hour' });
    measured += HOUR + 1;
    expect((await callNow(second.gateway, 'echo', {}, context(2))).kind).toBe('ok');
  });

  test('of calls that come at the same moment no more go out than the hour has left', async () => {
    const { ledger } = await site();
    const desk = oddDesk({ echo: toolEntry({ limits: { perTurn: 9, perConversation: 9, perHour: 2 } }) });
    const { gateway } = openGateway(desk, { ledger: ledger() });
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((conversationId) =>
        callNow(gateway, 'echo', {}, context(1, { conversationId })),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'ok')).toHaveLength(2);
  });

  test('a call that the record refuses is not counted: ledger and record are one transaction', async () => {
    const { ledger, vault } = await site();
    const { gateway } = openGateway(oddDesk({ echo: toolEntry() }), { ledger: ledger() });
    const journal = ({ event }: { event: string }) => {
      if (event === 'called') throw new Error('the disk is full');
    };
    expect(await callNow(gateway, 'echo', {}, context(1, { journal }))).toMatchObject({
      code: 'tools/not-recorded',
    });
    expect(vault.db.prepare('SELECT count(*) FROM tool_uses').pluck().get()).toBe(0);
  });

  test.each([
    ['2026-03-29T00:30:00Z', '01:30', true], // before summer time begins in Berlin
    ['2026-03-29T01:10:00Z', '03:10', true], // 02:00 to 03:00 does not exist
    ['2026-10-25T00:30:00Z', '02:30, first', true],
    ['2026-10-25T01:30:00Z', '02:30, second', true],
    ['2026-10-25T05:00:00Z', '06:00', false],
    ['2026-06-01T10:00:00Z', '12:00', false],
  ])('hours over midnight are those of the place, at %s (%s): %s', (at, _, open) => {
    const desk = { ...oddDesk({ echo: toolEntry({ hours: { from: '22:00', to: '06:00' } }) }), servers: {} };
    const clock = testClock(Date.parse(at));
    const { gateway } = openGateway(desk, { clock, timeZone: 'Europe/Berlin' });
    expect(gateway.propose('echo', {}, context()).kind).toBe(open ? 'ready' : 'refused');
  });
});

describe('the kill switch', () => {
  test.each<[StopTarget]>([
    [{ scope: 'all' }],
    [{ scope: 'risk', name: 'write' }],
    [{ scope: 'tool', name: 'echo' }],
  ])('%o voids what waits, refuses what is new, stays over a restart, and is in the log', async (target) => {
    const { ledger, switches, acts } = await site();
    const desk = oddDesk({ echo: toolEntry(WRITE), large: toolEntry() });
    const thrown = switches();
    const { gateway, events } = openGateway(desk, { ledger: ledger(), switches: thrown });
    const proposal = gateway.propose('echo', {}, context(1));
    if (proposal.kind !== 'confirm') throw new Error(proposal.kind);
    thrown.stop(target, 'member-1');
    expect(events.at(-1)).toMatchObject({ event: 'withdrawn', proposalId: proposal.proposalId });
    expect((await gateway.execute(proposal.proposalId, spokenYes(2), context(2))).kind).toBe('refused');
    expect(gateway.propose('large', {}, context(2)).kind).toBe(target.scope === 'all' ? 'refused' : 'ready');

    const again = openGateway(desk, { ledger: ledger(), switches: switches() });
    expect(again.gateway.propose('echo', {}, context(1))).toMatchObject({ code: 'tools/stopped' });
    switches().allow(target, ['member-2']);
    expect(again.gateway.propose('echo', {}, context(2))).toMatchObject({ kind: 'confirm' });
    expect(acts()).toEqual(expect.arrayContaining(['tool.stop', 'tool.allow']));
  });

  test('thrown between the yes and the sending it still holds', async () => {
    const { ledger, switches } = await site();
    const thrown = switches();
    const { gateway, events } = openGateway(oddDesk({ echo: toolEntry(WRITE) }), {
      ledger: ledger(),
      switches: thrown,
    });
    const proposal = gateway.propose('echo', {}, context(1));
    if (proposal.kind !== 'confirm') throw new Error(proposal.kind);
    const outcome = gateway.execute(proposal.proposalId, spokenYes(2), context(2));
    thrown.stop({ scope: 'all' }, 'member-1');
    expect(await outcome).toMatchObject({ kind: 'refused', code: 'tools/stopped' });
    expect(events.some(({ event }) => event === 'called')).toBe(false);
  });

  test('a request from outside is taken in before the next call; what is no request stops everything', async () => {
    const { switches, acts } = await site();
    const folder = stopFolder(join(temporaryFolder(), 'desks'));
    const desk = { ...oddDesk({ echo: toolEntry(), large: toolEntry() }), servers: {} };
    const { gateway } = openGateway(desk, { switches: switches(folder) });
    requestStop(folder, { scope: 'tool', name: 'echo' });
    expect(gateway.propose('echo', {}, context(1))).toMatchObject({ code: 'tools/stopped' });
    expect(gateway.propose('large', {}, context(1)).kind).toBe('ready');
    if (process.getuid?.() === 0) {
      // Only root can give a file away; what is a stranger's is no request.
      writeFileSync(join(folder, 'of-a-stranger'), '{"scope":"all"}');
      chownSync(join(folder, 'of-a-stranger'), 12_345, 12_345);
      expect(gateway.propose('large', {}, context(1)).kind).toBe('ready');
    }
    writeFileSync(join(folder, 'now'), 'stop it!');
    expect(gateway.propose('large', {}, context(1))).toMatchObject({ code: 'tools/stopped' });
    expect(switches().list()).toMatchObject([{ target: { scope: 'tool' } }, { target: { scope: 'all' } }]);
    expect(acts()).toEqual(['tool.stop', 'tool.stop']);
  });

  test('where it takes two people to allow, one of them twice is not two', async () => {
    const { switches } = await site();
    const both = switches(null, 2);
    both.stop({ scope: 'all' }, 'a');
    expect(() => both.allow({ scope: 'all' }, ['a', 'a'])).toThrow(/another person/);
    both.allow({ scope: 'all' }, ['a', 'b']);
    expect(both.list()).toEqual([]);
  });

  test('switches that cannot be read count as thrown', async () => {
    const { vault, switches } = await site();
    const desk = { ...oddDesk({ echo: toolEntry() }), servers: {} };
    const { gateway } = openGateway(desk, { switches: switches() });
    vault.db.exec('DROP TABLE tool_stops');
    expect(gateway.propose('echo', {}, context())).toMatchObject({ code: 'tools/stopped' });
  });
});

describe('a crash', () => {
  test('killed between call and answer: at the restart the call is unknown, said so, and waits to be checked', async () => {
    const paths = pathsIn(join(temporaryFolder(), 'data'));
    const key = credential();
    const script = new URL('./fixtures/crash-child.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, paths.data, key.file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error('it ended before it called')));
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));

    const vault = await openVault(paths, key, { clock: systemClock, log: silentLog });
    onTestFinished(() => vault.close());
    expect(vault.db.prepare('SELECT state FROM tool_uses').pluck().all()).toEqual(['called']);
    const audit = openAuditLog(vault, { clock: systemClock });
    onTestFinished(() => audit.close());
    const ledger = openToolLedger(vault, audit, { clock: systemClock });
    const { gateway } = openGateway(oddDesk({ hang: toolEntry() }), { ledger });
    const [call, ...more] = gateway.unresolved();
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      tool: 'hang',
      risk: 'money',
      code: 'tools/interrupted',
      say: expect.stringContaining('cannot confirm that it went through'),
    });
    expect(JSON.parse(audit.recent(1)[0]?.json ?? '')).toMatchObject({
      activity_name: 'tool.answer',
      status_id: 2,
      unmapped: { outcome: 'unknown', code: 'tools/interrupted' },
    });
    ledger.resolve(call?.proposalId ?? '', 'member-1', true);
    expect(gateway.unresolved()).toEqual([]);
    expect(() => ledger.resolve(call?.proposalId ?? '', 'member-1', true)).toThrow(/waits to be checked/);
  });

  test('closing with a call in the air writes its end down before it returns', async () => {
    const { ledger, vault } = await site();
    const desk = oddDesk({ hang: toolEntry({ ...WRITE, timeoutMs: 20_000 }) });
    const { gateway } = openGateway(desk, { ledger: ledger() });
    const proposal = gateway.propose('hang', {}, context(1));
    if (proposal.kind !== 'confirm') throw new Error(proposal.kind);
    const called = new Promise<void>((resolve) => {
      gateway.onEvent(({ event }) => event === 'called' && resolve());
    });
    const outcome = gateway.execute(proposal.proposalId, spokenYes(2), context(2));
    await called;
    await gateway.close();
    expect(vault.db.prepare('SELECT state FROM tool_uses').pluck().all()).toEqual(['unknown']);
    expect((await outcome).kind).toBe('unknown');
  });
});
