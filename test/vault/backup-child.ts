/** Backs up again and again while it writes, telling each backup that is acknowledged, until it is killed. */
import { readFileSync } from 'node:fs';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { backUp, openVault, recoveryPublicKeySchema } from '../../main/vault/index.ts';

const [, , folder = '', file = '', into = '', keyFile = ''] = process.argv;
const clock = systemClock;
const vault = await openVault(pathsIn(folder), { kind: 'credential', file }, { clock, log: silentLog });
const recoveryKey = recoveryPublicKeySchema.parse(JSON.parse(readFileSync(keyFile, 'utf8')));
for (let i = 0; ; i += 1) {
  vault.secret(`written/${process.pid}/${i}`, () => Buffer.alloc(50_000, i));
  const made = await backUp(vault, { into, recoveryKey, clock });
  process.stdout.write(`${made.folder}\n`);
}
