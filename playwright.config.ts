import { defineConfig, type ReporterDescription } from '@playwright/test';

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
    launchOptions: {
      executablePath: process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
