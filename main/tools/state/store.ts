import Database from 'better-sqlite3';
import { toolTables, type Vault } from '../../vault/index.ts';

/** The database behind what the gateway keeps, and its transactions: the vault's, which journal entries join. */
export type ToolStore = Pick<Vault, 'db' | 'transaction'>;

/** A store that dies with the process: for a gateway that is only tried out. */
export function storeInMemory(): ToolStore {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(toolTables.sql);
  return {
    db,
    transaction: (work) => (db.inTransaction ? work() : db.transaction(work).immediate()),
  };
}
