import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../main/api/contract.ts';
import { type Datum, INVENTORY } from '../../main/appliance/inventory.ts';
import { pathsIn } from '../../main/base/index.ts';
import { openVault } from '../../main/vault/index.ts';
import {
  newDataFolder,
  type RunningAppliance,
  setUpRunning,
  startRunning,
  VAULT_PASSPHRASE,
} from '../support/running-appliance.ts';
import { ports, throwaway } from '../vault/support.ts';
import { dataFlowPage, PAGE } from './write-data-flow.ts';

const HOW =
  'Add it to main/appliance/inventory/ (an entry of its own, or a name in an entry), then run: node test/appliance/write-data-flow.ts';
const data: readonly Datum[] = INVENTORY.flatMap((section) => section.data);
const places = data.flatMap(({ where }) => where);
const tables = places.flatMap((place) => ('table' in place ? [place] : []));
const globs = places.flatMap((place) => ('file' in place ? [place.file] : []));

describe('the inventory names', () => {
  test('every table and column of a new vault, and none that is not there', async () => {
    const { db } = await throwaway();
    const inVault = db
      .prepare<[], string>(
        `SELECT t.name || '.' || c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
         WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all();
    const named = new Set(
      tables.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
    );
    expect(
      inVault.filter((column) => !named.has(column)),
      `columns that are not in the inventory. ${HOW}`,
    ).toEqual([]);
    expect(
      [...named].filter((column) => !inVault.includes(column)),
      'columns that the vault does not have',
    ).toEqual([]);
  });

  test('the roles that the contract lets see it', () => {
    for (const { what, seenBy } of data) {
      if (seenBy.through === undefined) continue;
      const access = Object.entries(contract).find(([name]) => name === seenBy.through)?.[1].access;
      expect(access, `there is no call ${seenBy.through}. ${HOW}`).toBeDefined();
      const roles = typeof access === 'string' ? undefined : access;
      expect(seenBy.roles, `who sees “${what}” (${seenBy.through}). ${HOW}`).toEqual(roles);
    }
  });

  test('what docs/data-flow.md says', () => {
    expect(readFileSync(PAGE, 'utf8'), 'Run: node test/appliance/write-data-flow.ts').toBe(dataFlowPage());
  });
});

describe('a running appliance', () => {
  let folder: ReturnType<typeof newDataFolder>;
  let appliance: RunningAppliance;
  beforeAll(async () => {
    folder = newDataFolder();
    appliance = await startRunning(folder.data);
    const client = await setUpRunning(appliance);
    const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
    const answered = (async () => {
      for await (const event of client.listen('conversation.events', { conversationId }))
        if (event.type === 'toolAnswered') return;
    })();
    await client.call('conversation.type', { conversationId, text: 'are you open on monday' });
    await answered;
  });
  afterAll(async () => {
    await appliance.kill();
    folder.remove();
  });

  const unknown = () =>
    readdirSync(folder.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder.data, join(entry.parentPath, entry.name)))
      .filter((file) => !globs.some((glob) => matchesGlob(file, glob)));

  test('has no file, setting or secret that the inventory does not name', async () => {
    expect(readdirSync(folder.data)).toContain('sotto.db-wal');
    expect(unknown(), `files that are not in the inventory. ${HOW}`).toEqual([]);
    await appliance.stop();
    expect(unknown(), `files that are not in the inventory. ${HOW}`).toEqual([]);

    const source = { kind: 'passphrase', passphrase: VAULT_PASSPHRASE } as const;
    const vault = await openVault(pathsIn(folder.data), source, ports);
    for (const table of ['secrets', 'settings']) {
      const named = tables.flatMap((place) => (place.table === table ? (place.rows ?? []) : []));
      const kept = vault.db.prepare<[], string>(`SELECT name FROM ${table}`).pluck().all();
      expect(kept.length).toBeGreaterThan(0);
      expect(
        kept.filter((name) => !named.includes(name)),
        `rows of ${table} not in the inventory. ${HOW}`,
      ).toEqual([]);
    }
    vault.close();
  });
});
