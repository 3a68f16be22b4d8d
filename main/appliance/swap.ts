import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The swap areas of this machine that are not encrypted, by name: what was in memory (keys, words) can end on them. Swap in
 * compressed memory (zram) never reaches a disk, and what lies on dm-crypt, at whatever depth, is encrypted. Linux alone
 * tells; `root` is the file system that is asked, for tests.
 */
export function plainSwap(root = '/'): readonly string[] {
  const table = join(root, 'proc', 'swaps');
  if (!existsSync(table)) return [];
  const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n');
  return lines
    .map((line) => line.split(/\s+/))
    .filter(([name = '', type]) => !encrypted(root, type === 'file' ? deviceUnder(name) : deviceNode(name)))
    .map(([name = '']) => name);
}

/** The block device that a file's file system is on, as /sys knows it: `dev/block/8:1`. */
function deviceUnder(file: string): string {
  try {
    const { dev } = statSync(file);
    return `dev/block/${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  } catch {
    return '';
  }
}

/** `/dev/mapper/swap` is a link to `/dev/dm-1`. */
function deviceNode(name: string): string {
  return `class/block/${basename(existsSync(name) ? realpathSync(name) : name)}`;
}

function encrypted(root: string, device: string): boolean {
  const folder = join(root, 'sys', device);
  if (device === '' || !existsSync(folder)) return false;
  if (/^zram\d+$/.test(basename(folder))) return true;
  const uuid = join(folder, 'dm', 'uuid');
  if (existsSync(uuid) && readFileSync(uuid, 'utf8').startsWith('CRYPT-')) return true;
  // A volume on others is as encrypted as all of them are.
  const slaves = existsSync(join(folder, 'slaves')) ? readdirSync(join(folder, 'slaves')) : [];
  return slaves.length > 0 && slaves.every((slave) => encrypted(root, `class/block/${slave}`));
}
