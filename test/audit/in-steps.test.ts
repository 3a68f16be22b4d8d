/** Verifying a page at a time: it says how far it is, what comes meanwhile is no part of it, and cheats are found. */
import { expect, test } from 'vitest';
import { EVENT, filledLog, tamper } from './support.ts';

test('finds the same as in one go, tells how far it is, and lets others write meanwhile', async () => {
  const { audit } = await filledLog();
  for (let at = 0; at < 600; at += 1) audit.append(EVENT);
  const before = audit.verify();
  const told: (readonly [number, number])[] = [];
  const verified = await audit.verifyInSteps((entries, of) => {
    told.push([entries, of]);
    audit.append(EVENT);
    audit.checkpoint();
  });
  expect(verified).toEqual(before);
  expect(verified.ok).toBe(true);
  expect(told).toEqual([
    [256, 620],
    [512, 620],
    [620, 620],
  ]);
  expect(audit.verify().entries).toBe(623);
});

test('finds an entry that was changed', async () => {
  const { vault, audit } = await filledLog();
  tamper(vault, () =>
    vault.db.exec("UPDATE audit_entries SET json = replace(json, 'hours', 'money') WHERE seq = 7"),
  );
  const verified = await audit.verifyInSteps(() => {});
  expect(verified.ok).toBe(false);
  expect(verified).toEqual(audit.verify());
});

test('stops when nobody waits for it any more', async () => {
  const { audit } = await filledLog();
  const leaving = new AbortController();
  const verifying = audit.verifyInSteps(() => leaving.abort(new Error('left')), leaving.signal);
  await expect(verifying).rejects.toThrow('left');
});
