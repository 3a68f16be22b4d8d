import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataFolder } from './support.ts';

const child = join(import.meta.dirname, 'memory-child.ts');
/** Root may read everybody's memory, and no process is asked to hide from it: so the tests run without its powers. */
const POWERLESS = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
/** A crash writes `core` into its working folder only where the kernel was not told otherwise. */
const coreGoesHere = !/^[|/]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'));

/** Cores as large as this user may have them. */
const most =
  spawnSync('sh', ['-c', 'ulimit -Hc'], { encoding: 'utf8' }).stdout.trim() === 'unlimited'
    ? 'unlimited'
    : '0';

interface Holder {
  readonly process: ChildProcess;
  readonly pid: number;
  /** A process that it started. */
  readonly childPid: number;
  readonly folder: string;
  readonly complaints: () => string;
}

/** A process that would leave a core file if nobody kept it from doing so. */
async function hold(how: 'open' | 'bare'): Promise<Holder> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-core-'));
  const given = [...POWERLESS, process.execPath, child, how, dataFolder().data];
  const started = spawn('prlimit', [`--core=${most}:${most}`, ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  started.stderr.on('data', (block) => {
    printed += block;
  });
  const [line] = await Promise.race([
    once(started.stdout, 'data'),
    once(started, 'exit').then(() => Promise.reject(new Error(`The process ended: ${printed}`))),
  ]);
  const childPid = Number(String(line));
  onTestFinished(() => {
    started.kill('SIGKILL');
    spawnSync('kill', ['-9', String(childPid)]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { process: started, pid: started.pid ?? 0, childPid, folder, complaints: () => printed };
}

/** What another process of the same user gets that opens the memory of this one. */
function look(pid: number): string {
  const script = `try { require('fs').openSync('/proc/${pid}/mem', 'r'); console.log('open') } catch (e) { console.log(e.code) }`;
  const [command = '', ...rest] = [...POWERLESS, process.execPath, '-e', script];
  return spawnSync(command, rest, { encoding: 'utf8' }).stdout.trim();
}

const coreLimit = (pid: number) =>
  /Max core file size +(\S+) +(\S+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.slice(1);
const cores = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('core'));

async function crash(holder: Holder): Promise<void> {
  holder.process.kill('SIGABRT');
  await once(holder.process, 'exit');
}

test('a process with an open vault leaves no core file when it crashes, and neither do those it started', async () => {
  const bare = await hold('bare');
  expect(coreLimit(bare.pid)).toEqual([most, most]);
  await crash(bare);
  if (coreGoesHere && most === 'unlimited') expect(cores(bare.folder)).toHaveLength(1); // the test would see one

  const open = await hold('open');
  expect(coreLimit(open.pid)).toEqual(['0', '0']);
  expect(coreLimit(open.childPid)).toEqual(['0', '0']);
  await crash(open);
  expect(cores(open.folder)).toEqual([]);
});

test('its memory is closed to other processes of the same user', async () => {
  expect(look((await hold('open')).pid)).toMatch(/^(EACCES|EPERM)$/);
  // What Linux does without it, where no policy (Yama) closes everybody's memory.
  const policy = spawnSync('cat', ['/proc/sys/kernel/yama/ptrace_scope'], { encoding: 'utf8' }).stdout.trim();
  if (policy === '' || policy === '0') expect(look((await hold('bare')).pid)).toBe('open');
});

test('a signal opens no debugger in it', async () => {
  const open = await hold('open');
  open.process.kill('SIGUSR1');
  const bare = await hold('bare');
  bare.process.kill('SIGUSR1');
  await expect.poll(bare.complaints).toContain('Debugger listening');
  expect(open.complaints()).toBe('');
});
