import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { openRecords } from '../../main/records/index.ts';
import { createVault, makeRecoveryKey, openVault, verifyBackup } from '../../main/vault/index.ts';
import { credential, dataFolder, ports } from '../vault/support.ts';

const child = join(import.meta.dirname, 'everything-child.ts');
const KILLS = 200;
const LOOK_EVERY = 10;
/** A life is as long as so many things take to be acknowledged, whatever the speed of the machine: a round and a half. */
const MOST_LINES = 9;

interface Acknowledged {
  readonly turns: Set<string>;
  readonly held: Set<string>;
  readonly gone: Set<string>;
  readonly backups: Set<string>;
  /** Was under way: may have come to pass or not. */
  readonly unsure: Set<string>;
}

test(`killed ${KILLS} times in the middle of all that a vault is used for, it keeps what it acknowledged and nothing half`, async () => {
  const paths = dataFolder();
  const source = credential();
  const { publicKey, privateKey } = await makeRecoveryKey();
  (await createVault(paths, source, ports)).close();
  const into = join(dirname(paths.data), 'disk');
  const scratch = join(dirname(paths.data), 'scratch');
  for (const folder of [into, scratch]) mkdirSync(folder);
  const keyFile = join(into, 'recovery.json');
  writeFileSync(keyFile, JSON.stringify(publicKey));
  const told: Acknowledged = {
    turns: new Set(),
    held: new Set(),
    gone: new Set(),
    backups: new Set(),
    unsure: new Set(),
  };
  let verified = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const running = spawn(process.execPath, [child, paths.data, source.file, into, keyFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    const life = 1 + Math.floor(Math.random() * MOST_LINES);
    running.stdout.on('data', (bytes) => {
      out += String(bytes);
      if (out.split('\n').length > life) setTimeout(() => running.kill('SIGKILL'), Math.random() * 30);
    });
    await once(running, 'close');
    note(out.split('\n').slice(0, -1), told);
    if (kill % LOOK_EVERY === 0) await look();
  }
  expect(verified).toBeGreaterThan(0);
  expect(told.gone.size).toBeGreaterThan(KILLS / 2);

  async function look(): Promise<void> {
    const vault = await openVault(paths, source, ports);
    const audit = openAuditLog(vault, ports);
    const records = openRecords(vault, audit, ports);
    records.closeAbandoned(Date.now());
    const kept = new Map<string, number>();
    for (const { id, endedAt } of records.list({ memberId: 'eve' }, { limit: 500 })) {
      const { turns } = records.read({ memberId: 'eve' }, id); // opens every word
      kept.set(id, turns.length);
      expect(endedAt).not.toBeNull();
      expect(turns.map(({ text }) => text)).toEqual(turns.map((_, i) => `${id} turn ${i + 1}`));
      for (const { segments } of records.listen({ memberId: 'eve', reason: 'test' }, id))
        expect(segments.every(({ sound }) => sound.length > 0)).toBe(true);
    }
    const sounds = vault.db
      .prepare<[], { id: string; count: number }>(
        'SELECT conversation_id AS id, count(*) AS count FROM recordings GROUP BY 1',
      )
      .all();
    const heard = new Map(sounds.map(({ id, count }) => [id, count]));
    const lost = (id: string) => !told.gone.has(id) && !told.unsure.has(id);
    expect([...told.held].filter((id) => lost(id) && kept.get(id) !== 3)).toEqual([]);
    expect([...told.held].filter((id) => lost(id) && heard.get(id) !== 3)).toEqual([]);
    expect(
      [...told.turns].filter((line) => {
        const [id = '', turn] = line.split(' ');
        return lost(id) && (kept.get(id) ?? 0) < Number(turn);
      }),
    ).toEqual([]);
    expect([...told.gone].filter((id) => kept.has(id))).toEqual([]);
    expect(audit.verify().problems).toEqual([]);
    expect(vault.db.pragma('integrity_check', { simple: true })).toBe('ok');
    audit.close();
    vault.close();
    for (const from of told.backups) await verifyBackup({ from, recoveryKey: privateKey }, scratch);
    verified += told.backups.size;
    told.backups.clear();
  }
}, 600_000);

function note(lines: readonly string[], told: Acknowledged): void {
  for (const line of lines) {
    const [what = '', ...rest] = line.split(' ');
    const about = rest.join(' ');
    if (what === 'turn') told.turns.add(about);
    else if (what === 'held') told.held.add(about);
    else if (what === 'erasing') told.unsure.add(about);
    else if (what === 'backup') told.backups.add(about);
    else if (what === 'erased' || what === 'swept') told.gone.add(about);
  }
}
