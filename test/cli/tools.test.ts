import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { credential } from '../vault/support.ts';
import { sotto } from './sotto.ts';

test('stop works beside a Sotto that holds the vault; list and allow open it; all of it is in the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-cli-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = pathsIn(folder);
  const key = credential();
  const ports = { clock: systemClock, log: silentLog };
  const held = await createVault(paths, key, ports);
  const at = ['--data', folder];
  const opening = [...at, '--credential', key.file];
  expect(await sotto(['tool', 'stop', 'risk:money', ...at])).toMatchObject({
    code: 0,
    out: 'Stopped: risk money.\n',
  });
  expect(await sotto(['tool', 'stop', 'risk:monye', ...at])).toMatchObject({ code: 2 });
  expect(await sotto(['tool', 'allow', 'risk:money', ...opening])).toMatchObject({ code: 3 });
  held.close();

  const listed = await sotto(['tool', 'list', '--json', ...opening]);
  expect(JSON.parse(listed.out)).toMatchObject({ target: { scope: 'risk', name: 'money' }, by: 'system' });
  expect(existsSync(join(folder, 'stops')) ? readdirSync(join(folder, 'stops')) : []).toEqual([]);
  expect((await sotto(['tool', 'allow', 'risk:money', ...opening])).out).toBe('Allowed again: risk money.\n');
  expect(await sotto(['tool', 'allow', 'risk:money', ...opening])).toMatchObject({
    code: 1,
    err: expect.stringContaining('not stopped'),
  });
  expect((await sotto(['tool', 'list', ...opening])).out).toBe('Nothing is stopped.\n');
  const vault = await openVault(paths, key, ports);
  onTestFinished(() => vault.close());
  const audit = openAuditLog(vault, { clock: systemClock });
  onTestFinished(() => audit.close());
  const acts = audit
    .recent(10)
    .map(({ json }) => (JSON.parse(json) as { activity_name: string }).activity_name);
  expect(acts).toEqual(expect.arrayContaining(['tool.allow', 'tool.stop']));
});
