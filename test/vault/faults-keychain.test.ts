import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataFolder, filesIn } from './support.ts';

const child = (name: string) => join(import.meta.dirname, name);
const DAEMON = 'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';

/** Runs a script in a desktop session of its own whose keyring lies in `home`; its output, as lines of JSON. */
function session(home: string, script: string): readonly unknown[] {
  const { stdout } = spawnSync('dbus-run-session', ['--', 'bash', '-c', `${DAEMON}\n${script}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      XDG_DATA_HOME: join(home, 'share'),
      XDG_RUNTIME_DIR: home,
    },
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('locked or gone while Sotto runs: what is open goes on, a change of keys is refused, the next start too; then it is back', () => {
  const home = mkdtempSync(join(tmpdir(), 'sotto-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { data } = dataFolder();
  const run = (name: string, ...args: readonly string[]) =>
    [process.execPath, child(name), ...args].map((word) => JSON.stringify(word)).join(' ');

  const [told] = session(home, run('keychain-running-child.ts', data));
  expect(told).toEqual({
    before: { write: 'before', rotate: 'ok' },
    locked: { write: 'locked', rotate: 'vault/keychain-unavailable' },
    gone: { write: 'gone', rotate: 'vault/keychain-unavailable' },
    reopened: 'vault/keychain-unavailable',
  });
  const before = filesIn(data);
  expect(session(home, run('keychain-child.ts', 'open', data))).toEqual([{ answer: expect.any(String) }]);
  expect([...filesIn(data).keys()]).toEqual([...before.keys()]);
});
