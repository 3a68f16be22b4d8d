// Lives until it is killed. Arguments: `open` (a vault is open in it) or `bare` (none is); data folder.
import { spawn } from 'node:child_process';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault } from '../../main/vault/index.ts';

const [how = '', data = ''] = process.argv.slice(2);
if (how === 'open')
  await createVault(pathsIn(data), { kind: 'ephemeral' }, { clock: systemClock, log: silentLog });
const child = spawn('sleep', ['30'], { stdio: 'ignore' });
process.stdout.write(`${child.pid}\n`);
setInterval(() => {}, 1000);
