import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import {
  type ConsentDecision,
  consentPolicies,
  consentPolicy,
  consentReceiptSchema,
  exportSubject,
  openRecords,
  openRetention,
  readConsentPolicy,
  setConsent,
  siteConsent,
  wordingHash,
} from '../../main/records/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';

const WHO = { memberId: 'priya', reason: 'access request 7' };

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-consent-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function held() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  const begun = { deskId: 'bank', packHash: 'h', memberId: 'ada', carrier: 'device', startedAt: 1 } as const;
  const writer = records.begin({ id: randomUUID(), ...begun });
  const say = (text: string) =>
    writer.turn({ turn: 1, speaker: 'person', at: 2, text, flow: null, confidence: 1, interrupted: false });
  return { clock, vault, audit, records, writer, say };
}

const decision = (more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  purpose: 'recording',
  decision: 'given',
  wordingId: 'ask-recording',
  wording: 'May I record?',
  policy: consentPolicy('us-ca'),
  by: 'voice',
  controller: 'Harbor Street Branch',
  contact: 'a teller',
  at: 1_000,
  ...more,
});

describe('a policy', () => {
  test.each(consentPolicies())(
    '%s says that it is a machine, asks or tells before it records, names its ground',
    (id) => {
      const policy = consentPolicy(id);
      expect(policy.id).toBe(id);
      expect(policy.hash).toMatch(/^[0-9a-f]{64}$/);
      expect(policy.notices.find(({ purpose }) => purpose === 'disclosure')?.say).toMatch(/not a person/);
      expect(policy.basis.map(({ purpose }) => purpose)).toEqual(
        expect.arrayContaining(['disclosure', 'processing', 'recording']),
      );
    },
  );

  test('there is one for each jurisdiction, and the strictest asks all that any asks', () => {
    const ids = ['eu-gdpr', 'strictest', 'us-all-party', 'us-ca', 'us-hipaa', 'us-one-party'];
    expect(consentPolicies()).toEqual(ids);
    const asked = new Set(ids.flatMap((id) => consentPolicy(id).asks.map(({ purpose }) => purpose)));
    expect(new Set(consentPolicy('strictest').asks.map(({ purpose }) => purpose))).toEqual(asked);
  });

  test.each([
    ['a word more than the schema knows', (text: string) => `${text}\nextra: 1\n`],
    [
      'nothing that says it is a machine',
      (text: string) =>
        text.replace(
          'purpose: disclosure\n    before: listening',
          'purpose: processing\n    before: listening',
        ),
    ],
    ['an id twice', (text: string) => text.replace('id: transcript', 'id: automated-assistant')],
    ['aliases that grow', () => 'a: &a [1]\nb: [*a, *a]\n'],
  ])('of a site with %s is refused', async (_, change) => {
    const file = join(scratch(), 'ours.yaml');
    const text = readFileSync(
      join(import.meta.dirname, '../../main/records/consent/policies/us-ca.yaml'),
      'utf8',
    );
    writeFileSync(file, change(text));
    expect(await refusal(() => readConsentPolicy(file))).toBe('consent/bad-policy');
  });

  test('is chosen for the site with an entry in the log; by default it is the strictest, and nothing is recorded', async () => {
    const { vault, audit, clock } = await held();
    expect(siteConsent(vault)).toMatchObject({ policy: { id: 'strictest' }, recording: false });
    const by = { memberId: 'priya', clock };
    setConsent(vault, audit, { policy: { id: 'eu-gdpr' }, recording: true }, by);
    expect(siteConsent(vault)).toMatchObject({ policy: { id: 'eu-gdpr' }, recording: true });
    expect(audit.recent(1)[0]?.json).toContain(consentPolicy('eu-gdpr').hash);
    const unknown = { policy: { id: 'mars' }, recording: true };
    expect(await refusal(() => setConsent(vault, audit, unknown, by))).toBe('consent/no-policy');
    expect(siteConsent(vault).policy.id).toBe('eu-gdpr');
  });
});

describe('a receipt', () => {
  test('holds the fields of the standard, is linked to conversation and subject, and stands in the log by hash', async () => {
    const { audit, records, writer } = await held();
    const subject = writer.about({ kind: 'customer', value: '100200' });
    writer.decide(decision());
    const [kept, ...others] = records.receipts(WHO, { conversationId: writer.id });
    expect(others).toEqual([]);
    expect(consentReceiptSchema.parse(kept?.receipt)).toMatchObject({
      record_header: { schema_version: 'ISO/IEC TS 27560:2023', pii_principal_id: subject },
      pii_processing: {
        privacy_notice: { policy: 'us-ca', version: 1, wording_hash: wordingHash('May I record?') },
      },
      event: { event_state: 'given', expressed_by: 'voice', entity_id: `conversation:${writer.id}` },
    });
    const entry = audit.recent(10).find(({ json }) => json.includes('"consent.give"'))?.json;
    expect(entry).toContain(wordingHash('May I record?'));
    expect(entry).toContain(consentPolicy('us-ca').hash);
    expect(entry).not.toContain('May I record');
    expect(records.receipts(WHO, { subjectId: subject })).toHaveLength(1);
    expect(records.receipts({ memberId: 'bob', sees: 'own' })).toEqual([]);
  });

  test.each(['given', 'refused', 'withdrawn'] as const)(
    '%s is not kept when the log cannot say so',
    async (made) => {
      const { audit, records, writer, vault } = await held();
      vault.db.exec(
        "CREATE TRIGGER full BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'full'); END",
      );
      expect(await refusal(() => writer.decide(decision({ decision: made })))).not.toBe('none');
      vault.db.exec('DROP TRIGGER full');
      expect(records.receipts(WHO)).toEqual([]);
      expect(audit.verify().ok).toBe(true);
    },
  );

  test('cannot be read in the database, and outlives what it was about', async () => {
    const { records, writer, say, vault } = await held();
    say('my words');
    writer.decide(decision());
    const sealed = vault.db.prepare<[], Buffer>('SELECT receipt FROM consent_receipts').pluck().get();
    expect(sealed?.includes('May I record')).toBe(false);
    expect(writer.forget('words')).toBe('forgotten');
    expect(records.read(WHO, writer.id).turns).toEqual([]);
    expect(records.search(WHO, 'words')).toEqual([]);
    expect(records.receipts(WHO, { conversationId: writer.id })).toHaveLength(1);
  });
});

describe('withdrawal', () => {
  test('takes the sound in every copy, and a hold keeps it', async () => {
    const { vault, audit, clock, records, writer } = await held();
    const recorder = writer.record('person', 8_000);
    recorder.write(new Float32Array(8_000).fill(0.5));
    recorder.screen(1_000, []);
    const { holds } = openRetention(vault, audit, { clock });
    const hold = holds.place({ scope: 'conversation', targetId: writer.id, matter: '2026/17' }, 'priya');
    expect(writer.forget('sound')).toBe('held');
    expect(records.listen(WHO, writer.id)).toHaveLength(1);
    holds.lift(hold.id, 'priya');
    expect(writer.forget('sound')).toBe('forgotten');
    expect(records.listen(WHO, writer.id)).toEqual([]);
    expect(audit.recent(50).filter(({ json }) => json.includes('"record.forget"'))).toHaveLength(2);
  });
});

describe('an access request', () => {
  test('gets everything about a subject as JSON, as a page without script, and the recordings', async () => {
    const { vault, audit, clock, records, writer, say } = await held();
    writer.about({ kind: 'customer', value: '100200' });
    say('<script>alert(1)</script> & my balance');
    writer.decide(decision());
    const recorder = writer.record('person', 8_000);
    recorder.write(new Float32Array(8_000).fill(0.5));
    recorder.screen(1_000, []);
    writer.end('done', 9);
    records.read({ memberId: 'sue', reason: 'complaint' }, writer.id);
    const out = join(scratch(), 'for-them');
    const request = { reference: { kind: 'customer', value: '100200' }, reader: WHO, out };
    const found = exportSubject(vault, audit, { clock }, request);
    expect(JSON.parse(readFileSync(join(out, 'subject.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(found)),
    );
    expect(found).toMatchObject({
      knownBy: [{ kind: 'customer', value: '100200' }],
      conversations: [
        {
          turns: [{ text: '<script>alert(1)</script> & my balance' }],
          receipts: [{}],
          readBy: [{ memberId: 'sue' }],
        },
      ],
    });
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; my balance');
    expect(page).not.toMatch(/<script|https?:/);
    const wav = readFileSync(join(out, found.conversations[0]?.recordings[0] ?? ''));
    expect(wav.subarray(0, 4).toString()).toBe('RIFF');
    expect(wav.length).toBe(44 + 16_000);
    expect(audit.recent(1)[0]?.json).toMatch(/"record.export"/);
    expect(audit.recent(1)[0]?.json).not.toContain('100200');
    expect(await refusal(() => exportSubject(vault, audit, { clock }, request))).toBe(
      'records/export-exists',
    );
  });

  test('about somebody unknown leaves an entry and no folder', async () => {
    const { vault, audit, clock } = await held();
    const out = join(scratch(), 'for-them');
    const request = { reference: { kind: 'customer', value: '7' }, reader: WHO, out };
    expect(await refusal(() => exportSubject(vault, audit, { clock }, request))).toBe('records/no-subject');
    expect(audit.recent(1)[0]?.json).toMatch(/"record.export"/);
    expect(existsSync(out)).toBe(false);
  });
});
