/** docs/auditor-guide.md, taken at its word: every command on it is run as it stands there, and every action is named. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { installRoot, pathsIn, systemClock } from '../../main/base/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { credential, ports } from '../vault/support.ts';
import { EVENT, scratch } from './support.ts';

const GUIDE = readFileSync(join(installRoot, 'docs', 'auditor-guide.md'), 'utf8');
/** The blocks that are for a shell, in their order. */
const blocks = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);

/** A site with a log, and what the guide calls its folders; each block runs in a shell of its own. */
async function site() {
  const folder = scratch();
  const [data, usb, witness] = ['data', 'usb', 'witness'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const place of [usb, witness]) mkdirSync(place);
  const key = credential();
  const vault = await createVault(pathsIn(data), key, ports);
  const audit = openAuditLog(vault, { clock: systemClock });
  for (let i = 0; i < 5; i += 1) audit.append({ ...EVENT, detail: { i } });
  audit.close();
  vault.close();
  const env = {
    ...process.env,
    PATH: [join(installRoot, 'bin'), process.env.PATH].join(delimiter),
    DATA: data,
    USB: usb,
    WITNESS: witness,
    SOTTO_CREDENTIAL_FILE: key.file,
  };
  const run = (commands: string) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', commands], {
      cwd: installRoot,
      env,
      encoding: 'utf8',
    });
    return { status, out: `${stdout}${stderr}` };
  };
  return { run, usb };
}

test('every command on it works as it stands there, and tells when what it looks at was changed', async () => {
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  const { run, usb } = await site();
  for (const block of blocks) {
    const { status, out } = run(block);
    expect(status, `${block}\n${out}`).toBe(0);
  }

  // The same commands on a changed export: those that verify it say no.
  const file = join(usb, 'audit-2026', 'entries.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('hours', 'other'));
  cpSync(join(usb, 'audit-2026'), join(usb, 'audit-newer'), { recursive: true, force: true });
  for (const command of ['sha256sum --check', 'tlog" verify', 'audit witness']) {
    const [block = ''] = blocks.filter((each) => each.includes(command));
    expect(run(block).status, command).not.toBe(0);
  }
}, 60_000);

test('it names every action that can be logged', () => {
  const contract = readFileSync(join(installRoot, 'main', 'audit', 'contract.ts'), 'utf8');
  const actions = [...contract.matchAll(/^ {2}\| '([a-z]+\.[a-zA-Z]+)'/gim)].map(([, action = '']) => action);
  expect(actions.length).toBeGreaterThan(50);
  const unnamed = actions.filter((action) => !GUIDE.includes(`\`${action}\``));
  expect(unnamed, 'Add them to the table “What is logged” of docs/auditor-guide.md.').toEqual([]);
});
