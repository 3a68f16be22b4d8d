import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './test/run-vitest-reporter.mjs';

/** Set by test/run.mjs: where it expects every test's result. */
const report = process.env.SOTTO_VITEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', new ResultsReporter(report)],
  },
});
