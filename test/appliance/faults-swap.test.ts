import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plainSwap } from '../../main/appliance/swap.ts';

/** A machine as /proc and /sys tell of it. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'sotto-machine-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const swaps = (...areas: readonly string[]) => ({
  'proc/swaps': ['Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority', ...areas, ''].join('\n'),
});
const on = (name: string) => `${name}                               partition\t8388604\t\t0\t\t-2`;

test('swap on a disk as it is, and swap in a file, is named', () => {
  const files = {
    ...swaps(on('/dev/sdx2'), '/nowhere/swapfile file 1 0 -3'),
    'sys/class/block/sdx2/size': '1',
  };
  expect(plainSwap(machine(files))).toEqual(['/dev/sdx2', '/nowhere/swapfile']);
});

test('swap in compressed memory or under dm-crypt, also below a volume, is not', () => {
  const files = {
    ...swaps(on('/dev/zram0'), on('/dev/dm-91'), on('/dev/dm-92')),
    'sys/class/block/zram0/size': '1',
    'sys/class/block/dm-91/dm/uuid': 'CRYPT-PLAIN-swap\n',
    'sys/class/block/dm-92/dm/uuid': 'LVM-abc\n',
    'sys/class/block/dm-92/slaves/dm-91/size': '1',
  };
  expect(plainSwap(machine(files))).toEqual([]);
});

test('a volume of which one disk is not encrypted is named', () => {
  const files = {
    ...swaps(on('/dev/dm-92')),
    'sys/class/block/dm-91/dm/uuid': 'CRYPT-LUKS2-x\n',
    'sys/class/block/sdx3/size': '1',
    'sys/class/block/dm-92/dm/uuid': 'LVM-abc\n',
    'sys/class/block/dm-92/slaves/dm-91/size': '1',
    'sys/class/block/dm-92/slaves/sdx3/size': '1',
  };
  expect(plainSwap(machine(files))).toEqual(['/dev/dm-92']);
});

test('a machine without swap, or that does not tell, has none', () => {
  expect(plainSwap(machine(swaps()))).toEqual([]);
  expect(plainSwap(machine({}))).toEqual([]);
});
