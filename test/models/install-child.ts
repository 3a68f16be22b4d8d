/** Installs a pack in a vault under a passphrase, and is killed while it does. */
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openModels } from '../../main/models/index.ts';
import { openVault } from '../../main/vault/index.ts';

const [data = '', passphrase = '', pack = ''] = process.argv.slice(2);
const paths = pathsIn(data);
const vault = await openVault(
  paths,
  { kind: 'passphrase', passphrase },
  { clock: systemClock, log: silentLog },
);
const audit = openAuditLog(vault, { clock: systemClock });
const models = await openModels({ vault, audit, clock: systemClock, paths });
process.stdout.write('begin\n');
await models.install(pack, { actor: 'system' });
process.stdout.write('done\n');
audit.close();
vault.close();
