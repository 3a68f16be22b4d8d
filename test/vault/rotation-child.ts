/** Changes keys again and again while it writes, telling what is acknowledged, until it is killed. */
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { changeKeySource, openVault, rotateDatabaseKey } from '../../main/vault/index.ts';

const [, , folder = '', ...files] = process.argv;
const paths = pathsIn(folder);
const sources = files.map((file) => ({ kind: 'credential', file }) as const);
const [first, second] = sources;
if (first === undefined || second === undefined) throw new Error('two credential files are needed');
let present = first;
const vault = await openVault(paths, present, { clock: systemClock, log: silentLog }).catch(() => {
  present = second;
  return openVault(paths, present, { clock: systemClock, log: silentLog });
});
for (let i = 0; ; i += 1) {
  vault.secret(`written/${process.pid}/${i}`, () => Buffer.alloc(20_000, i));
  process.stdout.write(`${process.pid}/${i}\n`);
  if (i % 2 === 0) await rotateDatabaseKey(vault, paths, present);
  else {
    const next = present === first ? second : first;
    await changeKeySource(vault, paths, present, next);
    present = next;
  }
}
