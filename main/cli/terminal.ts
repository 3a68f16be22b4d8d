import { type Log, silentLog, stderrLog } from '../base/index.ts';

/** What a command has of the world: where it reads, prints and is stopped. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  /** Results, one line to standard output; resolves when the reader has room for more. */
  print(line: string): Promise<void>;
  /** What is said to the person beside the results: one line to standard error. */
  tell(line: string): void;
  /** Operational log lines: silent unless SOTTO_DEBUG is set. */
  readonly log: Log;
  /** Aborts on SIGINT, SIGTERM and SIGHUP, and when nobody reads standard output any more. */
  readonly signal: AbortSignal;
  /** What is deferred here is undone, last first, when the command ends or is interrupted. */
  readonly closing: AsyncDisposableStack;
}

export const debugging: boolean = Boolean(process.env.SOTTO_DEBUG);

/** The terminal of this process. A second interruption ends it at once. */
export function openTerminal(): Terminal {
  // Standard output carries results alone: what a library logs must not stand between them.
  console.log = console.error;
  console.info = console.error;
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort();
    });
  process.stdout.on('error', () => interruption.abort());
  process.stderr.on('error', () => {});
  return {
    input: process.stdin,
    print: (line) =>
      new Promise((resolve) => {
        process.stdout.write(`${line}\n`, () => resolve());
      }),
    tell: (line) => {
      process.stderr.write(`${line}\n`);
    },
    log: debugging ? stderrLog : silentLog,
    signal: interruption.signal,
    closing: new AsyncDisposableStack(),
  };
}
