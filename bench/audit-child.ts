// Fills, verifies or exports a log, and says how long it took and how much memory it held.
// Arguments: fill|verify|export, data folder, credential file, entries.
import { openAuditLog } from '../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../main/base/index.ts';
import { createVault, openVault } from '../main/vault/index.ts';

const [act, data = '', file = '', entries = '0'] = process.argv.slice(2);
const ports = { clock: systemClock, log: silentLog };
const key = { kind: 'credential', file } as const;
const paths = pathsIn(data);
const vault = act === 'fill' ? await createVault(paths, key, ports) : await openVault(paths, key, ports);
const audit = openAuditLog(vault, ports);
const startedMs = performance.now();
if (act === 'fill')
  for (let left = Number(entries); left > 0; left -= 1000)
    vault.transaction(() => {
      for (let i = 0; i < 1000; i += 1)
        audit.append({
          action: 'tool.call',
          actor: 'conversation:0198f2c1-7000-7000-8000-000000000000',
          target: 'tool:transfer_money',
          outcome: 'success',
          detail: { left: left - i },
        });
    });
else {
  const out = `${data}-export`;
  const verification =
    act === 'verify'
      ? audit.verify()
      : (await audit.export({ out, actor: 'system', via: 'bench' })).verification;
  if (!verification.ok || verification.entries < Number(entries)) throw new Error('the log is not whole');
}
const seconds = (performance.now() - startedMs) / 1000;
audit.close();
vault.close();
process.stdout.write(JSON.stringify({ seconds, mebibytes: process.resourceUsage().maxRSS / 1024 }));
