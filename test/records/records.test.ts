import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { openRecords, type ToolCallRecord, type TurnRecord } from '../../main/records/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { credential, dataFolder, filesWith, ports, refusal, testClock, throwaway } from '../vault/support.ts';

const BEGIN = {
  id: '0190a0a0-0000-7000-8000-000000000001',
  deskId: 'bank-branch',
  packHash: 'ab12',
  memberId: 'member-1',
  carrier: 'typed',
  startedAt: 1000,
} as const;
const TURN: TurnRecord = {
  turn: 1,
  speaker: 'person',
  at: 1100,
  text: 'block my card [card]',
  flow: 'block_card',
  confidence: 0.9,
  interrupted: false,
};
const CALL: ToolCallRecord = {
  proposalId: 'p1',
  turn: 1,
  at: 1200,
  tool: 'block_card',
  risk: 'high',
  approvedBy: null,
  outcome: 'proposed',
  code: null,
};
const child = join(import.meta.dirname, 'writer-child.ts');

async function house() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  return { vault, audit, clock, records: openRecords(vault, audit, { clock }) };
}

const entries = (audit: AuditLog) =>
  audit
    .recent(100)
    .toReversed()
    .map((entry) => JSON.parse(entry.json));
const codes = (audit: AuditLog) => entries(audit).map((entry) => entry.metadata.event_code);

describe('a conversation', () => {
  test('is kept as it was held, each act with its entry in the log', async () => {
    const { records, audit } = await house();
    const writer = records.begin(BEGIN);
    writer.disclosed('ai', 'wording-hash', 1050);
    writer.turn(TURN);
    const answer = {
      ...TURN,
      speaker: 'agent',
      text: 'Shall I blo',
      interrupted: true,
      flow: null,
      confidence: null,
    } as const;
    writer.turn(answer);
    writer.toolCall(CALL);
    writer.toolCall({ ...CALL, turn: 2, outcome: 'called', approvedBy: 'voice' });
    writer.toolCall({ ...CALL, turn: 2, outcome: 'ok' });
    writer.end('finished', 2000);
    writer.end('again', 3000);
    expect(records.read({ memberId: 'member-1' }, BEGIN.id)).toEqual({
      conversation: { ...BEGIN, endedAt: 2000, endReason: 'finished', turns: 1, subjectId: null },
      turns: [TURN, answer],
      toolCalls: [{ ...CALL, outcome: 'ok', approvedBy: 'voice' }],
    });
    expect(codes(audit)).toEqual([
      'conversation.start',
      'disclosure.give',
      'tool.propose',
      'tool.approve',
      'tool.call',
      'tool.answer',
      'conversation.end',
      'record.read',
    ]);
    expect(audit.verify().ok).toBe(true);
  });

  test.each([
    ['withdrawn', [CALL], 'tool.withdraw', 'success'],
    ['refused', [], 'tool.refuse', 'failure'],
    ['refused', [CALL, { ...CALL, outcome: 'called' }], 'tool.answer', 'failure'],
    ['failed', [CALL, { ...CALL, outcome: 'called' }], 'tool.answer', 'failure'],
    ['unknown', [CALL, { ...CALL, outcome: 'called' }], 'tool.answer', 'failure'],
  ] as const)('whose tool call is %s after %j says so', async (outcome, before, code, status) => {
    const { records, audit } = await house();
    const writer = records.begin(BEGIN);
    for (const call of before) writer.toolCall(call);
    writer.toolCall({ ...CALL, outcome, code: 'limit' });
    const last = entries(audit).at(-1);
    expect(last.metadata.event_code).toBe(code);
    expect(last.status_id).toBe(status === 'success' ? 1 : 2);
    expect(last.unmapped).toMatchObject({ tool: 'block_card', proposal: 'p1' });
  });

  test('puts no word of what was said into the log, nor the words of a reason', async () => {
    const { records, audit } = await house();
    records.begin(BEGIN).turn(TURN);
    records.read({ memberId: 'member-1', reason: 'Complaint of Mrs Berg' }, BEGIN.id);
    records.list({ memberId: 'member-1', reason: 'Complaint of Mrs Berg' });
    const log = audit
      .recent(100)
      .map((entry) => entry.json)
      .join();
    expect(log).not.toMatch(/block my|Berg|Complaint/);
    expect(entries(audit).at(-1).unmapped.reason).toBe(audit.pseudonym('Complaint of Mrs Berg'));
  });

  test('that a crash left open is closed, saying so', async () => {
    const { records, audit } = await house();
    records.begin(BEGIN);
    const ended = records.begin({ ...BEGIN, id: `${BEGIN.id}b` });
    ended.end('finished', 1500);
    expect(records.closeAbandoned(9000)).toBe(1);
    expect(records.closeAbandoned(9500)).toBe(0);
    const [, first] = records.list({ memberId: 'm' });
    expect(first).toMatchObject({ id: BEGIN.id, endedAt: 9000, endReason: 'abandoned' });
    expect(entries(audit).at(-2)).toMatchObject({ status_id: 2, unmapped: { reason: 'abandoned' } });
  });

  test('is not kept when the log cannot take it', async () => {
    const { records, audit } = await house();
    audit.close();
    expect(await refusal(() => records.begin(BEGIN))).toBe('audit/closed');
    const reopened = await house();
    expect(reopened.records.list({ memberId: 'm' })).toEqual([]);
  });
});

describe('reading', () => {
  test('lists the newest first, page by page, and each look is itself recorded', async () => {
    const { records, audit } = await house();
    for (let i = 0; i < 5; i += 1) records.begin({ ...BEGIN, id: `c${i}`, startedAt: i });
    const page = records.list({ memberId: 'm' }, { limit: 2 });
    expect(page.map((one) => one.id)).toEqual(['c4', 'c3']);
    expect(records.list({ memberId: 'm' }, { limit: 9, before: 3 }).map((one) => one.id)).toEqual([
      'c2',
      'c1',
      'c0',
    ]);
    expect(codes(audit).slice(-2)).toEqual(['record.list', 'record.list']);
    expect(entries(audit).at(-1)).toMatchObject({ actor: { user: { uid: 'm' } }, unmapped: { count: 3 } });
  });

  test('what is not there is refused, and the attempt recorded', async () => {
    const { records, audit } = await house();
    expect(await refusal(() => records.read({ memberId: 'm' }, 'c9'))).toBe('records/not-found');
    expect(entries(audit).at(-1)).toMatchObject({ status_id: 2, unmapped: { target: 'conversation:c9' } });
  });
});

test('nothing of a conversation is readable in any file, while it is held or after', async () => {
  const paths = dataFolder();
  const vault = await createVault(paths, credential(), ports);
  const audit = openAuditLog(vault, ports);
  const writer = openRecords(vault, audit, ports).begin(BEGIN);
  writer.turn({ ...TURN, text: 'Marzipankartoffel zum Mitnehmen' });
  for (const word of ['Marzipankartoffel', 'bank-branch', 'conversation.start']) {
    expect(filesWith(word, paths.data)).toEqual([]);
  }
  audit.close();
  vault.close();
  for (const word of ['Marzipankartoffel', 'bank-branch', 'conversation.start']) {
    expect(filesWith(word, paths.data)).toEqual([]);
  }
});

test('killed at any moment, the writer loses nothing that was acknowledged and leaves nothing half done', async () => {
  const paths = dataFolder();
  const source = credential();
  (await createVault(paths, source, ports)).close();
  for (let round = 0; round < 8; round += 1) {
    const id = `conversation-${round}`;
    const acknowledged = await writeUntilKilled([paths.data, source.file, id], 1 + Math.random() * 150);
    const vault = await openVault(paths, source, ports);
    const audit = openAuditLog(vault, ports);
    const records = openRecords(vault, audit, ports);
    const { turns, toolCalls } = records.read({ memberId: 'm' }, id);
    expect(turns.length).toBeGreaterThanOrEqual(acknowledged);
    expect(turns.length).toBeLessThanOrEqual(acknowledged + 1);
    expect(turns.map((turn) => turn.text)).toEqual(turns.map((_, i) => `turn ${i + 1}`));
    const calls = audit
      .recent(100_000)
      .filter(({ json }) => json.includes('"tool.call"') && json.includes(`${id}"`));
    expect(calls).toHaveLength(toolCalls.length);
    expect(records.closeAbandoned(Date.now())).toBe(1);
    expect(audit.verify()).toMatchObject({ ok: true, problems: [] });
    audit.close();
    vault.close();
  }
});

/** Lets the child write for a while after its first word, kills it, and returns what it had acknowledged. */
async function writeUntilKilled(args: readonly string[], forMs: number): Promise<number> {
  const writer = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(writer.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, forMs));
  writer.kill('SIGKILL');
  await once(writer, 'close');
  return output.split('\n').length - 1;
}

test('a call that a crash cut off before its answer is kept as what it is: unknown', async () => {
  const { records } = await house();
  const writer = records.begin(BEGIN);
  writer.toolCall({ ...CALL, outcome: 'called' });
  records.closeAbandoned(9000);
  const { toolCalls } = records.read({ memberId: 'm' }, BEGIN.id);
  expect(toolCalls).toMatchObject([{ outcome: 'unknown', code: 'tools/interrupted' }]);
});
