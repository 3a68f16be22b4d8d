import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuditVerification, openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import type { PackProblem } from '../../main/dialogue/index.ts';
import { createVault, openVault, type Vault } from '../../main/vault/index.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

const ports = { clock: systemClock, log: silentLog };
const PASSPHRASE = 'seven quiet herons wade at dusk';

describe('sotto desk', () => {
  it('makes a pack that passes its own check', async () => {
    const parent = scratch();
    const made = await sotto(['desk', 'new', 'north-branch', '--in', parent, '--json']);
    const folder = join(parent, 'north-branch');
    expect(jsonLines(made.out)).toEqual([{ folder }]);
    expect(made.code).toBe(0);

    const checked = await sotto(['desk', 'check', folder, '--json']);
    expect(jsonLines(checked.out)).toMatchObject([{ ok: true, desk: { id: 'north-branch' }, problems: [] }]);
    expect(checked.code).toBe(0);

    const again = await sotto(['desk', 'new', 'north-branch', '--in', parent, '--json']);
    expect(jsonLines(again.out)).toMatchObject([{ error: { code: 'desk/exists' } }]);
    expect(again.code).toBe(1);
  });

  it('names file, line and remedy of what is wrong', async () => {
    const parent = scratch();
    await sotto(['desk', 'new', 'north-branch', '--in', parent]);
    const folder = join(parent, 'north-branch');
    const file = join(folder, 'flows', 'leave_message.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('collect: [day, phone]', 'collect: [day, phne]'));
    const line = text.split('\n').findIndex((each) => each.includes('collect:')) + 1;

    const { code, out } = await sotto(['desk', 'check', folder, '--json']);
    const [{ ok, problems } = { ok: true, problems: [] }] = jsonLines<{
      ok: boolean;
      problems: PackProblem[];
    }>(out);
    expect(ok).toBe(false);
    expect(problems).toMatchObject([{ severity: 'error', file: 'flows/leave_message.yaml', line }]);
    expect(problems[0]?.remedy).toContain('phone');
    expect(code).toBe(1);

    const told = await sotto(['desk', 'check', folder]);
    expect(told.out).toContain(`flows/leave_message.yaml:${line}:`);
    expect(told.code).toBe(1);
  });

  it('takes a name that cannot be one for wrong usage', async () => {
    const { code } = await sotto(['desk', 'new', '../escape', '--in', scratch()]);
    expect(code).toBe(2);
  });
});

describe('sotto audit', () => {
  it('verifies the log and leaves an entry that the next look shows', async () => {
    const { data, env } = await site();
    const verified = await sotto(['audit', 'verify', '--data', data, '--json'], { env });
    expect(jsonLines(verified.out)).toMatchObject([{ ok: true, entries: 2, problems: [] }]);
    expect(verified.code).toBe(0);

    const recent = await sotto(['audit', 'recent', '--data', data], { env });
    expect(recent.out.split('\n').map((line) => line.split('  ')[2])).toEqual([
      'appliance.start',
      'appliance.stop',
      'audit.verify',
      undefined,
    ]);
    const json = await sotto(['audit', 'recent', '--limit', '1', '--json'], {
      env: { ...env, SOTTO_HOME: data },
    });
    expect(jsonLines(json.out)).toMatchObject([{ activity_name: 'audit.read', metadata: { sequence: 3 } }]);
  });

  it('tells a log that was changed, and fails', async () => {
    const { data, env } = await site((vault) => {
      const triggers = vault.db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .pluck()
        .all();
      for (const trigger of triggers) vault.db.exec(`DROP TRIGGER ${String(trigger)}`);
      vault.db.exec(`UPDATE audit_entries SET json = replace(json, 'appliance.start', 'appliance.stop')`);
    });
    const { code, out } = await sotto(['audit', 'verify', '--data', data, '--json'], { env });
    const [result] = jsonLines<AuditVerification>(out);
    expect(result?.ok).toBe(false);
    expect(result?.problems.map(({ code: problem }) => problem)).toContain('audit/entry-changed');
    expect(code).toBe(1);
  });

  it('does not take a vault that it cannot open for a log that is not whole', async () => {
    const { data, env } = await site();
    const absent = await sotto(['audit', 'verify', '--data', scratch(), '--json']);
    expect(jsonLines(absent.out)).toMatchObject([{ error: { code: 'vault/absent' } }]);
    expect(absent.code).toBe(3);

    const unasked = await sotto(['audit', 'verify', '--data', data]);
    expect(unasked.err).toMatch(/^sotto: .*passphrase.*\nnext: .*SOTTO_PASSPHRASE_FILE/);
    expect(unasked.code).toBe(3);

    chmodSync(String(env.SOTTO_PASSPHRASE_FILE), 0o644);
    const exposed = await sotto(['audit', 'verify', '--data', data], { env });
    expect(exposed.err).toContain('Others can read the passphrase file.');
    expect(exposed.code).toBe(3);
  });
});

describe('sotto doctor', () => {
  it('says of every part whether it works, and what to do where it does not', async () => {
    const { code, out } = await sotto(['doctor', '--json', '--data', scratch()]);
    const [{ ok, checks } = { ok: false, checks: [] }] = jsonLines<{
      ok: boolean;
      checks: { id: string; name: string; state: string; message: string; remedy: string | null }[];
    }>(out);
    const ids = checks.map(({ id }) => id);
    for (const id of [
      'node',
      'sound-devices',
      'keychain',
      'desk-packs',
      'certificates',
      'clock',
      'disk',
      'swap',
      'vault',
    ])
      expect(ids).toContain(id);
    expect(ids.filter((id) => id.startsWith('speech-'))).toHaveLength(3);
    for (const { state, message, remedy } of checks) {
      expect(message).not.toBe('');
      if (state !== 'ok') expect(remedy).toBeTruthy();
    }
    expect(ok).toBe(!checks.some(({ state }) => state === 'fail'));
    expect(code).toBe(ok ? 0 : 1);
  });

  it('looks at the site too where the vault opens without a question, and says so where it does not', async () => {
    const { data, env } = await site();
    type Told = { checks: { id: string; state: string; message: string }[] };
    const told = async (environment: NodeJS.ProcessEnv) => {
      const { out } = await sotto(['doctor', '--json', '--data', data], { env: environment });
      return jsonLines<Told>(out)[0]?.checks ?? [];
    };
    const seen = await told(env);
    const ids = ['model-packs', 'language-model', 'tool-servers', 'audit-collector', 'backups', 'retention'];
    expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(seen.map(({ id }) => id)).not.toContain('site');
    const unseen = await told({});
    expect(unseen.find(({ id }) => id === 'site')).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('nobody is asked'),
    });
    const held = await openVault(pathsIn(data), { kind: 'passphrase', passphrase: PASSPHRASE }, ports);
    const beside = await told(env);
    held.close();
    expect(beside.find(({ id }) => id === 'site')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('Sotto runs'),
    });
  });
});

/** A data folder under a passphrase with two entries in its log, and where the passphrase stands. */
async function site(
  then: (vault: Vault) => void = () => {},
): Promise<{ data: string; env: NodeJS.ProcessEnv }> {
  const folder = scratch();
  const paths = pathsIn(join(folder, 'data'));
  const file = join(folder, 'passphrase');
  writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 });
  const source = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
  const vault = await createVault(paths, source, ports);
  const log = openAuditLog(vault, { clock: systemClock });
  log.append({ action: 'appliance.start', actor: 'system', outcome: 'success' });
  log.append({ action: 'appliance.stop', actor: 'system', outcome: 'success' });
  log.close();
  vault.close();
  const opened = await openVault(paths, source, ports);
  then(opened);
  opened.close();
  return { data: paths.data, env: { SOTTO_PASSPHRASE_FILE: file } };
}
