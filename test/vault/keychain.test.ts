import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { vaultState } from '../../main/vault/index.ts';
import { DAEMON, homeFolder, session } from './keychain-session.ts';
import { dataFolder } from './support.ts';

const child = join(import.meta.dirname, 'keychain-child.ts');
const LOCK = `dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
  org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null`;

interface Answer {
  readonly answer?: unknown;
  readonly refused?: string;
}

/** Runs steps, one process each, in a desktop session of their own; the keyring's files live in `home`. */
function steps(home: string, data: string, names: readonly string[]): readonly Answer[] {
  const lines = names.map((name) => SHELL[name] ?? `"$NODE" "$CHILD" ${name} "$DATA"`);
  return session(home, lines, { NODE: process.execPath, CHILD: child, DATA: data }) as readonly Answer[];
}
const SHELL: Readonly<Record<string, string>> = { DAEMON, LOCK };

test('the key lives in GNOME Keyring, across sessions; gone or replaced, the vault says so', () => {
  const home = homeFolder();
  const { data } = dataFolder();
  const [available, made, opened] = steps(home, data, ['DAEMON', 'available', 'create', 'open']);
  expect(available).toEqual({ answer: true });
  expect(made?.answer).toMatch(/^\d+$/);
  expect(opened).toEqual(made);
  const [again, , replaced, , gone] = steps(home, data, [
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
  const [, available, opened] = steps(home, data, ['DAEMON', 'create', 'LOCK', 'available', 'open']);
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
