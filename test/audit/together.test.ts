import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openAuditLog } from '../../main/audit/index.ts';
import { systemClock } from '../../main/base/index.ts';
import { createVault, openVault, readSetting, writeSetting } from '../../main/vault/index.ts';
import { credential, dataFolder, ports, refusal } from '../vault/support.ts';
import { EVENT, filledLog, longLog } from './support.ts';

describe('acts recorded together', () => {
  test('are acknowledged only once they are durable, all with one commit', async () => {
    const { vault, audit } = await longLog(0);
    const durable = () => Number(vault.db.prepare('SELECT count(*) FROM audit_entries').pluck().get());
    const seen: boolean[] = [];
    const acts = Array.from({ length: 100 }, (_, i) =>
      audit
        .recordTogether(EVENT, () => i)
        .then((value) => {
          seen.push(vault.db.inTransaction);
          return value;
        }),
    );
    expect(durable()).toBe(0);
    expect(await Promise.all(acts)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(durable()).toBe(100);
    expect(seen).toEqual(Array.from({ length: 100 }, () => false));
    expect(audit.verify()).toMatchObject({ ok: true, entries: 100 });
  });

  test('are undone each alone when they throw, and the others stand', async () => {
    const { vault, audit } = await filledLog();
    const set = (name: string) => () => writeSetting(vault, name, 1, systemClock);
    const outcomes = await Promise.allSettled([
      audit.recordTogether(EVENT, set('a')),
      audit.recordTogether(EVENT, () => {
        set('b')();
        throw new Error('refused');
      }),
      audit.recordTogether({ ...EVENT, detail: { text: 'x'.repeat(70_000) } }, set('c')),
      audit.recordTogether(EVENT, set('d')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const kept = ['a', 'b', 'c', 'd'].filter((name) => readSetting(vault, name, z.number()) !== null);
    expect(kept).toEqual(['a', 'd']);
    expect(audit.verify()).toMatchObject({ ok: true, entries: 22 });
  });

  test('are all refused when the disk is full, and none of them stands', async () => {
    const { vault, audit } = await filledLog();
    vault.db.pragma(`max_page_count = ${Number(vault.db.pragma('page_count', { simple: true }))}`);
    const big = { ...EVENT, detail: { text: 'x'.repeat(50_000) } };
    const act = (name: string) =>
      refusal(() => audit.recordTogether(big, () => writeSetting(vault, name, 1, systemClock)));
    const codes = await Promise.all(['a', 'b', 'c'].map(act));
    expect(codes).toEqual(['vault/disk-full', 'vault/disk-full', 'vault/disk-full']);
    expect(readSetting(vault, 'a', z.number())).toBeNull();
    vault.db.pragma('max_page_count = 1000000');
    expect(audit.verify()).toMatchObject({ ok: true, entries: 20 });
    expect(await act('b')).toBe('none');
  });

  test('that wait when the log is closed still happen; later ones are refused', async () => {
    const { audit } = await filledLog();
    const waiting = audit.recordTogether(EVENT, () => 'done');
    audit.close();
    expect(await waiting).toBe('done');
    expect(await refusal(() => audit.recordTogether(EVENT, () => 'late'))).toBe('audit/closed');
  });

  test('are all there after the process was killed, as far as they were acknowledged', async () => {
    const [paths, key] = [dataFolder(), credential()];
    (await createVault(paths, key, ports)).close();
    for (let round = 0; round < 3; round += 1) {
      const program = fileURLToPath(new URL('together-child.ts', import.meta.url));
      const child = spawn(process.execPath, [program, paths.data, key.file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let acknowledged = -1;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Number(line);
        if (acknowledged >= 200 + round * 137) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const vault = await openVault(paths, key, ports);
      const audit = openAuditLog(vault, ports);
      expect(readSetting(vault, 'last', z.number())).toBeGreaterThanOrEqual(acknowledged);
      const { ok, entries } = audit.verify();
      expect(ok).toBe(true);
      expect(entries).toBeGreaterThan(acknowledged);
      audit.close();
      vault.close();
    }
  });
});
