import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Log, silentLog, systemClock } from '../../main/base/index.ts';
import { APPLICATION_ID } from '../../main/vault/database.ts';
import { createVault, openVault, type Vault } from '../../main/vault/index.ts';
import { migrate } from '../../main/vault/migrate.ts';
import { credential, dataFolder, ports, refusal } from './support.ts';

interface Step {
  readonly number: number;
  readonly sql: string;
}
const FOLDER = join(import.meta.dirname, '../../main/vault/migrations');
const FILES = readdirSync(FOLDER).sort();
const STEPS: readonly Step[] = await Promise.all(
  FILES.map(async (file): Promise<Step> => {
    const [step] = Object.values(await import(join(FOLDER, file)));
    return step as Step;
  }),
);

/** Columns that a later version keeps under another name: the old one, and where it went. */
const MOVED: Readonly<Record<string, string>> = { 'turns.text': 'turns.legacy' };

/** The beginning of the SHA-256 of each step that vaults were made with. */
const RELEASED = [
  '37f14798db566c3f',
  '670f91125a96e6e9',
  'b77175edb13c94f0',
  '98af3801b64ad128',
  'eff0dc12462b7b38',
  'ff48fc05eb3fc4b5',
  '88726f59a24556e6',
  '64f528f761f55038',
];

type Db = Vault['db'];
type Row = Readonly<Record<string, unknown>>;
type Content = ReadonlyMap<string, readonly Row[]>;

const tablesOf = (db: Db, types = "'table'") =>
  db
    .prepare<[], string>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN (${types}) AND name NOT LIKE 'sqlite_%'`,
    )
    .pluck()
    .all();

/** Makes an open vault the one that version `number` would have made, with a row in every table. */
function goBackTo({ db }: Vault, number: number): Content {
  const owner = db.prepare<[], Row>('SELECT * FROM vault').get() ?? {};
  db.pragma('foreign_keys = OFF');
  for (const table of tablesOf(db, "'table', 'virtual'")) db.exec(`DROP TABLE "${table}"`);
  return build(db, number, owner);
}

function build(db: Db, number: number, owner: Row): Content {
  db.pragma('foreign_keys = OFF');
  for (const { sql } of STEPS.slice(0, number)) db.exec(sql);
  db.pragma(`user_version = ${number}`);
  db.prepare('INSERT INTO vault (one, id, created_at) VALUES (@one, @id, @created_at)').run(owner);
  for (const table of tablesOf(db))
    if (db.prepare(`SELECT 1 FROM "${table}"`).get() === undefined) insertRow(db, table);
  for (const table of tablesOf(db)) pointAtRows(db, table);
  db.pragma('foreign_keys = ON');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  return contentOf(db);
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

/** One row with something in every column. */
function insertRow(db: Db, table: string): void {
  const sql = String(db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table));
  const columns = db.prepare<[string], Column>('SELECT * FROM pragma_table_info(?)').all(table);
  const values = columns.map(({ name, type }) => {
    const [, allowed] = new RegExp(`CHECK \\(${name} IN \\('([^']+)'`).exec(sql) ?? [];
    if (type === 'TEXT') return allowed ?? 'one';
    return { BLOB: Buffer.alloc(32, 7), REAL: 0.5 }[type] ?? 1;
  });
  const insert = db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`);
  // Where two columns exclude each other, one of those that may be empty is.
  const optional = columns.flatMap(({ notnull, pk }, at) => (notnull === 0 && pk === 0 ? [at] : []));
  const tries = [values, ...optional.map((at) => values.with(at, null as never))];
  let refused: unknown;
  for (const row of tries)
    try {
      insert.run(...row);
      return;
    } catch (error) {
      refused = error;
    }
  throw refused;
}

/** Has every reference of a table name a row that is there. */
function pointAtRows(db: Db, table: string): void {
  const references = db
    .prepare<[string], { table: string; from: string; to: string }>(
      'SELECT * FROM pragma_foreign_key_list(?)',
    )
    .all(table);
  for (const { table: parent, from, to } of references)
    db.exec(`UPDATE "${table}" SET "${from}" = (SELECT "${to}" FROM "${parent}")`);
}

function contentOf(db: Db): Content {
  const rows = (table: string) => db.prepare<[], Row>(`SELECT * FROM "${table}"`).all();
  return new Map(tablesOf(db).map((table) => [table, rows(table)]));
}

/** The values of the old rows that the new ones do not hold. */
function lost(before: Content, after: Content): readonly string[] {
  return [...before].flatMap(([table, rows]) =>
    rows.flatMap((row, at) =>
      Object.entries(row).flatMap(([column, value]) => {
        const [newTable = '', newColumn = ''] = (MOVED[`${table}.${column}`] ?? `${table}.${column}`).split(
          '.',
        );
        const kept = after.get(newTable)?.[at]?.[newColumn];
        return (Buffer.isBuffer(value) && Buffer.isBuffer(kept) && value.equals(kept)) || value === kept
          ? []
          : [`${table}.${column} (now ${String(kept)}; if it was moved on purpose, name it in MOVED)`];
      }),
    ),
  );
}

const schemaOf = ({ db }: Vault) =>
  db
    .prepare<[], { name: string; sql: string | null }>('SELECT name, sql FROM sqlite_schema ORDER BY name')
    .all();

describe('a vault of an earlier version', () => {
  const versions = STEPS.map(({ number }) => number);
  test.each(versions)('number %i, with a row in every table, opens with nothing lost', async (number) => {
    const [paths, source] = [dataFolder(), credential()];
    const old = await createVault(paths, source, ports);
    const fresh = schemaOf(old);
    const before = goBackTo(old, number);
    expect(before.size).toBeGreaterThan(1);
    expect([...before].filter(([, rows]) => rows.length === 0)).toEqual([]);
    old.close();

    const steps: unknown[] = [];
    const log: Log = { ...silentLog, info: (_, detail) => steps.push(detail) };
    const vault = await openVault(paths, source, { clock: systemClock, log });
    expect(steps).toMatchObject([{ migrations: STEPS.length - number }]);
    expect(lost(before, contentOf(vault.db))).toEqual([]);
    expect(schemaOf(vault)).toEqual(fresh);
    expect(vault.db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(vault.db.pragma('foreign_key_check')).toEqual([]);
    vault.close();
  });

  test('that cannot be brought up to date is refused, and left as the last whole step made it', async () => {
    const db = new Database(':memory:');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    const before = build(db, 5, { one: 1, id: 'one', created_at: 1 });
    db.exec('CREATE TABLE turn_places (in_the_way)'); // number 7 makes it, after it has moved the turns
    for (const _again of [1, 2]) {
      expect(await refusal(() => migrate(db))).toBe('vault/migration-failed');
      expect(db.pragma('user_version', { simple: true })).toBe(6);
      expect(db.prepare('SELECT text FROM turns').pluck().all()).toEqual(['one']);
    }
    db.exec('DROP TABLE turn_places');
    expect(migrate(db)).toBe(STEPS.length - 6);
    expect(lost(before, contentOf(db))).toEqual([]);
    db.close();
  });
});

test('the steps are numbered without a gap, and those that vaults were made with are what they were', () => {
  expect(STEPS.map(({ number }) => number)).toEqual(STEPS.map((_, at) => at + 1));
  expect(FILES.map((file) => Number.parseInt(file, 10))).toEqual(STEPS.map(({ number }) => number));
  const hashes = STEPS.map(({ sql }) => createHash('sha256').update(sql).digest('hex').slice(0, 16));
  expect(hashes.slice(0, RELEASED.length), 'a change to the schema is a new number').toEqual(RELEASED);
});
