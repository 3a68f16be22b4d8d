/**
 * Uses a vault for all that it is used for, on a disk that gets full at one moment after the other, and tells how each use
 * ended and what was lost by it, as lines of JSON. Arguments: a small disk of its own, a credential file, which uses.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../main/audit/index.ts';
import { codeOf, newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openRecords, openRetention } from '../../main/records/index.ts';
import {
  backUp,
  changeKeySource,
  createVault,
  makeRecoveryKey,
  openVault,
  renewKeyring,
  restoreBackup,
  rotateDatabaseKey,
  verifyBackup,
} from '../../main/vault/index.ts';

const [disk = '', file = '', ...wanted] = process.argv.slice(2);
/** How many kilobytes are left when a use begins. */
const LEFT_KB = [0, 4, 36, 300];
const clock = systemClock;
const ports = { clock, log: silentLog };
const paths = pathsIn(join(disk, 'data'));
const source = { kind: 'credential', file } as const;
const { publicKey: recoveryKey, privateKey } = await makeRecoveryKey();
const into = join(disk, 'usb');
const ballast = join(disk, 'ballast');
mkdirSync(into);

async function openAll() {
  const vault = await openVault(paths, source, ports);
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  return { vault, audit, records, retention: openRetention(vault, audit, { clock }) };
}
type Site = Awaited<ReturnType<typeof openAll>>;

/** Ids of conversations that were begun, with the turns of each that were acknowledged. */
const acknowledged = new Map<string, number>();

/** A conversation of a year ago. */
function converse({ records }: Site, turns: number): string {
  const id = newId();
  const startedAt = clock.now() - 400 * 86_400_000;
  const about = { deskId: 'd', packHash: 'h', memberId: 'ada', carrier: 'device' } as const;
  const writer = records.begin({ id, startedAt, ...about });
  acknowledged.set(id, 0);
  const recorder = writer.record('person', 16_000);
  for (let turn = 1; turn <= turns; turn += 1) {
    const said = { turn, speaker: 'person', at: startedAt, text: `${id} ${turn}`, flow: null } as const;
    writer.turn({ ...said, confidence: 1, interrupted: false });
    acknowledged.set(id, turn);
    recorder.write(new Float32Array(16_000).fill(0.1));
  }
  recorder.close();
  writer.end('finished', startedAt + 1);
  return id;
}

const uses: Readonly<Record<string, (site: Site) => unknown>> = {
  converse: (site) => converse(site, 40),
  sweep: async (site) => {
    await site.retention.sweep('system');
    acknowledged.clear();
  },
  erase: ({ records, retention }) => {
    const [id = ''] = acknowledged.keys();
    const subject = records.putUnder(id, { kind: 'customer', value: id });
    // One that was written down before the disk was full waits for its second person.
    const waiting = retention.erasure
      .list()
      .find((one) => one.subjectId === subject && one.state === 'requested');
    retention.erasure.confirm((waiting ?? retention.erasure.request(subject, 'eve')).id, 'ida');
    acknowledged.delete(id);
  },
  rotate: ({ vault }) => rotateDatabaseKey(vault, paths, source),
  changeKey: ({ vault }) => changeKeySource(vault, paths, source, source),
  backup: ({ vault }) => backUp(vault, { into, recoveryKey, clock }),
  keyring: ({ vault }) => renewKeyring(vault, { into, recoveryKey, clock }),
  export: ({ audit }) => audit.export({ out: join(disk, newId()), actor: 'system', via: 'test' }),
  checkpoint: ({ audit }) => audit.checkpoint(),
  restore: async () => {
    const [name = ''] = backups();
    const elsewhere = pathsIn(join(disk, newId()));
    await restoreBackup(elsewhere, { from: join(into, name), recoveryKey: privateKey, source, clock });
  },
  create: async () => (await createVault(pathsIn(join(disk, newId())), source, ports)).close(),
};

function fillBut(kilobytes: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - kilobytes * 1024)));
}

/** What must hold after every use, whether it was refused or not. */
async function wrongWith(site: Site): Promise<readonly string[]> {
  const wrong: string[] = [];
  if (!site.audit.verify().ok) wrong.push('the log does not verify');
  for (const [id, turns] of acknowledged) {
    const read = site.records.read({ memberId: 'ada', reason: 'test' }, id);
    if (read === null || read.turns.length < turns) wrong.push(`a turn was lost of ${id}`);
  }
  return wrong;
}

/** The code with which something ended; `ok` when it did not throw. */
async function endOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'ok';
  } catch (error) {
    if (codeOf(error) === 'internal') console.error(error);
    return codeOf(error);
  }
}

/** Backups that do not open, and names that only half-written things have. */
async function leftBehind(): Promise<readonly string[]> {
  const half = readdirSync(disk, { recursive: true })
    .map(String)
    .filter((name) => /\.(new|partial)$|\.unfinished/.test(name));
  for (const name of backups())
    if ((await endOf(() => verifyBackup({ from: join(into, name), recoveryKey: privateKey }, disk))) !== 'ok')
      half.push(name);
  return half;
}

function backups(): readonly string[] {
  return readdirSync(into).filter((name) => name.startsWith('sotto-'));
}

async function tryOut(use: string, leftKb: number): Promise<void> {
  if (!existsSync(paths.database)) (await createVault(paths, source, ports)).close();
  let site = await openAll();
  while (acknowledged.size < 3) converse(site, 3);
  await uses.backup?.(site);
  fillBut(leftKb);
  const code = await endOf(() => uses[use]?.(site));
  // Still full: it closes, and opens again or says why not.
  const closed = await endOf(() => site.audit.close());
  site.vault.close();
  const reopened = await endOf(async () => (await openVault(paths, source, ports)).close());
  rmSync(ballast);
  // There is room again.
  site = await openAll();
  const wrong = [...(await wrongWith(site)), ...(await leftBehind())];
  const again = await endOf(() => uses[use]?.(site));
  wrong.push(...(await wrongWith(site)));
  site.audit.close();
  site.vault.close();
  console.log(JSON.stringify({ use, leftKb, code, closed, reopened, again, wrong }));
  for (const name of readdirSync(disk))
    if (name !== 'data' && name !== 'usb') rmSync(join(disk, name), { recursive: true });
  for (const name of readdirSync(into)) rmSync(join(into, name), { recursive: true });
}

for (const use of wanted) for (const leftKb of LEFT_KB) await tryOut(use, leftKb);
