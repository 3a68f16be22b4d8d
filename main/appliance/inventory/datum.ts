import type { Role } from '../../identity/index.ts';
import type { DataClass } from '../../records/index.ts';

/** One thing that Sotto holds. */
export interface Datum {
  readonly what: string;
  readonly where: readonly Place[];
  readonly protection: string;
  /** In words, and where a call of the api shows it, the name of that call and the roles that the contract lets ask. */
  readonly seenBy: {
    readonly words: string;
    readonly through?: string;
    readonly roles?: readonly Role[];
  };
  /** A class of the retention rules, whose days are taken from there; or words. */
  readonly keeps: { readonly rule: DataClass } | { readonly words: string };
}

export type Place =
  /** `rows`: of the tables `secrets` and `settings`, the rows by name. */
  | { readonly table: string; readonly columns: readonly string[]; readonly rows?: readonly string[] }
  /** Relative to the data folder; `*` stands for anything but a slash. */
  | { readonly file: string }
  | { readonly elsewhere: string };

export interface InventorySection {
  readonly title: string;
  readonly note?: string;
  readonly data: readonly Datum[];
}

/** What protects data at rest, in the words of the page. */
export const ENCRYPTED = 'the vault’s pages';
export const SEALED =
  'AES-256-GCM under the key of its conversation, which stands under its subject’s; and the vault’s pages';
export const LOG_COMMANDS = '`sotto audit` (whoever can open the vault)';

/** Columns of a table. */
export const inTable = (table: string, columns: string): Place => ({ table, columns: columns.split(' ') });
/** Rows of `secrets` or `settings`, by name. */
export const named = (table: 'secrets' | 'settings', ...rows: readonly string[]): Place => ({
  table,
  columns: table === 'secrets' ? ['name', 'value', 'created_at'] : ['name', 'json', 'changed_at'],
  rows,
});
