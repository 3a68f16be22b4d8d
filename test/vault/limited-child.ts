// Writes until it is refused, where files must not grow; tells the code, and how much was acknowledged. Arguments: data folder, credential.
import { codeOf, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openVault, writeSetting } from '../../main/vault/index.ts';

const [data = '', file = ''] = process.argv.slice(2);
const vault = await openVault(
  pathsIn(data),
  { kind: 'credential', file },
  { clock: systemClock, log: silentLog },
);
let settings = 0;
let code = 'ok';
while (code === 'ok')
  try {
    vault.transaction(() => writeSetting(vault, `setting-${settings}`, 'x'.repeat(5000), systemClock));
    settings += 1;
  } catch (error) {
    code = codeOf(error);
  }
vault.close();
console.log(JSON.stringify({ code, settings }));
