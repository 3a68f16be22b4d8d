import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SottoError } from '../base/index.ts';

/**
 * The Node that runs the appliance: the one that ships beside the shell, else the one that npm installed. Never
 * whatever the machine has.
 * @throws SottoError `shell/no-node`.
 */
export function findNode(places: { readonly resources: string | null; readonly root: string }): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [
    ...(places.resources === null ? [] : [join(places.resources, 'node', name)]),
    join(places.root, 'node_modules', 'node', 'bin', name),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new SottoError('shell/no-node', 'The Node binary that ships with Sotto is missing.', {
    remedy: 'Install Sotto again, or run `npm install` in its folder.',
  });
}
