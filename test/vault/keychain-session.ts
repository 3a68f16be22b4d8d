/** A desktop session of its own, with GNOME Keyring as its keychain. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Line of a session's script: starts the keyring, unlocked. */
export const DAEMON = 'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';

/** Where a session's keyring has its files; goes with the test. */
export function homeFolder(): string {
  const home = mkdtempSync(join(tmpdir(), 'sotto-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Runs the lines of a script in a session; what it prints, read as lines of JSON. */
export function session(
  home: string,
  script: readonly string[],
  more: Readonly<Record<string, string>> = {},
): readonly unknown[] {
  const { stdout } = spawnSync('dbus-run-session', ['--', 'bash', '-c', script.join('\n')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      XDG_DATA_HOME: join(home, 'share'),
      XDG_RUNTIME_DIR: home,
      ...more,
    },
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
