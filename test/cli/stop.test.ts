import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openIdentity, type Role } from '../../main/identity/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

const PASSPHRASES = { ada: 'violet harbour kestrel', ben: 'granite meadow lantern' };
let credential = '';

/** A vault under a credential file, with two who may lift and the files of their passphrases. */
async function site() {
  const folder = scratch();
  const data = join(folder, 'data');
  credential = join(folder, 'credential');
  writeFileSync(credential, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  const ports = { clock: systemClock, log: silentLog };
  const vault = await createVault(pathsIn(data), { kind: 'credential', file: credential }, ports);
  const audit = openAuditLog(vault, ports);
  const identity = openIdentity(vault, audit, ports);
  const roles: Record<string, Role[]> = { ada: ['admin'], ben: ['supervisor'] };
  for (const [username, passphrase] of Object.entries(PASSPHRASES)) {
    await identity.createMember(
      { username, displayName: username, passphrase, roles: roles[username] ?? [] },
      'system',
    );
    writeFileSync(join(folder, username), passphrase, { mode: 0o600 });
  }
  audit.close();
  vault.close();
  const env = { SOTTO_CREDENTIAL_FILE: credential };
  return { folder, run: (...args: string[]) => sotto([...args, '--data', data], { env }), data };
}

test('stopping needs no key, lifting two members; it is listed until then and logged', async () => {
  const { folder, run, data } = await site();
  const stopped = await sotto(['stop', '--tool', 'transfer_money', '--data', data]);
  expect(stopped).toMatchObject({ code: 0, out: 'Stopped: tool transfer_money.\n' });
  expect(jsonLines((await run('stop', '--list', '--json')).out)).toMatchObject([
    { target: { scope: 'tool', name: 'transfer_money' }, via: 'command-line', by: 'system' },
  ]);
  const alone = await run('stop', '--lift', '--tool', 'transfer_money', '--as', 'ada');
  expect(alone).toMatchObject({ code: 2 });
  expect(alone.err).toContain('two different members');
  const lift = (second: string) =>
    sotto(['stop', '--lift', '--tool', 'transfer_money', '--as', 'ada', '--as', 'ben', '--data', data], {
      env: {
        SOTTO_CREDENTIAL_FILE: credential,
        SOTTO_MEMBER_PASSPHRASE_FILE: `${join(folder, 'ada')}:${join(folder, second)}`,
      },
    });
  expect((await lift('ada')).err).toContain('The name or the passphrase is wrong');
  expect(await lift('ben')).toMatchObject({ code: 0, out: 'Lifted: tool transfer_money.\n' });
  expect((await run('stop', '--list')).out).toBe('Nothing stands still.\n');
}, 30_000);

test('says what it does not understand', async () => {
  expect(await sotto(['stop'])).toMatchObject({ code: 2 });
  expect(await sotto(['stop', '--all', '--desk', 'bank-branch'])).toMatchObject({ code: 2 });
  expect(await sotto(['stop', '--tool', '../../etc'])).toMatchObject({ code: 2 });
});
