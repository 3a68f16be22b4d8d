/**
 * Does everything that a vault is used for at once, telling each thing once it is acknowledged, until it is killed:
 * holds conversations with recorded sound, sweeps, erases, changes keys and makes backups.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openRecords, openRetention } from '../../main/records/index.ts';
import { backUp, openVault, recoveryPublicKeySchema, rotateDatabaseKey } from '../../main/vault/index.ts';

const [, , folder = '', file = '', into = '', keyFile = ''] = process.argv;
const clock = systemClock;
const paths = pathsIn(folder);
const source = { kind: 'credential', file } as const;
const vault = await openVault(paths, source, { clock, log: silentLog });
const audit = openAuditLog(vault, { clock });
const records = openRecords(vault, audit, { clock });
const retention = openRetention(vault, audit, { clock });
const recoveryKey = recoveryPublicKeySchema.parse(JSON.parse(readFileSync(keyFile, 'utf8')));
const tell = (...words: readonly string[]) => process.stdout.write(`${words.join(' ')}\n`);
records.closeAbandoned(clock.now());
tell('open');

function converse(startedAt: number): string {
  const id = randomUUID();
  const writer = records.begin({
    id,
    deskId: 'd',
    packHash: 'h',
    memberId: 'ada',
    carrier: 'device',
    startedAt,
  });
  const recorder = writer.record('person', 16_000);
  for (let turn = 1; turn <= 3; turn += 1) {
    const said = { turn, speaker: 'person', at: startedAt, text: `${id} turn ${turn}`, flow: null } as const;
    writer.turn({ ...said, confidence: 1, interrupted: false });
    if (startedAt > 1) tell('turn', id, String(turn));
    recorder.write(new Float32Array(16_000).fill(turn / 10));
  }
  recorder.close();
  writer.end('finished', startedAt + 1);
  return id;
}

// Each life begins elsewhere, so that a short one reaches every act.
for (let i = Math.floor(Math.random() * 3); ; i += 1) {
  const id = converse(clock.now());
  tell('held', id);
  const old = converse(1); // long beyond its time
  await retention.sweep('system');
  tell('swept', old);
  if (i % 3 === 0) {
    const subject = records.putUnder(id, { kind: 'customer', value: id });
    tell('erasing', id);
    retention.erasure.confirm(retention.erasure.request(subject, 'eve').id, 'ida');
    tell('erased', id);
  }
  if (i % 3 === 1) await rotateDatabaseKey(vault, paths, source);
  if (i % 3 === 2) tell('backup', (await backUp(vault, { into, recoveryKey, clock })).folder);
}
