// From the runners' reports to counts. A test that did not run counts as failed unless it says why; where the
// evaluation data is not on this machine, what fails for want of it counts as skipped, and is named.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Result
 * @property {string} file
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {string[]} messages what failed, or why it was skipped
 */

/** What test/support/data.ts says. */
const WANT_OF_DATA = 'The evaluation data is not on this machine';

export const haveEvaluationData = existsSync(
  fileURLToPath(new URL('../../shared/data/README.md', import.meta.url)),
);

/**
 * @param {string} name
 * @param {boolean} ok
 * @returns {Result[]}
 */
export function oneCheck(name, ok) {
  return [{ file: name, name: '', state: ok ? 'passed' : 'failed', messages: [] }];
}

/** What test/run-vitest-reporter.mjs wrote; null where it is missing. @returns {Result[] | null} */
export function vitestResults(/** @type {string} */ file) {
  return readJson(file);
}

/** Playwright's own JSON report, flattened; null where it is missing. @returns {Result[] | null} */
export function playwrightResults(/** @type {string} */ file) {
  const report = readJson(file);
  if (report === null) return null;
  const broken = (report.errors ?? []).map(({ message }) => ({
    file: 'test/e2e',
    name: 'before any test',
    state: 'failed',
    messages: [message],
  }));
  return [...broken, ...report.suites.flatMap((suite) => playwrightSuite(suite, []))];
}

function playwrightSuite(suite, outer) {
  const titles = suite.title === suite.file ? outer : [...outer, suite.title];
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({
      file: `test/e2e/${spec.file}`,
      name: [...titles, spec.title].join(' > '),
      ...playwrightState(test),
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => playwrightSuite(inner, titles))];
}

function playwrightState({ status, annotations, results }) {
  if (status === 'expected') return { state: 'passed', messages: [] };
  if (status !== 'skipped') {
    return {
      state: 'failed',
      messages: results.flatMap(({ errors }) => errors.map(({ message }) => message)),
    };
  }
  const whys = annotations
    .filter(({ type }) => type === 'skip')
    .flatMap(({ description }) => description ?? []);
  return { state: 'skipped', messages: whys };
}

function readJson(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {Result[] | null} results null: there is no report
 * @param {{ ok: boolean, haveData: boolean }} run `ok`: the runner's own exit status was 0
 * @returns {{ passed: number, failed: string[], skipped: { file: string, reason: string }[] }}
 */
export function tally(results, { ok, haveData }) {
  if (results === null) return { passed: 0, failed: ['the runner left no report'], skipped: [] };
  if (results.length === 0) return { passed: 0, failed: ['the runner ran no test'], skipped: [] };
  const failed = [];
  const skipped = [];
  for (const result of results) {
    const { file, name, state, messages } = result;
    const label = [file, name].filter((part) => part !== '').join(' > ');
    if (state === 'passed') continue;
    if (!haveData && messages.length > 0 && messages.every((each) => each.includes(WANT_OF_DATA))) {
      skipped.push({ file, reason: 'for want of the evaluation data (../shared/data)' });
    } else if (state === 'failed') failed.push(label);
    else if (messages.length > 0) skipped.push({ file, reason: messages.join('; ') });
    else failed.push(`${label} (skipped without a reason)`);
  }
  const passed = results.filter(({ state }) => state === 'passed').length;
  if (
    passed + skipped.length === results.length &&
    !ok &&
    !skipped.some(({ reason }) => /want of/.test(reason))
  ) {
    failed.push('the runner itself failed');
  }
  return { passed, failed, skipped };
}
