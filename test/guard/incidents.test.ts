import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openAuditLog, provesConsistency, provesInclusion } from '../../main/audit/index.ts';
import { silentLog } from '../../main/base/index.ts';
import {
  type Alert,
  Alerts,
  CHECKLISTS,
  Incidents,
  mailRelayStatus,
  STEPS,
  Standstill,
  type Step,
  setMailRelay,
  setSiteHosts,
} from '../../main/guard/index.ts';
import { openIdentity, openMembers, type Role } from '../../main/identity/index.ts';
import type { Vault } from '../../main/vault/index.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { mailRelay } from '../support/mail-relay.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';

const HOUR = 3_600_000;
const GIVEN = { kind: 'probing', severity: 'high', summary: 'Somebody asks for the prompt.' } as const;

async function house() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const members = openMembers(vault, audit, { clock });
  const identity = openIdentity(vault, audit, { clock });
  const ports = { clock, log: silentLog };
  const standstill = new Standstill(vault, audit, {
    ...ports,
    requests: null,
    rolesOf: (id) => members.rolesOf(id),
  });
  onTestFinished(() => standstill.close());
  const raised: Omit<Alert, 'id' | 'at'>[] = [];
  const incidents = new Incidents({
    vault,
    audit,
    clock,
    members,
    standstill,
    alert: (one) => raised.push(one),
  });
  const add = async (username: string, ...roles: Role[]) =>
    (
      await identity.createMember(
        { username, displayName: username, passphrase: 'violet harbour kestrel', roles },
        'system',
      )
    ).id;
  const checkAll = (id: string, step: Step, by: string) => {
    for (const { id: item } of CHECKLISTS[step]) incidents.check(id, step, item, 'done', by);
  };
  return { clock, vault, audit, members, standstill, incidents, raised, add, checkAll };
}

describe('an incident', () => {
  test('begins with what the log says of the hour before, and raises an alert', async () => {
    const { incidents, audit, clock, raised } = await house();
    const finding = { action: 'guard.finding', outcome: 'failure', actor: 'conversation:one' } as const;
    audit.append({ ...finding, actor: 'conversation:old' });
    clock.advance(2 * HOUR);
    const { seq } = audit.append(finding);
    audit.append({ action: 'tool.call', actor: 'conversation:two', outcome: 'success' });
    const incident = incidents.open(GIVEN, 'system');
    expect(incident).toMatchObject({ number: 1, step: 'identify', closedAt: null, openedBy: 'system' });
    expect(incident.evidence).toMatchObject([
      { kind: 'log', first: seq, end: seq + 2 },
      { kind: 'finding', seq, code: 'guard.finding' },
      { kind: 'conversation', conversationId: 'one' },
    ]);
    expect(raised).toEqual([{ about: 'incident', severity: 'high', code: 'probing', incident: 1 }]);
    // A rule that speaks again adds to it.
    const again = incidents.open(GIVEN, 'system', [{ kind: 'finding', seq, code: 'limit.exceed' }]);
    expect([again.id, again.evidence.length, raised.length]).toEqual([incident.id, 4, 1]);
  });

  test('walks six steps, each gone through and signed in order; the last by another than the first', async () => {
    const { incidents, add, checkAll, audit } = await house();
    const [ada, ben, tom] = [
      await add('ada', 'admin'),
      await add('ben', 'privacy'),
      await add('tom', 'staff'),
    ];
    const { id } = incidents.open(GIVEN, ada);
    expect(await refusal(() => incidents.open(GIVEN, tom))).toBe('incident/not-allowed');
    expect(await refusal(() => incidents.sign(id, 'contain', ada))).toBe('incident/not-next');
    expect(await refusal(() => incidents.sign(id, 'identify', ada))).toBe('incident/not-done');
    expect(await refusal(() => incidents.setOwner(id, 'identify', tom, ada))).toBe('incident/not-allowed');
    checkAll(id, 'identify', ada);
    incidents.setOwner(id, 'identify', ada, ben);
    expect(await refusal(() => incidents.sign(id, 'identify', ben))).toBe('incident/owner');
    expect(incidents.sign(id, 'identify', ada).step).toBe('contain');
    expect(await refusal(() => incidents.check(id, 'identify', 'what', 'notNeeded', ada))).toBe(
      'incident/signed',
    );
    for (const step of STEPS.slice(1)) {
      checkAll(id, step, ben);
      if (step !== 'document') incidents.sign(id, step, ada);
    }
    expect(await refusal(() => incidents.sign(id, 'document', ada))).toBe('incident/same-person');
    const closed = incidents.sign(id, 'document', ben);
    expect([closed.step, closed.closedAt !== null]).toEqual([null, true]);
    expect(await refusal(() => incidents.addEvidence(id, { kind: 'note', text: 'late' }, ada))).toBe(
      'incident/closed',
    );
    const signatures = audit.recent(200).filter(({ json }) => json.includes('"incident.sign"'));
    expect(signatures).toHaveLength(6);
  });

  test('is contained by one act: what is stopped stands still, who is locked is out', async () => {
    const { incidents, add, standstill, members } = await house();
    const [ada, tom] = [await add('ada', 'admin'), await add('tom', 'staff')];
    const { id } = incidents.open(GIVEN, ada);
    incidents.contain(id, { stop: 'tool', name: 'transfer_money' }, ada);
    incidents.contain(id, { lock: tom }, ada);
    expect(standstill.stopsTool('bank-branch', 'transfer_money')).toBe(true);
    expect(members.rolesOf(tom)).toEqual([]);
    expect(incidents.get(id).evidence.filter(({ kind }) => kind === 'containment')).toHaveLength(2);
    expect(await refusal(() => incidents.contain(id, { lock: ada }, ada))).toBe('identity/last-admin');
  });

  test('is exported with proof that its entries stand in the log, which has only grown since', async () => {
    const { incidents, add, audit, clock } = await house();
    const ada = await add('ada', 'admin');
    const { id } = incidents.open(GIVEN, ada);
    for (let i = 0; i < 40; i += 1)
      audit.append({ action: 'tool.call', actor: 'system', outcome: 'success' });
    clock.advance(5 * HOUR);
    incidents.addEvidence(id, { kind: 'note', text: '<b>Tom</b> said so.' }, ada);
    const folder = mkdtempSync(join(tmpdir(), 'sotto-incident-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const out = join(folder, 'incident-1');
    await incidents.export(id, out, ada);
    expect(readdirSync(out).sort()).toEqual(['incident.html', 'incident.json', 'log', 'proof.json']);
    expect(readFileSync(join(out, 'incident.html'), 'utf8')).toContain('&lt;b&gt;Tom&lt;/b&gt; said so.');
    expect(readFileSync(join(out, 'log', 'SHA256SUMS'), 'utf8')).toContain('checkpoint');
    const proof = JSON.parse(readFileSync(join(out, 'proof.json'), 'utf8'));
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    const root = bytes(proof.root);
    expect(proof.checkpoint.split('\n')[2]).toBe(root.toString('base64'));
    const proved = proof.entries.map((one: { seq: number; json: string; proof: string[] }) => {
      const leaf = createHash('sha256').update('\0').update(one.json).digest();
      return provesInclusion(leaf, one.seq, proof.size, root, one.proof.map(bytes));
    });
    expect(proved.length).toBeGreaterThanOrEqual(3);
    expect(proved).not.toContain(false);
    const earlier = { size: proof.earlier.size, root: bytes(proof.earlier.root) };
    expect(provesConsistency(earlier, { size: proof.size, root }, proof.earlier.proof.map(bytes))).toBe(true);
    // What was signed when it was opened is the earlier state of this very log.
    expect(proof.opened.checkpoint.split('\n').slice(1, 3)).toEqual([
      String(earlier.size),
      earlier.root.toString('base64'),
    ]);
    // The words of a note are in the vault and in the export, and not in the log.
    expect(audit.recent(100).some(({ json }) => json.includes('said so'))).toBe(false);
    expect(await refusal(() => incidents.export(id, out, ada))).toBe('audit/export-exists');
  });
});

describe('alerts by mail', () => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = makeCertificates();
  });
  afterAll(() => rmSync(certificates.folder, { recursive: true }));

  function configure(vault: Vault, port: number, changes: object = {}) {
    const clock = testClock();
    setSiteHosts(vault, [`localhost:${port}`], clock);
    const described = {
      host: 'localhost',
      port,
      ca: certificates.ca,
      from: 'sotto@bank.example',
      to: ['it@bank.example'],
    };
    setMailRelay(vault, { ...described, ...changes }, clock);
  }

  const ALERT = { about: 'limit', severity: 'medium', code: 'probing', incident: null } as const;

  async function alerting() {
    const { vault, audit, clock } = await house();
    const open = () => {
      const alerts = new Alerts(vault, audit, { clock, log: silentLog });
      onTestFinished(() => alerts.close());
      return alerts;
    };
    const told = () => audit.recent(20).filter(({ json }) => json.includes('"alert.mail"')).length;
    return { vault, open, told, clock };
  }

  test.each(['tls', 'starttls'] as const)(
    'go to the relay over %s, and say nothing of people',
    async (security) => {
      const { vault, open, told } = await alerting();
      const { mails, port } = await mailRelay(certificates, { secure: security === 'tls' });
      configure(vault, port, { security });
      const alerts = open();
      const seen: string[] = [];
      alerts.onAlert(({ code }) => seen.push(code));
      alerts.raise(ALERT);
      await eventually(() => expect(mails).toHaveLength(1));
      expect(mails[0]).toMatch(/^Subject: Sotto: limit probing, severity medium$/m);
      expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated/m);
      await eventually(() => expect(mailRelayStatus(vault).waiting).toBe(0));
      expect([seen, told()]).toEqual([['probing'], 1]);
    },
  );

  test('wait while the relay is away, over a restart too', async () => {
    const { vault, open, told } = await alerting();
    const first = await mailRelay(certificates);
    await first.close();
    configure(vault, first.port);
    const before = open();
    before.raise(ALERT);
    before.raise({ ...ALERT, code: 'drift' });
    await eventually(() => expect(told()).toBe(1)); // said once that it is away
    await before.close();
    expect(mailRelayStatus(vault).waiting).toBe(2);
    const { mails } = await mailRelay(certificates, { port: first.port });
    open();
    await eventually(() => expect(mails).toHaveLength(2));
  });

  test('go to nobody whose certificate is of another authority, nor to a host that the site does not list', async () => {
    const { vault, open, told, clock } = await alerting();
    const { mails, port } = await mailRelay(certificates);
    configure(vault, port, { ca: certificates.otherCa });
    const alerts = open();
    alerts.raise(ALERT);
    await eventually(() => expect(told()).toBe(1));
    expect(mails).toEqual([]);
    expect(mailRelayStatus(vault)).toMatchObject({ waiting: 1, relay: { host: 'localhost' } });
    expect(JSON.stringify(mailRelayStatus(vault))).not.toContain('CERTIFICATE');
    setSiteHosts(vault, ['other.bank.example:465'], clock);
    expect(await refusal(() => configureUnlisted(vault, port))).toBe('alerts/not-allowed');
  });

  function configureUnlisted(vault: Vault, port: number) {
    const described = {
      host: 'localhost',
      port,
      ca: certificates.ca,
      from: 'a@b.example',
      to: ['c@d.example'],
    };
    setMailRelay(vault, described, testClock());
  }
});
