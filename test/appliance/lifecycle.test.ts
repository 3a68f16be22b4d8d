import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../main/api/index.ts';
import { eventually } from '../support/eventually.ts';
import {
  ADMIN,
  auditCommand,
  newDataFolder,
  type RunningAppliance,
  SITE_NAME,
  setUpRunning,
  startRunning,
  VAULT_PASSPHRASE,
} from '../support/running-appliance.ts';

let folder: ReturnType<typeof newDataFolder>;
let appliance: RunningAppliance;
beforeEach(async () => {
  folder = newDataFolder();
  appliance = await startRunning(folder.data);
});
afterEach(async () => {
  await appliance.kill();
  folder.remove();
});

const setUp = {
  siteName: SITE_NAME,
  admin: ADMIN,
  deskId: 'bank-branch',
  key: { kind: 'passphrase', passphrase: VAULT_PASSPHRASE },
} as const;

async function phase(client: Client): Promise<string> {
  return (await client.call('system.status', {})).phase;
}

/** Every process that descends from this one. */
function descendants(pid: number): readonly number[] {
  const pairs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const under = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...under(child)]);
  return under(pid);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the command's name, which may hold anything: state, parent.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return -1;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A typed conversation, up to the agent's answer to one question. */
async function converse(client: Client): Promise<string> {
  const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
  const answered = (async () => {
    for await (const event of client.listen('conversation.events', { conversationId }))
      if (event.type === 'reply' && event.text.includes('open')) return;
  })();
  await client.call('conversation.type', { conversationId, text: 'what are your hours' });
  await answered;
  return conversationId;
}

describe('set-up', () => {
  it('that is refused leaves nothing behind, and a good one is done once', async () => {
    const client = await appliance.connect();
    expect(await phase(client)).toBe('setup');
    const weak = { ...setUp, admin: { ...ADMIN, passphrase: 'password password' } };
    await expect(client.call('setup.complete', weak)).rejects.toMatchObject({
      code: expect.stringMatching(/^identity\//),
    });
    const nowhere = { ...setUp, deskId: 'no-such-desk' };
    await expect(client.call('setup.complete', nowhere)).rejects.toMatchObject({ code: 'desk/not-found' });
    const noKeychain = { ...setUp, key: { kind: 'keychain' } } as const;
    await expect(client.call('setup.complete', noKeychain)).rejects.toMatchObject({
      code: 'vault/keychain-unavailable',
    });
    expect(readdirSync(folder.data).filter((name) => /vault|sotto\.db/.test(name))).toEqual([]);
    expect(await phase(client)).toBe('setup');

    await client.call('setup.complete', setUp);
    expect(await client.call('system.status', {})).toMatchObject({ phase: 'ready', siteName: SITE_NAME });
    await expect(client.call('setup.complete', setUp)).rejects.toMatchObject({ code: 'setup/already-done' });
    client.close();
  });
});

describe('a restart', () => {
  it('locks the vault until its passphrase is given, and no other', async () => {
    (await setUpRunning(appliance)).close();
    const children = descendants(appliance.pid);
    expect(children.length).toBeGreaterThanOrEqual(4);
    expect(await appliance.stop()).toBe(0);
    expect(children.filter(alive)).toEqual([]);

    appliance = await startRunning(folder.data);
    const client = await appliance.connect();
    expect(await phase(client)).toBe('locked');
    await expect(client.call('setup.complete', setUp)).rejects.toMatchObject({ code: 'setup/already-done' });
    const credentials = { username: ADMIN.username, passphrase: ADMIN.passphrase };
    await expect(client.call('session.signIn', credentials)).rejects.toMatchObject({ code: 'vault/locked' });
    await expect(client.call('vault.unlock', { passphrase: ADMIN.passphrase })).rejects.toMatchObject({
      code: 'vault/wrong-key',
    });
    expect(await phase(client)).toBe('locked');
    await client.call('vault.unlock', { passphrase: VAULT_PASSPHRASE });
    expect(await phase(client)).toBe('ready');
    expect(await client.call('session.signIn', credentials)).toMatchObject({
      member: { username: ADMIN.username, roles: ['admin'] },
    });
    client.close();
  });

  it('after kill -9 closes what was abandoned, and the log is whole', async () => {
    const client = await setUpRunning(appliance);
    const conversationId = await converse(client);
    const children = descendants(appliance.pid);
    await appliance.kill();
    // Engines and tool servers see that their appliance is gone, and go as well.
    await eventually(() => expect(children.filter(alive)).toEqual([]), 5_000);
    expect(existsSync(join(folder.data, 'sotto.db'))).toBe(true);

    appliance = await startRunning(folder.data);
    const again = await appliance.connect();
    await again.call('vault.unlock', { passphrase: VAULT_PASSPHRASE });
    await again.call('session.signIn', { username: ADMIN.username, passphrase: ADMIN.passphrase });
    expect(await again.call('records.list', { limit: 10, before: null })).toMatchObject([
      { id: conversationId, carrier: 'typed', endedAt: expect.any(Number), endReason: expect.any(String) },
    ]);
    expect(await again.call('audit.verify', {})).toMatchObject({ ok: true, problems: [] });
    again.close();
    expect(await appliance.stop()).toBe(0);
    expect(JSON.parse(await auditCommand(folder.data, 'verify'))).toMatchObject({ ok: true, problems: [] });
    const log = (await auditCommand(folder.data, 'recent')).trim().split('\n');
    const ofIt = log.filter((line) => line.includes(conversationId)).join('\n');
    expect(ofIt).toContain('conversation.start');
    expect(ofIt).toContain('conversation.end');
  });
});
