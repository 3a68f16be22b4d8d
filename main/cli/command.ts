import { Command } from 'commander';
import type { z } from 'zod';
import { SottoError } from '../base/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { debugging, type Terminal } from './terminal.ts';

/** Ends a command: the code it ends with. Set by the action that ran. */
export interface Ending {
  code: ExitCode;
}

/** What every command file needs to add itself to the program. */
export interface Commands {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly ending: Ending;
}

/** How long an interrupted command may take to close what it opened. */
const CLOSE_WITHIN_MS = 5_000;

/**
 * Turns a command's work into commander's action: its options are checked, its errors told in one form, and what it
 * opened is closed however it ends. `stopped` is what an interruption ends it with.
 */
export function action<Options extends z.ZodType>(
  { terminal, ending }: Commands,
  schema: Options,
  work: (terminal: Terminal, args: readonly string[], options: z.output<Options>) => Promise<ExitCode>,
  { stopped = EXIT.interrupted }: { readonly stopped?: ExitCode } = {},
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1);
    if (!(command instanceof Command)) throw new TypeError('not called by commander');
    const raw = command.optsWithGlobals();
    try {
      const options = checkedOptions(schema, raw);
      ending.code = await untilInterrupted(terminal, work(terminal, command.args, options), stopped);
    } catch (error) {
      ending.code = exitCodeOf(error);
      await tellError(terminal, error, raw.json === true);
    } finally {
      await closeAll(terminal);
    }
  };
}

/** Tells an error as `sotto: …` and `next: …`, or as one JSON object where results are JSON. */
export async function tellError(terminal: Terminal, error: unknown, json: boolean): Promise<void> {
  const { code, message, remedy } = describe(error);
  if (json) await terminal.print(JSON.stringify({ error: { code, message, remedy } }));
  else {
    terminal.tell(`sotto: ${message}`);
    if (remedy !== null) terminal.tell(`next: ${remedy}`);
  }
  if (debugging && error instanceof Error) terminal.tell(`${error.stack}\n${String(error.cause ?? '')}`);
}

/** An error as results carry it. Nothing of an unexpected error's own text: it may hold what a person said. */
export function describe(error: unknown): { code: string; message: string; remedy: string | null } {
  if (error instanceof SottoError)
    return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  return {
    code: 'internal',
    message: 'Something failed that should not.',
    remedy: 'Run it again with SOTTO_DEBUG=1 to see where.',
  };
}

function checkedOptions<Options extends z.ZodType>(schema: Options, raw: unknown): z.output<Options> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  throw new SottoError('cli/usage', `The option --${name} cannot be used: ${issue?.message ?? 'wrong'}.`, {
    remedy: 'See --help.',
  });
}

function untilInterrupted(terminal: Terminal, work: Promise<ExitCode>, stopped: ExitCode): Promise<ExitCode> {
  const interrupted = new Promise<ExitCode>((resolve) => {
    const stop = () => resolve(stopped);
    if (terminal.signal.aborted) stop();
    terminal.signal.addEventListener('abort', stop, { once: true });
  });
  // Once interrupted, what the work still throws is only that its ground was taken away.
  work.catch(() => {});
  return Promise.race([work, interrupted]);
}

async function closeAll(terminal: Terminal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  const closed = terminal.closing
    .disposeAsync()
    .catch((error) => (terminal.signal.aborted ? undefined : tellError(terminal, error, false)));
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
