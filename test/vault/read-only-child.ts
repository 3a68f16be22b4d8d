// Uses a vault whose disk is read-only, and has others written to it; tells each code. Arguments: that folder, a credential.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '../../main/audit/index.ts';
import { codeOf, newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import {
  backUp,
  changeKeySource,
  createVault,
  makeRecoveryKey,
  openVault,
  renewKeyring,
} from '../../main/vault/index.ts';

const [data = '', file = ''] = process.argv.slice(2);
const ports = { clock: systemClock, log: silentLog };
const source = { kind: 'credential', file } as const;
const { publicKey: recoveryKey } = await makeRecoveryKey();
const request = { into: data, recoveryKey, clock: systemClock };
const scratch = mkdtempSync(join(tmpdir(), 'sotto-writable-'));
const endOf = (act: () => Promise<unknown>) => act().then(() => 'ok', codeOf);

const told: Record<string, string> = {};
told.open = await endOf(() => openVault(pathsIn(data), source, ports));
told.create = await endOf(() => createVault(pathsIn(join(data, 'new')), source, ports));
// The same vault where it can be written: what it writes elsewhere is refused there.
cpSync(data, scratch, { recursive: true });
const vault = await openVault(pathsIn(scratch), source, ports);
const audit = openAuditLog(vault, { clock: systemClock });
told.changeKey = await endOf(() => changeKeySource(vault, pathsIn(data), source, source));
told.backup = await endOf(() => backUp(vault, request));
told.keyring = await endOf(() => renewKeyring(vault, request));
told.export = await endOf(() => audit.export({ out: join(data, newId()), actor: 'system', via: 'test' }));
audit.close();
vault.close();
rmSync(scratch, { recursive: true });
console.log(JSON.stringify(told));
