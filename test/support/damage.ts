import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Flips one bit, in the middle, of the first file with this ending under the folder; no test of a pack knows its name there. */
export function flipBit(folder: string, ending: string): void {
  const [name] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith(ending),
  );
  if (name === undefined) throw new Error(`There is no ${ending} to damage.`);
  const file = join(folder, name);
  chmodSync(file, 0o600);
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
