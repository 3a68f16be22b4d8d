import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The evaluation data beside the checkout; none of it is in the repository. */
export const sharedData: string = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export const haveSharedData: boolean = existsSync(join(sharedData, 'README.md'));

/** A path in the evaluation data; throws a plain sentence where the data is not on this machine. */
export function dataFile(...parts: string[]): string {
  const path = join(sharedData, ...parts);
  if (!existsSync(path)) throw new Error(`The evaluation data is not on this machine: ${path}`);
  return path;
}
