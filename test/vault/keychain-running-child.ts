// Holds a vault open under the machine's own keychain while that is locked and then ends; one line of JSON. Argument: data folder.
import { execFileSync } from 'node:child_process';
import { codeOf, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault, openVault, osKeychain, rotateDatabaseKey } from '../../main/vault/index.ts';

const paths = pathsIn(process.argv[2] ?? '');
const source = { kind: 'keychain', keychain: osKeychain() } as const;
const ports = { clock: systemClock, log: silentLog };
const bus = (...args: readonly string[]) =>
  execFileSync('dbus-send', ['--session', '--print-reply', ...args], { encoding: 'utf8' });
const endOf = (act: () => Promise<unknown>) => act().then(() => 'ok', codeOf);

const vault = await createVault(paths, source, ports);
const write = (name: string) => vault.secret(name, () => Buffer.from(name)).toString();
const uses = async (name: string) => ({
  write: write(name),
  rotate: await endOf(() => rotateDatabaseKey(vault, paths, source)),
});

const told: Record<string, unknown> = { before: await uses('before') };
bus(
  '--dest=org.freedesktop.secrets',
  '/org/freedesktop/secrets',
  'org.freedesktop.Secret.Service.Lock',
  'array:objpath:/org/freedesktop/secrets/collection/login',
);
told.locked = await uses('locked');
const pid = /uint32 (\d+)/.exec(
  bus(
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.GetConnectionUnixProcessID',
    'string:org.freedesktop.secrets',
  ),
)?.[1];
process.kill(Number(pid), 'SIGKILL');
// Whatever the bus starts in its place is locked as well.
told.gone = await uses('gone');
vault.close();
told.reopened = await endOf(() => openVault(paths, source, ports));
console.log(JSON.stringify(told));
