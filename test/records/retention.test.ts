import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { silentLog } from '../../main/base/index.ts';
import { openRecords, openRetention } from '../../main/records/index.ts';
import {
  backUp,
  createVault,
  makeRecoveryKey,
  openVault,
  renewKeyring,
  restoreBackup,
} from '../../main/vault/index.ts';
import { credential, dataFolder, refusal, testClock } from '../vault/support.ts';

const DAY = 86_400_000;
const CUSTOMER = { kind: 'customer', value: 'Marzipankartoffel-100200' };
const SAID = 'the quince marmalade is in the vestibule';

async function house() {
  const clock = testClock();
  const paths = dataFolder();
  const source = credential();
  const vault = await createVault(paths, source, { clock, log: silentLog });
  const audit = openAuditLog(vault, { clock });
  const ports = { clock };
  const records = openRecords(vault, audit, ports);
  return { clock, paths, source, vault, audit, records, retention: openRetention(vault, audit, ports) };
}

type House = Awaited<ReturnType<typeof house>>;

function hold({ records, clock }: House, text = SAID) {
  const id = randomUUID();
  const startedAt = clock.now();
  const begun = { id, deskId: 'bank', packHash: 'ab', memberId: 'ada', carrier: 'typed', startedAt } as const;
  const writer = records.begin(begun);
  const said = { turn: 1, speaker: 'person', at: startedAt, text, flow: null } as const;
  writer.turn({ ...said, confidence: 1, interrupted: false });
  writer.end('finished', startedAt + 1);
  return writer;
}

const actions = ({ audit }: House) =>
  audit.recent(50).map(({ json }) => JSON.parse(json).activity_name as string);
const kept = ({ records }: House) => records.list({ memberId: 'eve' }).map(({ id }) => id);

describe('a sweep', () => {
  test('lets go of words after a month and of who did what after a year, the shortest rule winning', async () => {
    const site = await house();
    const { clock, records, retention } = site;
    const { id } = hold(site);
    retention.setRules(
      [...retention.rules(), { dataClass: 'transcript', purpose: 'quality', keepDays: 10 }],
      'eve',
    );
    clock.advance(9 * DAY);
    expect(await retention.sweep('system')).toMatchObject({ transcripts: 0 });
    clock.advance(2 * DAY);
    const due = retention.preview().find(({ dataClass }) => dataClass === 'transcript');
    expect(due).toMatchObject({ due: 1, held: 0, rule: { purpose: 'quality', keepDays: 10 } });
    expect(await retention.sweep('system')).toEqual({ recordings: 0, transcripts: 1, conversations: 0 });
    expect(records.read({ memberId: 'eve' }, id)).toMatchObject({ turns: [], conversation: { id } });
    expect(records.search({ memberId: 'eve' }, 'marmalade')).toEqual([]);
    clock.advance(360 * DAY);
    expect(await retention.sweep('system')).toMatchObject({ conversations: 1 });
    expect(kept(site)).toEqual([]);
    expect(actions(site)).toContain('retention.sweep');
    expect(site.audit.verify().ok).toBe(true);
  });

  test('leaves what a hold is on, until the hold is lifted', async () => {
    const site = await house();
    const { clock, retention } = site;
    const [held, free] = [hold(site), hold(site)];
    const placed = retention.holds.place(
      { scope: 'conversation', targetId: held.id, matter: '2026/117' },
      'eve',
    );
    clock.advance(400 * DAY);
    expect(retention.preview().at(-1)).toMatchObject({ due: 2, held: 1 });
    await retention.sweep('system');
    expect(kept(site)).toEqual([held.id]);
    expect(kept(site)).not.toContain(free.id);
    retention.holds.lift(placed.id, 'eve');
    await retention.sweep('system');
    expect(kept(site)).toEqual([]);
    expect(await refusal(() => retention.holds.lift(placed.id, 'eve'))).toBe('retention/no-hold');
  });

  test('that was stopped goes on with the next one', async () => {
    const site = await house();
    for (let i = 0; i < 120; i += 1) hold(site, `word ${i}`);
    site.clock.advance(400 * DAY);
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(site.retention.sweep('system', stop.signal)).rejects.toThrow('stopped');
    const rest = kept(site).length;
    expect(rest).toBeGreaterThan(0);
    await site.retention.sweep('system');
    expect(kept(site)).toEqual([]);
  });

  test('follows rules that the site’s policy allows, and no others', async () => {
    const { retention, vault, audit, clock } = await house();
    const long = [{ dataClass: 'transcript', purpose: 'service', keepDays: 90 }] as const;
    expect(await refusal(() => retention.setRules(long, 'eve'))).toBe('retention/incomplete');
    const rules = [...retention.rules().filter(({ dataClass }) => dataClass !== 'transcript'), ...long];
    const policyFile = join(dirname(dataFolder().data), 'policy.json');
    writeFileSync(policyFile, JSON.stringify({ retention: { transcript: 60 } }), { mode: 0o644 });
    const bounded = openRetention(vault, audit, { clock, policyFile });
    const refused = process.getuid?.() === 0 ? 'retention/too-long' : 'policy/unsafe';
    expect(await refusal(() => bounded.setRules(rules, 'eve'))).toBe(refused);
    chmodSync(policyFile, 0o666);
    expect(await refusal(() => bounded.setRules(rules, 'eve'))).toBe('policy/unsafe');
    expect(await refusal(() => bounded.rules())).toBe('policy/unsafe');
    expect(retention.rules().find(({ dataClass }) => dataClass === 'transcript')?.keepDays).toBe(30);
  });
});

test('a policy that comes later, or becomes stricter, bounds the rules that were set before', async () => {
  const site = await house();
  hold(site, 'kept for thirty days without a policy');
  site.clock.advance(5 * DAY);
  const policyFile = join(dirname(dataFolder().data), 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ retention: { transcript: 3 } }), { mode: 0o644 });
  const bounded = openRetention(site.vault, site.audit, { clock: site.clock, policyFile });
  if (process.getuid?.() !== 0) {
    expect(await refusal(() => bounded.rules())).toBe('policy/unsafe'); // only root's file counts
    return;
  }
  expect(site.retention.preview().map(({ due }) => due)).toEqual([0, 0, 0]);
  expect(bounded.rules().find(({ dataClass }) => dataClass === 'transcript')?.keepDays).toBe(3);
  expect((await bounded.sweep('system')).transcripts).toBe(1);

  hold(site, 'with a policy that nobody can trust');
  site.clock.advance(31 * DAY);
  chmodSync(policyFile, 0o666);
  expect(await refusal(() => bounded.sweep('system'))).toBe('policy/unsafe');
  expect(bounded.preview().map(({ due }) => due)).toEqual([0, 0, 0]); // swept by the rules that were set
});

describe('an erasure', () => {
  test('takes two people, and leaves a signed certificate that names nobody', async () => {
    const site = await house();
    const { retention } = site;
    const subject = hold(site).about(CUSTOMER);
    expect(retention.erasure.find(CUSTOMER, 'eve')).toMatchObject({
      conversations: 1,
      turns: 1,
      held: false,
    });
    const asked = retention.erasure.request(subject, 'eve');
    expect(await refusal(() => retention.erasure.request(subject, 'ida'))).toBe('erasure/requested');
    expect(await refusal(() => retention.erasure.confirm(asked.id, 'eve'))).toBe('erasure/second-person');
    const done = retention.erasure.confirm(asked.id, 'ida');
    expect(done).toMatchObject({ state: 'done', decidedBy: 'ida' });
    expect(done.certificate).toMatch(/^sotto erasure certificate\n\{.*\}\n\n\u2014 \S+ \S+\n$/);
    expect(done.certificate).not.toMatch(/100200|marmalade/);
    expect(kept(site)).toEqual([]);
    expect(retention.erasure.find(CUSTOMER, 'eve')).toBeNull();
    expect(await refusal(() => retention.erasure.confirm(asked.id, 'ida'))).toBe('erasure/not-pending');
    expect(actions(site)).toEqual(
      expect.arrayContaining(['erasure.request', 'erasure.refuse', 'erasure.complete']),
    );
    expect(site.audit.verify().ok).toBe(true);
  });

  test('waits for a hold to be lifted', async () => {
    const site = await house();
    const { erasure, holds } = site.retention;
    const writer = hold(site);
    const subject = writer.about(CUSTOMER);
    const placed = holds.place({ scope: 'conversation', targetId: writer.id, matter: '2026/118' }, 'eve');
    const asked = erasure.request(subject, 'eve');
    expect(await refusal(() => erasure.confirm(asked.id, 'ida'))).toBe('erasure/held');
    holds.lift(placed.id, 'eve');
    expect(erasure.confirm(asked.id, 'ida').state).toBe('done');
  });

  test('leaves no byte in the files: searched with the encryption taken off', async () => {
    const site = await house();
    const { vault, paths, source, clock, retention } = site;
    const writer = hold(site);
    const subject = writer.about(CUSTOMER);
    hold(site, 'somebody else speaks of rhubarb');
    const keyOf = () =>
      vault.db
        .prepare("SELECT hex(wrapped) FROM data_keys WHERE scope = 'subject' AND id = ?")
        .pluck()
        .get(subject);
    const wrapped = Buffer.from(String(keyOf()), 'hex');
    const stems = [SAID, 'marmalad', 'quinc', 'vestibul', 'Marzipankartoffel', writer.id];
    /** The pages of database and log as they lie, decrypted and searched byte by byte. */
    const readable = async () => {
      const copy = dataFolder();
      mkdirSync(copy.data, { recursive: true });
      copyFileSync(paths.vaultHeader, copy.vaultHeader);
      for (const suffix of ['', '-wal'])
        copyFileSync(`${paths.database}${suffix}`, `${copy.database}${suffix}`);
      const opened = await openVault(copy, source, { clock, log: silentLog });
      opened.db.pragma('journal_mode = DELETE');
      (opened.db as unknown as { rekey(key: Buffer): number }).rekey(Buffer.alloc(0));
      opened.close();
      const bytes = readFileSync(copy.database);
      expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3');
      expect(bytes.includes('rhubarb')).toBe(true); // the search does find
      return [...stems.filter((stem) => bytes.includes(stem)), ...(bytes.includes(wrapped) ? ['key'] : [])];
    };
    expect(await readable()).toEqual(expect.arrayContaining(['marmalad', 'quinc', writer.id, 'key']));
    const asked = retention.erasure.request(subject, 'eve');
    retention.erasure.confirm(asked.id, 'ida');
    // The log keeps the number of the conversation, and nothing else does.
    expect(await readable()).toEqual([writer.id]);
  });

  test('reaches into a backup made before it', async () => {
    const site = await house();
    const { vault, audit, clock, retention } = site;
    const into = dataFolder().data;
    mkdirSync(into, { recursive: true });
    const { publicKey: recoveryKey, privateKey } = await makeRecoveryKey();
    const erased = hold(site);
    const other = hold(site, 'somebody else speaks of rhubarb');
    const subject = erased.about(CUSTOMER);
    const made = await backUp(vault, { into, recoveryKey, clock });
    retention.erasure.confirm(retention.erasure.request(subject, 'eve').id, 'ida');
    await renewKeyring(vault, { into, recoveryKey, clock });
    audit.close();
    vault.close();
    const [elsewhere, source] = [dataFolder(), credential()];
    await restoreBackup(elsewhere, { from: made.folder, recoveryKey: privateKey, source, clock });
    const restored = await openVault(elsewhere, source, { clock, log: silentLog });
    const log = openAuditLog(restored, { clock });
    const again = openRecords(restored, log, { clock });
    openRetention(restored, log, { clock });
    expect(again.list({ memberId: 'eve' }).map(({ id }) => id)).toEqual([other.id]);
    expect(again.search({ memberId: 'eve' }, 'rhubarb')).toHaveLength(1);
    expect(again.search({ memberId: 'eve' }, 'marmalade')).toEqual([]);
    const file = join(made.folder, 'sotto.db');
    expect(readFileSync(file).includes('marmalade')).toBe(false);
    log.close();
    restored.close();
  });
});
