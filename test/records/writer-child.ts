// Writes turns and tool calls as fast as it can and says what was acknowledged, until it is killed.
// Arguments: data folder, credential file, conversation id.
import { writeSync } from 'node:fs';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openRecords } from '../../main/records/index.ts';
import { openVault } from '../../main/vault/index.ts';

const [data = '', file = '', id = ''] = process.argv.slice(2);
const ports = { clock: systemClock, log: silentLog };
const vault = await openVault(pathsIn(data), { kind: 'credential', file }, ports);
const records = openRecords(vault, openAuditLog(vault, ports), ports);
const startedAt = Date.now();
const writer = records.begin({
  id,
  deskId: 'bank',
  packHash: 'h',
  memberId: null,
  carrier: 'wav',
  startedAt,
});
for (let turn = 1; ; turn += 1) {
  const at = Date.now();
  const text = `turn ${turn}`;
  writer.turn({ turn, speaker: 'person', at, text, flow: null, confidence: 1, interrupted: false });
  const call = {
    turn,
    at,
    tool: 'hours',
    risk: 'low',
    approvedBy: null,
    outcome: 'called',
    code: null,
  } as const;
  writer.toolCall({ ...call, proposalId: `p${turn}` });
  writeSync(1, `${turn}\n`);
}
