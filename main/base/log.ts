/**
 * Operational log lines: what happened, as a code and a few harmless facts.
 *
 * The type is the guard: a detail is a number, a boolean or a short identifier declared as such, so that a
 * transcript or a name has no field to slip into. Security-relevant acts go to the audit log instead.
 */
export type LogDetail = Readonly<Record<string, number | boolean | LogId>>;

/** An identifier that may stand in a log: an id, an engine's name, an error code. Never what a person said. */
export type LogId = string & { readonly __logId: unique symbol };

/** Marks a string as fit for the log. Longer than 80 characters or with white space, it is replaced. */
export function logId(value: string): LogId {
  return (/^\S{1,80}$/.test(value) ? value : '(withheld)') as LogId;
}

export interface Log {
  info(event: string, detail?: LogDetail): void;
  warn(event: string, detail?: LogDetail): void;
}

/** One JSON object a line on standard error. */
export const stderrLog: Log = {
  info: (event, detail) => write('info', event, detail),
  warn: (event, detail) => write('warn', event, detail),
};

/** For tests and commands that print their own story. */
export const silentLog: Log = { info: () => {}, warn: () => {} };

function write(level: 'info' | 'warn', event: string, detail: LogDetail = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...detail })}\n`);
}
