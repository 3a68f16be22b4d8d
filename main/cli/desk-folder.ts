import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installRoot, SottoError } from '../base/index.ts';

/**
 * The folder of a desk pack: a folder by its path, else a desk that ships with Sotto by its name.
 * @throws SottoError `cli/no-desk`.
 */
export function deskFolder(given: string): string {
  const folder = resolve(given);
  if (existsSync(folder)) return folder;
  const shipped = join(installRoot, 'desks', given);
  if (/^[a-z][a-z0-9-]*$/.test(given) && existsSync(join(shipped, 'desk.yaml'))) return shipped;
  throw new SottoError('cli/no-desk', `There is no desk pack at ${given}.`, {
    remedy: 'Name a folder with a desk.yaml, or make one with `sotto desk new NAME`.',
  });
}
