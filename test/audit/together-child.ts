// Records acts together, a few at a time, and says which was acknowledged last, until it is killed.
// Arguments: data folder, credential file.
import { writeSync } from 'node:fs';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openVault, writeSetting } from '../../main/vault/index.ts';

const [data = '', file = ''] = process.argv.slice(2);
const ports = { clock: systemClock, log: silentLog };
const vault = await openVault(pathsIn(data), { kind: 'credential', file }, ports);
const audit = openAuditLog(vault, ports);
const event = { action: 'tool.call', actor: 'system', outcome: 'success' } as const;
for (let next = 0; ; next += 10) {
  const acts = Array.from({ length: 10 }, (_, i) =>
    audit.recordTogether(event, () => {
      writeSetting(vault, 'last', next + i, systemClock);
      return next + i;
    }),
  );
  writeSync(1, `${(await Promise.all(acts)).at(-1)}\n`);
}
