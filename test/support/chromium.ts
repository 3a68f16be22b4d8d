/** The machine's own Chromium, and nothing in it that calls home. */
export const CHROMIUM: string = process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium';

/** A microphone that is allowed without asking; without a sandbox where the tests run as root. */
export const CHROMIUM_ARGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
