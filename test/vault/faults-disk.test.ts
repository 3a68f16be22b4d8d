import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createVault, openVault } from '../../main/vault/index.ts';
import { credential, dataFolder, filesIn, ports } from './support.ts';

const child = (name: string) => join(import.meta.dirname, name);

/** Runs a script where a disk of its own, of so many megabytes, is mounted at `$DISK`; its output, as lines of JSON. */
async function onOwnDisk(
  megabytes: number,
  script: string,
  args: readonly string[],
): Promise<readonly unknown[]> {
  const disk = mkdtempSync(join(tmpdir(), 'sotto-disk-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  // Root needs no user namespace, which a chroot would refuse it.
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const mounted = `mount -t tmpfs -o size=${megabytes}m none "$DISK" && ${script}`;
  const run = spawn('unshare', [...asRoot, '--mount', 'sh', '-c', mounted, 'sh', ...args], {
    env: { ...process.env, DISK: disk, NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, complaints] = await Promise.all([text(run.stdout), text(run.stderr)]);
  expect(complaints, 'unshare and mount must be allowed to this user').toBe('');
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const outcomes = z.array(
  z.object({
    use: z.string(),
    leftKb: z.number(),
    code: z.string(),
    closed: z.string(),
    reopened: z.string(),
    again: z.string(),
    wrong: z.array(z.string()),
  }),
);

describe('on a disk that gets full', () => {
  const groups: readonly (readonly string[])[] = [
    ['converse', 'sweep', 'erase'],
    ['rotate', 'changeKey', 'checkpoint', 'create'],
    ['backup', 'keyring', 'restore', 'export'],
  ];
  test.each(groups)(
    '%s, …: told, nothing acknowledged is lost, nothing half is left, and it works once there is room',
    async (...uses) => {
      const file = credential().file;
      const script = `exec "$NODE" ${JSON.stringify(child('full-disk-child.ts'))} "$DISK" "$@"`;
      const raw = await onOwnDisk(64, script, [file, ...uses]);
      const told = outcomes.parse(raw);
      expect(told).toHaveLength(uses.length * 4);
      const full = ['vault/disk-full', 'audit/export-failed'];
      for (const outcome of told) {
        expect(['ok', ...full], JSON.stringify(outcome)).toContain(outcome.code);
        expect(['ok', 'vault/disk-full']).toContain(outcome.closed);
        expect(outcome, JSON.stringify(outcome)).toMatchObject({ reopened: 'ok', again: 'ok', wrong: [] });
      }
      // The disk was full in the middle of each of them. A checkpoint that is there already takes no room.
      for (const use of uses)
        if (use !== 'checkpoint')
          expect(
            told.filter((one) => one.use === use && full.includes(one.code)),
            use,
          ).not.toEqual([]);
    },
  );
});

test('a file that must not grow (RLIMIT_FSIZE) is told as a disk that fails, and what was acknowledged is there', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'sotto-limit-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  const [paths, source] = [dataFolder(), credential()];
  (await createVault(paths, source, ports)).close();
  const given = ['--fsize=400000', process.execPath, child('limited-child.ts'), paths.data, source.file];
  const { stdout, status } = spawnSync('prlimit', given, { encoding: 'utf8' });
  expect(status).toBe(0);
  const { code, settings } = z.object({ code: z.string(), settings: z.int() }).parse(JSON.parse(stdout));
  expect(code).toBe('vault/disk-failed');
  expect(settings).toBeGreaterThan(10);
  const vault = await openVault(paths, source, ports);
  expect(vault.db.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(settings);
  expect(vault.db.pragma('integrity_check', { simple: true })).toBe('ok');
  vault.close();
});

test('a data folder on a read-only disk is told as that, and nothing in it is touched', async () => {
  const [paths, source] = [dataFolder(), credential()];
  (await createVault(paths, source, ports)).close();
  const before = filesIn(paths.data);
  const script = `cp -a ${JSON.stringify(paths.data)}/. "$DISK" && mount -o remount,ro "$DISK" && exec "$NODE" ${JSON.stringify(child('read-only-child.ts'))} "$DISK" "$@"`;
  const [told] = await onOwnDisk(16, script, [source.file]);
  expect(told).toEqual({
    open: 'vault/read-only',
    create: 'vault/read-only',
    changeKey: 'vault/read-only',
    backup: 'vault/read-only',
    keyring: 'vault/read-only',
    export: 'audit/export-failed',
  });
  expect(filesIn(paths.data)).toEqual(before);
});
