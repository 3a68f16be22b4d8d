// All checks and tests, one stage after the other whatever the ones before came to, and one closing line:
// `N passed, N failed`. Run: npm test, or npm test -- STAGE… (lint, rooms, types, tests, browser).
// Exits 1 on any failure, and when a stage ran nothing or its report is missing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { haveEvaluationData, oneCheck, playwrightResults, tally, vitestResults } from './run-results.mjs';
import { runStage } from './run-stage.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const MINUTE_MS = 60_000;

/** The temporary folder of everything that runs: what tests leave there, killed or not, goes at the end. */
const scratch = mkdtempSync(join(tmpdir(), 'sotto-test-'));
const vitestReport = join(scratch, 'vitest.json');
const playwrightReport = join(scratch, 'playwright.json');

const STAGES = [
  { name: 'lint', title: 'Format and lint', command: ['biome', 'check', '.'], limitMs: 2 * MINUTE_MS },
  { name: 'rooms', title: 'Direction of imports', command: ['node', 'lint/rooms.mjs'], limitMs: MINUTE_MS },
  { name: 'types', title: 'Types', command: ['tsc', '-p', '.'], limitMs: 2 * MINUTE_MS },
  {
    name: 'tests',
    title: 'Tests',
    command: ['vitest', 'run', '--allowOnly=false'],
    limitMs: 15 * MINUTE_MS,
    results: () => vitestResults(vitestReport),
  },
  {
    name: 'browser',
    title: 'End to end in a browser',
    command: ['playwright', 'test', '--forbid-only'],
    limitMs: 6 * MINUTE_MS,
    results: () => playwrightResults(playwrightReport),
  },
];

/** Everything runs under the Node that package-lock.json brings, and never in this person's own data. */
function stageEnv() {
  const { SOTTO_HOME: _, ...env } = process.env;
  return {
    ...env,
    TMPDIR: scratch,
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
    SOTTO_VITEST_REPORT: vitestReport,
    SOTTO_PLAYWRIGHT_REPORT: playwrightReport,
  };
}

function chosenStages() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    console.error(`There is no stage ${unknown}: ${STAGES.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

const stages = chosenStages();
const outcomes = [];
for (const { name, title, command, limitMs, results } of stages) {
  console.log(`\n── ${title}: ${command.join(' ')}`);
  const { ok, seconds, why } = await runStage(command, { cwd: ROOT, env: stageEnv(), limitMs });
  const counted = tally(results === undefined ? oneCheck(title, ok) : results(), {
    ok,
    haveData: haveEvaluationData,
  });
  outcomes.push({ name, title, seconds, why, ...counted });
}
rmSync(scratch, { recursive: true, force: true });

console.log('\n── Summary');
for (const { title, seconds, passed, failed, skipped, why } of outcomes) {
  const more = [skipped.length > 0 ? `, ${skipped.length} skipped` : '', why === null ? '' : ` (${why})`];
  console.log(`${title}: ${passed} passed, ${failed.length} failed${more.join('')}, ${seconds.toFixed(0)} s`);
}
const failed = outcomes.flatMap((outcome) => outcome.failed);
const skipped = outcomes.flatMap((outcome) => outcome.skipped);
for (const each of failed) console.log(`  failed: ${each}`);
for (const reason of new Set(skipped.map(({ reason }) => reason))) {
  const tests = skipped.filter((each) => each.reason === reason);
  const files = [...new Set(tests.map(({ file }) => file))];
  console.log(`Not run, ${reason}: ${tests.length} in ${files.join(', ')}`);
}
const left = STAGES.filter((stage) => !stages.includes(stage));
if (left.length > 0) console.log(`Stages not asked for: ${left.map(({ name }) => name).join(', ')}`);

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const closing = `${passed} passed, ${failed.length} failed`;
console.log(`\n${skipped.length > 0 ? `${closing}, ${skipped.length} skipped` : closing}`);
process.exitCode = failed.length > 0 ? 1 : 0;
