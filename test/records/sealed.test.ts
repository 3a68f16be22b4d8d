import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { openRecords, type Records } from '../../main/records/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';

const CUSTOMER = { kind: 'customer', value: '100200' };

async function house() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  return { vault, audit, clock, records: openRecords(vault, audit, { clock }) };
}

function hold(records: Records, texts: readonly string[], memberId = 'ada') {
  const id = randomUUID();
  const begun = { id, deskId: 'bank', packHash: 'ab', memberId, carrier: 'typed', startedAt: 1000 } as const;
  const writer = records.begin(begun);
  texts.forEach((text, i) => {
    const said = { turn: i + 1, speaker: 'person', at: 1000 + i, text, flow: null } as const;
    writer.turn({ ...said, confidence: 1, interrupted: false });
  });
  return writer;
}

const texts = (records: Records, id: string) =>
  records.read({ memberId: 'eve' }, id).turns.map(({ text }) => text);

describe('what was said', () => {
  test('lies sealed under the key of its conversation, and is gone with it', async () => {
    const { records, vault } = await house();
    const kept = hold(records, ['my card is gone']);
    const erased = hold(records, ['mine too']);
    const bytes = vault.db.prepare('SELECT words FROM turns').pluck().all() as Buffer[];
    expect(bytes.some((words) => words.includes('card'))).toBe(false);
    vault.keys.destroy({ kind: 'conversation', id: erased.id });
    expect(texts(records, kept.id)).toEqual(['my card is gone']);
    expect(await refusal(() => texts(records, erased.id))).toBe('vault/key-destroyed');
  });

  test('of an earlier version is sealed when its vault is opened', async () => {
    const { records, vault, audit, clock } = await house();
    const { id } = hold(records, ['first']);
    vault.db.exec("UPDATE turns SET words = NULL, legacy = 'in the clear'");
    expect(texts(openRecords(vault, audit, { clock }), id)).toEqual(['in the clear']);
    expect(vault.db.prepare('SELECT count(*) FROM turns WHERE legacy IS NOT NULL').pluck().get()).toBe(0);
  });
});

describe('a search', () => {
  test('finds turns by their words in other forms, the newest first, and is itself recorded', async () => {
    const { records, audit } = await house();
    hold(records, ['I lost two cards yesterday', 'a hotel please']);
    const later = hold(records, ['my card was stolen']);
    const hits = records.search({ memberId: 'eve', reason: 'complaint' }, 'card');
    expect(hits.map(({ turn }) => turn.text)).toEqual(['my card was stolen', 'I lost two cards yesterday']);
    expect(hits[0]?.conversation.id).toBe(later.id);
    const entry = JSON.parse(audit.recent(1)[0]?.json ?? '{}');
    expect(entry.activity_name).toBe('record.search');
    expect(JSON.stringify(entry)).not.toMatch(/card|complaint/);
  });

  test('shows a member who sees their own conversations no others', async () => {
    const { records } = await house();
    const own = hold(records, ['my card'], 'ada');
    const other = hold(records, ['your card'], 'bob');
    const ada = { memberId: 'ada', sees: 'own' } as const;
    expect(records.search(ada, 'card').map(({ conversation }) => conversation.id)).toEqual([own.id]);
    expect(records.list(ada).map(({ id }) => id)).toEqual([own.id]);
    expect(await refusal(() => records.read(ada, other.id))).toBe('records/not-found');
  });

  test.each(['"', '*', 'card" OR "x', 'NEAR(a b)', '-', 'words:card', '\u0000'])(
    'takes %j for words, never for a query of its own',
    async (text) => {
      const { records } = await house();
      hold(records, ['my card']);
      expect(['none', 'records/empty-search']).toContain(
        await refusal(() => records.search({ memberId: 'eve' }, text)),
      );
    },
  );

  test('is made again from what is kept', async () => {
    const { records, vault, audit, clock } = await house();
    hold(records, ['my card', 'my keys']);
    vault.db.exec("DELETE FROM turn_places; INSERT INTO turn_index (turn_index) VALUES ('delete-all')");
    const again = openRecords(vault, audit, { clock });
    expect(again.search({ memberId: 'eve' }, 'keys')).toHaveLength(1);
  });
});

describe('a subject', () => {
  test('is known again by what they are known by, which stands nowhere in the clear', async () => {
    const { records, vault } = await house();
    const [first, second] = [hold(records, ['hello']), hold(records, ['hello again'])];
    const subject = first.about(CUSTOMER);
    expect(second.about({ ...CUSTOMER, value: ' 100200 ' })).toBe(subject);
    expect(hold(records, ['hi']).about({ ...CUSTOMER, value: '100201' })).not.toBe(subject);
    expect(records.read({ memberId: 'eve' }, second.id).conversation.subjectId).toBe(subject);
    const rows = JSON.stringify(vault.db.prepare('SELECT * FROM subject_references').all());
    expect(rows).not.toContain('100200');
  });

  test('takes with them what was said before they were known', async () => {
    const { records, vault } = await house();
    const writer = hold(records, ['before I said who I am']);
    const subject = writer.about(CUSTOMER);
    vault.keys.destroy({ kind: 'subject', id: subject });
    expect(await refusal(() => texts(records, writer.id))).toBe('vault/key-destroyed');
  });
});
