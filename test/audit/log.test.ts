import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { canonicalJson, systemClock } from '../../main/base/index.ts';
import { readSetting, writeSetting } from '../../main/vault/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';
import { EVENT, filledLog } from './support.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The tree hash straight from the definition in RFC 6962, section 2.1. */
function treeHash(entries: readonly string[]): Buffer {
  const [only] = entries;
  if (only === undefined) return sha256();
  if (entries.length === 1) return sha256(Buffer.from([0]), Buffer.from(only));
  let half = 1;
  while (half * 2 < entries.length) half *= 2;
  return sha256(Buffer.from([1]), treeHash(entries.slice(0, half)), treeHash(entries.slice(half)));
}

/** Checks a signed note with nothing but its text and the key that an auditor pinned; returns its lines. */
function openWithPinnedKey(note: string, verifierKey: string): readonly string[] {
  const [name = '', keyId = '', key = ''] = verifierKey.split('+');
  const rest = verifierKey.slice(name.length + keyId.length + 2);
  expect(rest.startsWith(key)).toBe(true);
  const raw = Buffer.from(rest, 'base64');
  expect(raw[0]).toBe(1);
  expect(
    sha256(Buffer.from(`${name}\n`), raw)
      .subarray(0, 4)
      .toString('hex'),
  ).toBe(keyId);
  const [text = '', signatures = ''] = note.split('\n\n');
  const [, encoded = ''] = /^\u2014 \S+ (\S+)\n$/.exec(signatures) ?? [];
  const signature = Buffer.from(encoded, 'base64');
  expect(signature.subarray(0, 4).toString('hex')).toBe(keyId);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw.subarray(1)]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(`${text}\n`), publicKey, signature.subarray(4))).toBe(true);
  return text.split('\n');
}

const entriesOf = (audit: AuditLog) =>
  audit
    .recent(10_000)
    .toReversed()
    .map((entry) => entry.json);

describe('the log', () => {
  test('numbers its entries from 0 and keeps each as canonical JSON of its OCSF class', async () => {
    const vault = await throwaway();
    const audit = openAuditLog(vault, { clock: testClock(1_700_000_000_000) });
    const entry = audit.append({
      action: 'signIn.refuse',
      actor: 'system',
      target: 'name:abc',
      outcome: 'failure',
      detail: { z: 1, a: 'wrong' },
    });
    expect(entry).toMatchObject({ seq: 0, at: 1_700_000_000_000 });
    const value = JSON.parse(entry.json);
    expect(canonicalJson(value)).toBe(entry.json);
    expect(value).toMatchObject({
      category_uid: 3,
      class_uid: 3002,
      activity_id: 1,
      type_uid: 300201,
      status_id: 2,
      time: 1_700_000_000_000,
      user: { uid: 'name:abc' },
      unmapped: { a: 'wrong', z: 1, target: 'name:abc' },
    });
    expect(audit.append(EVENT).seq).toBe(1);
    expect(audit.recent(1)).toMatchObject([{ seq: 1 }]);
    expect(audit.recent(5, 1)).toEqual([entry]);
  });

  test.each([0, 1, 2, 3, 7, 8, 13, 64, 100])(
    'states the RFC 6962 tree of its %i entries in a note that the pinned key opens',
    async (size) => {
      const vault = await throwaway();
      const audit = openAuditLog(vault, { clock: systemClock, site: 'desk-1.bank.example/audit' });
      vault.transaction(() => {
        for (let i = 0; i < size; i += 1) audit.append({ ...EVENT, detail: { i } });
      });
      const lines = openWithPinnedKey(audit.checkpoint(), audit.verifierKey);
      const root = treeHash(entriesOf(audit));
      expect(lines).toEqual(['desk-1.bank.example/audit', String(size), root.toString('base64')]);
      expect(audit.verify()).toMatchObject({
        ok: true,
        entries: size,
        checkpoints: 1,
        root: root.toString('hex'),
      });
    },
  );

  test('stays the same log, with the same key and pseudonyms, when it is opened again', async () => {
    const { vault, audit, clock } = await filledLog();
    const [key, pseudonym] = [audit.verifierKey, audit.pseudonym('Anna')];
    audit.close();
    expect(await refusal(() => audit.append(EVENT))).toBe('audit/closed');
    const again = openAuditLog(vault, { clock, site: 'renamed.example' });
    expect(again.append(EVENT).seq).toBe(20);
    expect([again.verifierKey, again.pseudonym('Anna')]).toEqual([key, pseudonym]);
    expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
    expect(pseudonym).not.toBe(again.pseudonym('Anne'));
    expect(again.verify().ok).toBe(true);
    again.close();
  });

  test('refuses a name that no signed note could bear, and an entry that no tile could hold', async () => {
    const vault = await throwaway();
    expect(await refusal(() => openAuditLog(vault, { clock: systemClock, site: 'two words' }))).toBe(
      'audit/bad-origin',
    );
    const other = await throwaway();
    const audit = openAuditLog(other, { clock: systemClock });
    const huge = { ...EVENT, detail: { text: 'x'.repeat(70_000) } };
    expect(await refusal(() => audit.append(huge))).toBe('audit/entry-too-large');
    expect(audit.append(EVENT).seq).toBe(0);
    expect(audit.verify().ok).toBe(true);
  });
});

describe('an act and its entry', () => {
  test('are undone together, whichever of them fails, and the tree goes on as if nothing had been', async () => {
    const { vault, audit } = await filledLog();
    const set = (name: string) => writeSetting(vault, name, 1, systemClock);
    const isSet = (name: string) => readSetting(vault, name, z.number()) !== null;
    const actFails = () =>
      audit.record(EVENT, () => {
        set('a');
        audit.append(EVENT);
        throw new Error('the act fails');
      });
    expect(actFails).toThrow('the act fails');
    const tooLarge = { ...EVENT, detail: { text: 'x'.repeat(70_000) } };
    expect(() => audit.record(tooLarge, () => set('b'))).toThrow('too large');
    const outerFails = () =>
      vault.transaction(() => {
        audit.record(EVENT, () => set('c'));
        audit.checkpoint();
        throw new Error('the outer fails');
      });
    expect(outerFails).toThrow('the outer fails');
    expect(['a', 'b', 'c'].map(isSet)).toEqual([false, false, false]);
    expect(audit.record(EVENT, () => set('d'))).toBeUndefined();
    expect(isSet('d')).toBe(true);
    expect(audit.verify()).toMatchObject({ ok: true, entries: 21, checkpoints: 2 });
  });

  test('an undone entry in the middle of an act that goes on leaves no trace in the tree', async () => {
    const { vault, audit } = await filledLog();
    vault.transaction(() => {
      audit.append(EVENT);
      expect(() =>
        audit.record(EVENT, () => {
          audit.append(EVENT);
          throw new Error('inner');
        }),
      ).toThrow('inner');
      audit.append(EVENT);
    });
    expect(audit.verify()).toMatchObject({ ok: true, entries: 22 });
  });
});

test('on a full disk the act is refused whole, and the log goes on once there is room', async () => {
  const { vault, audit } = await filledLog();
  const pages = Number(vault.db.pragma('page_count', { simple: true }));
  vault.db.pragma(`max_page_count = ${pages}`);
  const big = { ...EVENT, detail: { text: 'x'.repeat(50_000) } };
  const act = () => audit.record(big, () => writeSetting(vault, 'act', 1, systemClock));
  expect(await refusal(act)).toBe('vault/disk-full');
  expect(readSetting(vault, 'act', z.number())).toBeNull();
  vault.db.pragma('max_page_count = 1000000');
  expect(act()).toBeUndefined();
  expect(audit.verify()).toMatchObject({ ok: true, entries: 21 });
});

describe('checkpoints', () => {
  test('are made at stop, and before the first entry that comes a minute after one not covered', async () => {
    const clock = testClock();
    const vault = await throwaway(clock);
    const audit = openAuditLog(vault, { clock });
    audit.append(EVENT);
    clock.advance(59_000);
    audit.append(EVENT);
    expect(audit.verify().checkpoints).toBe(0);
    clock.advance(1000);
    audit.append(EVENT);
    expect(audit.verify()).toMatchObject({ ok: true, checkpoints: 1 });
    audit.close();
    const again = openAuditLog(vault, { clock });
    expect(again.verify()).toMatchObject({ ok: true, checkpoints: 2 });
    again.close();
    const third = openAuditLog(vault, { clock });
    expect(third.verify().checkpoints).toBe(2); // nothing happened, nothing to state
    third.close();
  });

  test('are made by themselves within a minute of the last activity', async () => {
    vi.useFakeTimers();
    try {
      const vault = await throwaway();
      const audit = openAuditLog(vault, { clock: systemClock });
      audit.append(EVENT);
      vi.advanceTimersByTime(60_000);
      expect(audit.verify().checkpoints).toBe(1);
      vi.advanceTimersByTime(600_000);
      expect(audit.verify().checkpoints).toBe(1);
      audit.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a clock', () => {
  test('that was set back is an entry of its own, and a notice of the verification', async () => {
    const { audit, clock } = await filledLog();
    clock.advance(-3_600_000);
    audit.append(EVENT);
    clock.advance(5000);
    audit.append(EVENT);
    const codes = entriesOf(audit).map((json) => JSON.parse(json).metadata.event_code);
    expect(codes.slice(20)).toEqual(['clock.change', 'tool.call', 'tool.call']);
    const verification = audit.verify();
    expect(verification).toMatchObject({ ok: true, notices: [{ seq: 20, code: 'audit/clock-set-back' }] });
  });

  test('that trembles does not date an entry before the one it follows', async () => {
    const { audit, clock } = await filledLog();
    const last = audit.append(EVENT).at;
    clock.advance(-300);
    expect(audit.append(EVENT).at).toBe(last);
    expect(audit.verify()).toMatchObject({ ok: true, notices: [] });
  });
});
