import koffi from 'koffi';

/** `prctl(2)`, `getrlimit(2)`; the numbers are the same on every architecture that Node runs on under Linux. */
const PR_SET_DUMPABLE = 4;
const RLIMIT_CORE = 4;

/** What could be had of the operating system. */
export interface ProcessShield {
  /** No core dump of this process, nor of any that it starts from now on. */
  readonly noCoreDumps: boolean;
  /** No other process of the same user reads this one's memory (`ptrace`, `/proc/PID/mem`); root still can. */
  readonly closedMemory: boolean;
  /** A signal does not open Node's debugger, which would hand the memory to whoever connects. */
  readonly noDebugger: boolean;
}

let shield: ProcessShield | undefined;

/**
 * Keeps what is in this process's memory (keys, words, sound) in it, as far as the operating system can: what crashes leaves
 * no core file, and no other process of the same user looks into it. Limits are inherited by the processes that it
 * starts; that memory is closed is not (it ends with `execve`), so each of them calls this itself. Linux; elsewhere the
 * debugger alone is kept shut. Does nothing the second time. Throws nothing: it protects more or less, and says which.
 */
export function shieldProcessMemory(): ProcessShield {
  shield ??= { ...closeMemory(), noDebugger: shutDebugger() };
  return shield;
}

function closeMemory(): Pick<ProcessShield, 'noCoreDumps' | 'closedMemory'> {
  if (process.platform !== 'linux') return { noCoreDumps: false, closedMemory: false };
  try {
    const libc = koffi.load('libc.so.6');
    const setrlimit = libc.func('int setrlimit(int, const uint64_t *)');
    const prctl = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
    return {
      noCoreDumps: setrlimit(RLIMIT_CORE, [0n, 0n]) === 0,
      closedMemory: prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) === 0,
    };
  } catch {
    return { noCoreDumps: false, closedMemory: false }; // another C library than glibc
  }
}

/** Node starts its inspector at SIGUSR1, whoever of the same user sends it, unless somebody else takes that signal. */
function shutDebugger(): boolean {
  if (process.platform === 'win32') return false;
  process.on('SIGUSR1', () => {});
  return true;
}
