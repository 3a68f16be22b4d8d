import { describe, expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { silentLog } from '../../main/base/index.ts';
import {
  DEFAULT_LIMITS,
  type LimitDecision,
  type LimitRule,
  limitRulesSchema,
  readLimits,
  Sentinel,
  type WatchedEvent,
  writeLimits,
} from '../../main/guard/index.ts';
import { createVault, openVault, type Vault, writeSetting } from '../../main/vault/index.ts';
import { credential, dataFolder, testClock, throwaway } from '../vault/support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 168 * HOUR;
/** A Saturday, 09:00 UTC. */
const START = Date.UTC(2026, 4, 2, 9);

async function watched(rules?: readonly unknown[], on?: Vault, clock = testClock(START)) {
  const vault = on ?? (await throwaway(clock));
  const audit = openAuditLog(vault, { clock });
  const sentinel = new Sentinel(vault, audit, {
    clock,
    timeZone: 'UTC',
    ...(rules ? { rules: limitRulesSchema.parse(rules) } : {}),
  });
  const decided: LimitDecision[] = [];
  sentinel.onDecision((decision) => decided.push(decision));
  const fired = () => decided.splice(0).map(({ rule }) => rule);
  return { sentinel, clock, vault, audit, decided, fired };
}

const rate = (changes: object, does = ['note']): unknown => ({
  id: 'under-test',
  watch: { kind: 'rate', of: 'turn', per: 'member', most: 3, withinMinutes: 10, ...changes },
  does,
});
const turn = (changes: Partial<Extract<WatchedEvent, { happened: 'turn' }>> = {}): WatchedEvent => ({
  happened: 'turn',
  inScope: true,
  verdict: 'pass',
  memberId: 'ada',
  conversationId: 'one',
  ...changes,
});

describe('rates', () => {
  test('slide, are kept subject by subject, and speak once until they have passed', async () => {
    const { sentinel, clock, fired } = await watched([rate({})]);
    for (let i = 0; i < 3; i += 1) sentinel.observe(turn());
    sentinel.observe(turn({ memberId: 'ben' }));
    sentinel.observe(turn({ memberId: null }));
    expect(fired()).toEqual([]);
    clock.advance(9 * MINUTE);
    sentinel.observe(turn());
    sentinel.observe(turn());
    expect(fired()).toEqual(['under-test']);
    clock.advance(11 * MINUTE);
    for (let i = 0; i < 4; i += 1) sentinel.observe(turn());
    expect(fired()).toEqual(['under-test']);
  });

  test.each([
    ['person', 'member', 'memberId'],
    ['device', 'device', 'device'],
    ['address', 'address', 'address'],
    ['conversation', 'conversation', 'conversationId'],
    ['tool', 'tool', 'tool'],
    ['desk', 'desk', 'deskId'],
  ] as const)(
    'are kept by %s: one reaches its limit, another does not, and nobody does not count',
    async (_, per, field) => {
      const { sentinel, decided } = await watched([rate({ of: 'toolCall', per, most: 2 })]);
      const call = (who: string | null) =>
        sentinel.observe({ happened: 'toolCall', risk: 'read', amount: null, [field]: who } as WatchedEvent);
      for (const who of ['a', 'b', 'a', 'b', null, null, null, 'a']) call(who);
      expect(decided).toMatchObject([{ rule: 'under-test', per, measured: 3, who: { [field]: 'a' } }]);
    },
  );

  test('of a day outlive a restart, and a clock that is set back forgives nothing', async () => {
    const paths = dataFolder();
    const key = credential();
    const clock = testClock(START);
    const rules = [rate({ withinMinutes: 1440 })];
    const first = await createVault(paths, key, { clock, log: silentLog });
    const before = await watched(rules, first, clock);
    for (let i = 0; i < 3; i += 1) before.sentinel.observe(turn());
    before.audit.close();
    first.close();
    clock.advance(20 * HOUR);
    const vault = await openVault(paths, key, { clock, log: silentLog });
    onTestFinished(() => vault.close());
    const after = await watched(rules, vault, clock);
    after.sentinel.observe(turn({ memberId: 'ben' }));
    clock.advance(-2 * HOUR);
    after.sentinel.observe(turn());
    expect(after.decided).toMatchObject([{ rule: 'under-test', measured: 4, who: { memberId: 'ada' } }]);
  });

  test('of addresses are kept and logged as keyed hashes', async () => {
    const { sentinel, audit, vault, decided } = await watched([
      rate({ of: 'signInFailure', per: 'address', most: 2, withinMinutes: 60 }),
    ]);
    for (let i = 0; i < 3; i += 1) sentinel.observe({ happened: 'signInFailure', address: '10.1.2.3' });
    expect(decided).toHaveLength(1);
    expect(JSON.stringify(vault.db.prepare('SELECT * FROM limit_marks').all())).not.toContain('10.1.2.3');
    expect(audit.recent(1)[0]?.json).not.toContain('10.1.2.3');
    expect(audit.recent(1)[0]?.json).toContain('"limit.exceed"');
  });

  test('forget what cannot matter any more', async () => {
    const { sentinel, vault, clock } = await watched([rate({ per: 'address', withinMinutes: 60 })]);
    const marks = () => vault.db.prepare('SELECT count(*) FROM limit_marks').pluck().get();
    for (let i = 0; i < 500; i += 1) sentinel.observe(turn({ address: `10.0.${i >> 8}.${i & 255}` }));
    expect(marks()).toBe(500);
    clock.advance(8 * 24 * HOUR);
    sentinel.observe(turn({ address: '10.0.0.1' }));
    expect(marks()).toBe(1);
  });

  test('of a conversation are let go when it has ended, those of others are not', async () => {
    const { sentinel } = await watched([
      rate({ per: 'conversation', withinMinutes: 60 }),
      { ...(rate({ per: 'member', withinMinutes: 10 }) as object), id: 'by-member' },
    ]);
    const counted = () => sentinel.state().map(({ now }) => now?.measured ?? null);
    sentinel.observe({ happened: 'conversationBegan', conversationId: 'one', memberId: 'ada' });
    for (let i = 0; i < 3; i += 1) sentinel.observe(turn());
    sentinel.observe(turn({ conversationId: 'another', memberId: 'ben' }));
    expect(counted()).toEqual([3, 3]);
    sentinel.observe({ happened: 'conversationEnded', conversationId: 'one', memberId: 'ada' });
    expect(counted()).toEqual([1, 3]);
  });
});

describe('what a rule can watch', () => {
  test('conversations at once, and how long one goes on', async () => {
    const { sentinel, clock, fired } = await watched([
      { id: 'at-once', watch: { kind: 'concurrent', per: 'member', most: 2 }, does: ['warn'] },
      { id: 'too-long', watch: { kind: 'length', mostMinutes: 30 }, does: ['endConversation'] },
    ]);
    const begin = (id: string) =>
      sentinel.observe({ happened: 'conversationBegan', conversationId: id, memberId: 'ada' });
    begin('a');
    begin('b');
    sentinel.observe({ happened: 'conversationEnded', conversationId: 'a' });
    begin('c');
    expect(fired()).toEqual([]);
    begin('d');
    expect(fired()).toEqual(['at-once']);
    sentinel.observe({ happened: 'conversationEnded', conversationId: 'b' });
    clock.advance(31 * MINUTE);
    sentinel.tick();
    sentinel.tick();
    expect(fired()).toEqual(['too-long', 'too-long']); // c and d, once each
  });

  test('probing and drifting off, by the default rules, while ordinary talk passes', async () => {
    const { sentinel, decided, fired } = await watched();
    const begin = (id: string) =>
      sentinel.observe({ happened: 'conversationBegan', conversationId: id, memberId: id });
    for (const id of ['ordinary', 'prober', 'drifter']) begin(id);
    for (let i = 0; i < 25; i += 1)
      sentinel.observe(turn({ conversationId: 'ordinary', memberId: 'ordinary', inScope: i % 4 !== 0 }));
    sentinel.observe(turn({ conversationId: 'ordinary', memberId: 'ordinary', verdict: 'flag' }));
    expect(fired()).toEqual([]);
    for (let i = 0; i < 3; i += 1)
      sentinel.observe(turn({ conversationId: 'prober', memberId: 'prober', verdict: 'block' }));
    expect(decided).toMatchObject([{ rule: 'probing', does: ['warn', 'endConversation'] }]);
    fired();
    for (let i = 0; i < 12; i += 1)
      sentinel.observe(turn({ conversationId: 'drifter', memberId: 'drifter', inScope: i < 3 }));
    expect(fired()).toEqual(['drift']);
  });

  test('amounts in one call and summed up, each large call anew', async () => {
    const { sentinel, decided } = await watched();
    const pay = (amount: number | null) =>
      sentinel.observe({
        happened: 'toolCall',
        risk: 'money',
        tool: 'transfer_money',
        amount,
        memberId: 'ada',
        conversationId: 'one',
      });
    for (const amount of [9_999, null, 10_000, 45_000]) pay(amount);
    expect(decided.map(({ rule, measured }) => [rule, measured])).toEqual([
      ['large-amount', 10_000],
      ['large-amount', 45_000],
    ]);
    pay(45_000);
    expect(decided.at(-1)).toMatchObject({ rule: 'large-sum-by-member', measured: 109_999, most: 100_000 });
  });

  test('hours, also over midnight and in the time of the place', async () => {
    const night = { kind: 'afterHours', of: 'conversation', from: '22:00', to: '06:00', days: [5] };
    const { sentinel, clock, fired } = await watched([
      { id: 'night-shift', watch: night, does: ['warn'] },
      {
        id: 'new-york',
        watch: { ...night, from: '04:00', to: '06:00', days: [6], timeZone: 'America/New_York' },
        does: ['warn'],
      },
    ]);
    const at = (hours: number) => {
      clock.advance(hours * HOUR);
      sentinel.observe({
        happened: 'conversationBegan',
        conversationId: String(hours),
        memberId: String(hours),
      });
      return fired();
    };
    expect(at(0)).toEqual(['night-shift']); // Saturday 09:00, 05:00 in New York
    expect(at(-9 + 168 + 5)).toEqual(['new-york']); // the next Saturday, 05:00: the Friday's night
    expect(at(2)).toEqual(['night-shift', 'new-york']); // 07:00, 03:00 in New York
  });

  test('slows down whom it names, for a while, and nobody else', async () => {
    const { sentinel, clock } = await watched([rate({ most: 1 }, ['slowDown'])]);
    sentinel.observe(turn());
    sentinel.observe(turn());
    expect([sentinel.paceMs({ memberId: 'ada' }), sentinel.paceMs({ memberId: 'ben' })]).toEqual([3000, 0]);
    clock.advance(6 * MINUTE);
    expect(sentinel.paceMs({ memberId: 'ada' })).toBe(0);
  });
});

describe("the site's own baseline", () => {
  const rules: readonly unknown[] = [
    {
      id: 'unusual',
      watch: { kind: 'unusual', of: 'toolCall', deviations: 6, atLeast: 20, weeks: 8 },
      does: ['warn'],
    },
  ];
  const call: WatchedEvent = { happened: 'toolCall', risk: 'read', tool: 'x', amount: null, memberId: null };

  test('says when it has too little, then finds an hour unlike those before it, and no ordinary one', async () => {
    const { sentinel, clock, vault, fired } = await watched(rules);
    const busy = (calls: number) =>
      vault.transaction(() => {
        for (let i = 0; i < calls; i += 1) sentinel.observe(call);
      });
    expect(sentinel.compare('toolCall')).toEqual({ kind: 'tooLittle', have: 0, need: 8 });
    busy(200); // the very first hour may be anything
    for (const calls of [38, 45, 41, 52]) {
      clock.advance(WEEK);
      busy(calls);
    }
    expect(fired()).toEqual([]);
    clock.advance(WEEK);
    busy(60);
    expect(sentinel.compare('toolCall')).toMatchObject({ kind: 'compared', median: 45, hours: 5 });
    expect(fired()).toEqual([]);
    busy(60);
    expect(fired()).toEqual(['unusual']); // though the outlier of the first week is among those before
    clock.advance(HOUR);
    sentinel.tick();
    expect(sentinel.compare('toolCall')).toMatchObject({ kind: 'tooLittle' });
  });

  test('a quiet hour counts as quiet when Sotto ran, and not at all when it did not', async () => {
    const { sentinel, clock, vault, fired } = await watched(rules);
    for (let week = 0; week < 4; week += 1) {
      sentinel.tick();
      clock.advance(WEEK);
    }
    vault.transaction(() => {
      for (let i = 0; i < 25; i += 1) sentinel.observe(call);
    });
    expect(sentinel.compare('toolCall')).toMatchObject({ kind: 'compared', median: 0, count: 25 });
    expect(fired()).toEqual(['unusual']);
    clock.advance(3 * HOUR);
    expect(sentinel.compare('toolCall')).toMatchObject({ kind: 'tooLittle', have: 0 });
  });
});

test('how near somebody is to each rule is told: by ids, and of what comes from outside only how much', async () => {
  const { sentinel, clock, audit } = await watched();
  const who = { memberId: 'ada', address: '10.1.2.3', conversationId: 'one' };
  sentinel.observe({ ...who, happened: 'conversationBegan' });
  for (let i = 0; i < 3; i += 1) sentinel.observe({ ...who, happened: 'recordRead' });
  sentinel.observe({ ...who, happened: 'recordRead', memberId: 'ben' });
  sentinel.observe({ ...who, happened: 'signInFailure', memberId: null });
  sentinel.observe({ ...who, happened: 'toolCall', risk: 'money', tool: 'transfer_money', amount: 12_000 });
  clock.advance(5 * MINUTE);
  const states = new Map(sentinel.state().map((state) => [state.rule.id, state]));
  const of = (id: string) => states.get(id);
  expect(states.size).toBe(DEFAULT_LIMITS.length);
  expect(of('records-by-member')).toMatchObject({ now: { measured: 3, per: 'member', id: 'ada' }, fired: 0 });
  expect(of('failed-sign-ins-by-address')?.now).toEqual({ measured: 1, per: 'address', id: null });
  expect(of('large-sum-by-member')?.now).toMatchObject({ measured: 12_000 });
  expect(of('at-once-by-member')?.now).toEqual({ measured: 1, per: 'member', id: 'ada' });
  expect(of('long-conversation')?.now).toEqual({ measured: 5, per: 'conversation', id: 'one' });
  expect(of('unusual-calls')).toMatchObject({ now: null, learned: { have: 0, need: 8 } });
  expect(of('large-amount')).toMatchObject({ now: null, fired: 1, lastAt: START });
  expect(JSON.stringify([...states])).not.toContain(audit.pseudonym('address 10.1.2.3'));
  clock.advance(2 * HOUR);
  expect(sentinel.state().find(({ rule }) => rule.id === 'failed-sign-ins-by-address')?.now).toBeNull();
});

test('rules are data of the site: kept, checked, and ours by default', async () => {
  const { vault, audit, clock } = await watched();
  expect(readLimits(vault)).toBe(DEFAULT_LIMITS);
  const [first] = DEFAULT_LIMITS as [LimitRule];
  const change = (rules: unknown) => writeLimits(vault, audit, { rules, actor: 'ada', clock });
  change([{ ...first, enabled: false }]);
  expect(readLimits(vault)).toEqual([{ ...first, enabled: false }]);
  expect(JSON.parse(audit.recent(1)[0]?.json ?? '')).toMatchObject({
    actor: { user: { uid: 'ada' } },
    activity_name: 'configuration.change',
    unmapped: { set: [{ id: first.id, enabled: false }], removed: expect.arrayContaining(['drift']) },
  });
  expect(() => change([{ ...first, does: ['explode'] }])).toThrow(
    expect.objectContaining({ code: 'limits/invalid', remedy: expect.stringContaining(`${first.id}: does`) }),
  );
  expect(() => change('none')).toThrow(expect.objectContaining({ code: 'limits/invalid' }));
  writeSetting(vault, 'guard.limits', 'of a later version', clock);
  expect(() => readLimits(vault)).toThrow(expect.objectContaining({ code: 'vault/bad-setting' }));
  change(null);
  expect(readLimits(vault)).toBe(DEFAULT_LIMITS);
  expect(limitRulesSchema.safeParse([first, first]).success).toBe(false);
  expect(limitRulesSchema.safeParse([{ ...first, does: ['explode'] }]).success).toBe(false);
});
