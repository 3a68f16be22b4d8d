// Opens a vault and holds it until it is killed. Arguments: data folder, credential file.
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openVault } from '../../main/vault/index.ts';

const [data = '', file = ''] = process.argv.slice(2);
await openVault(pathsIn(data), { kind: 'credential', file }, { clock: systemClock, log: silentLog });
process.stdout.write('open\n');
setInterval(() => {}, 1000);
