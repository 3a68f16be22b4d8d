import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

interface Result {
  readonly file: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly messages: readonly string[];
}
interface Counting {
  vitestResults(file: string): Result[] | null;
  tally(
    results: Result[] | null,
    run: { ok: boolean; haveData: boolean },
  ): { passed: number; failed: string[]; skipped: { file: string; reason: string }[] };
}

const { vitestResults, tally }: Counting = await import(resolve('test/run-results.mjs'));
const folder = mkdtempSync(join(tmpdir(), 'sotto-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a run of vitest with every kind of outcome', () => {
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/setup/fixtures/vitest.config.mjs'],
    { env: { ...process.env, REPORT: report }, timeout: 60_000 },
  );
  const results = vitestResults(report);

  it('counts skipped without a reason, and files that break, as failed', () => {
    expect(status).toBe(1);
    const { passed, failed, skipped } = tally(results, { ok: false, haveData: true });
    expect(passed).toBe(1);
    expect(failed.sort()).toEqual([
      'broken.fixture.ts',
      'mixed.fixture.ts > a suite whose preparation lacks data',
      'mixed.fixture.ts > fails',
      'mixed.fixture.ts > lacks data',
      'mixed.fixture.ts > says nothing (skipped without a reason)',
    ]);
    expect(skipped.map(({ reason }) => reason)).toContain('needs a sound card');
  });

  it('counts as skipped what lacks the evaluation data, where the machine has none', () => {
    const { passed, failed, skipped } = tally(results, { ok: false, haveData: false });
    expect(passed).toBe(1);
    expect(failed).toHaveLength(3);
    expect(skipped.filter(({ reason }) => reason.startsWith('for want of the evaluation data'))).toHaveLength(
      3,
    );
  });
});

it('fails without a report, without a test, and when the runner fails on its own', () => {
  const run = { ok: true, haveData: true };
  expect(tally(vitestResults(join(folder, 'missing.json')), run).failed).toHaveLength(1);
  expect(tally([], run).failed).toHaveLength(1);
  const passed: Result = { file: 'a', name: 'b', state: 'passed', messages: [] };
  expect(tally([passed], run).failed).toEqual([]);
  expect(tally([passed], { ...run, ok: false }).failed).toHaveLength(1);
});
