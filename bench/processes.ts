import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started hold and have used, from /proc (Linux). */
export interface Usage {
  /** Anonymous memory, MiB: heaps and stacks. Pages of files would count by who else on the machine has them mapped. */
  readonly mebibytes: number;
  /** Processor time since the start, milliseconds, of those that live. */
  readonly cpuMs: number;
  readonly processes: number;
}

/** USER_HZ, which Linux fixes at 100 for what it tells programs. */
const TICK_MS = 10;

/** Of this process and its descendants, or of another's. */
export function usageOf(pid = process.pid): Usage {
  const family = familyOf(pid);
  return {
    mebibytes: family.reduce((sum, each) => sum + anonymousOf(each), 0) / 1024,
    cpuMs: family.reduce((sum, each) => sum + cpuOf(each), 0),
    processes: family.length,
  };
}

function familyOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(statOf(Number(name))[1]) : Number.NaN;
    if (Number.isNaN(parent)) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** The fields after the command's name, which may hold anything (proc(5)): state, parent, … */
function statOf(pid: number): readonly string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

/** Of one process alone, MiB. */
export function mebibytesOf(pid: number): number {
  return anonymousOf(pid) / 1024;
}

function anonymousOf(pid: number): number {
  return Number(/^Anonymous:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
