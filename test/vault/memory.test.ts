/** A vault that fills takes no more memory than one that does not. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { throwaway } from './support.ts';

const PAGE = 4_000;
const ROWS = 4_000;
/** It was all 16: the database library's own choice, reached in four hours of conversations. */
const MOST_MIB = 6;

test('what is written is not kept in memory beyond a small number of pages', async () => {
  const vault = await throwaway();
  vault.db.exec('CREATE TABLE written (at INTEGER PRIMARY KEY, sealed BLOB) STRICT');
  const row = Buffer.alloc(PAGE, 1);
  const write = vault.db.prepare('INSERT INTO written (sealed) VALUES (?)');
  const fill = (rows: number) => {
    for (let at = 0; at < rows; at += 100)
      vault.transaction(() => {
        for (let i = 0; i < 100; i += 1) write.run(row);
      });
  };
  fill(100);
  const before = mebibytes();
  fill(ROWS);
  expect(mebibytes() - before).toBeLessThan(MOST_MIB);
});

/** Anonymous memory of this process. */
function mebibytes(): number {
  return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}
