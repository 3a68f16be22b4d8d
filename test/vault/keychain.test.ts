import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { vaultState } from '../../main/vault/index.ts';
import { dataFolder } from './support.ts';

const child = join(import.meta.dirname, 'keychain-child.ts');
const DAEMON = 'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
const LOCK = `dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
  org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null`;

interface Answer {
  readonly answer?: unknown;
  readonly refused?: string;
}

/** Runs steps, one process each, in a desktop session of their own; the keyring's files live in `home`. */
function session(home: string, data: string, lines: readonly string[]): readonly Answer[] {
  const script = lines
    .map((line) => (line in SHELL ? SHELL[line] : `"$NODE" "$CHILD" ${line} "$DATA"`))
    .join('\n');
  const { stdout } = spawnSync('dbus-run-session', ['--', 'bash', '-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      NODE: process.execPath,
      CHILD: child,
      DATA: data,
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
const SHELL: Readonly<Record<string, string>> = { DAEMON, LOCK };

function homeFolder(): string {
  const home = mkdtempSync(join(tmpdir(), 'sotto-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

test('the key lives in GNOME Keyring, across sessions; gone or replaced, the vault says so', () => {
  const home = homeFolder();
  const { data } = dataFolder();
  const [available, made, opened] = session(home, data, ['DAEMON', 'available', 'create', 'open']);
  expect(available).toEqual({ answer: true });
  expect(made?.answer).toMatch(/^\d+$/);
  expect(opened).toEqual(made);
  const [again, , replaced, , gone] = session(home, data, [
    'DAEMON',
    'open',
    'replace',
    'open',
    'forget',
    'open',
  ]);
  expect(again).toEqual(made);
  expect(replaced).toEqual({ refused: 'vault/wrong-key' });
  expect(gone).toEqual({ refused: 'vault/key-missing' });
});

test('a locked keychain is a refusal, not another key and not a new vault', () => {
  const home = homeFolder();
  const { data } = dataFolder();
  const [, available, opened] = session(home, data, ['DAEMON', 'create', 'LOCK', 'available', 'open']);
  expect(available).toEqual({ answer: false });
  expect(opened).toEqual({ refused: 'vault/keychain-unavailable' });
});

test('without a keychain there is no vault, and nothing falls back to the kernel', () => {
  const paths = dataFolder();
  const run = (step: string) => {
    const env = { PATH: process.env.PATH ?? '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
    return JSON.parse(
      spawnSync(process.execPath, [child, step, paths.data], { encoding: 'utf8', env }).stdout,
    );
  };
  expect(run('available')).toEqual({ answer: false });
  expect(run('create')).toEqual({ refused: 'vault/keychain-unavailable' });
  expect(vaultState(paths)).toBe('absent');
  expect(existsSync(paths.database)).toBe(false);
});
