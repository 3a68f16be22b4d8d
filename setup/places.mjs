import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
/** What setup keeps for itself; git ignores it. */
export const CACHE = join(ROOT, '.cache');
export const LOG = join(CACHE, 'setup.log');
const BIN = join(ROOT, 'node_modules', '.bin');

/** The Node that the npm packages bring: everything but setup itself runs under it. */
export const NODE = join(
  ROOT,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * The search path without this checkout's own commands. `npm start` puts them first, but npm must not run on the
 * very Node that it is about to replace.
 */
export function machinePath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== BIN)
    .join(delimiter);
}

/** The search path with this checkout's own commands first. */
export function ownPath() {
  return [BIN, machinePath()].join(delimiter);
}
