import { defineConfig, type ReporterDescription } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from './test/support/chromium.ts';

/** Set by test/run.mjs: where it expects the results. */
const report = process.env.SOTTO_PLAYWRIGHT_REPORT;
const reporters: ReporterDescription[] = [['list']];
if (report !== undefined) reporters.push(['json', { outputFile: report }]);

/**
 * The machine's own Chromium, a microphone that is allowed without asking, and nothing that calls home. One test
 * at a time: each drives a whole appliance with its speech engines.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: reporters,
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    permissions: ['microphone'],
    launchOptions: { executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] },
  },
});
