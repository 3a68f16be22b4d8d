/** The real command line, as a child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ENTRY = fileURLToPath(new URL('../../main/cli/index.ts', import.meta.url));
export const COFFEE = fileURLToPath(new URL('../desks/speech-intent', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves when standard output holds this. */
  printed(text: string | RegExp): Promise<string>;
}

/** Starts `sotto …` with standard input open. It ends with the test. */
export function startSotto(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [ENTRY, ...args], { env: { ...cleanEnvironment(), ...env } });
  const got = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    got.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    got.err += text;
  });
  const ended = new Promise<Outcome>((resolve) =>
    child.once('close', (code) => resolve({ code, out: got.out, err: got.err })),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const printed = (text: string | RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (typeof text === 'string' ? got.out.includes(text) : text.test(got.out)) resolve(got.out);
      };
      child.stdout.on('data', look);
      ended.then(() => reject(new Error(`ended without printing it: ${got.err}`)));
      look();
    });
  return { child, ended, printed };
}

/** Runs `sotto …` to its end. */
export function sotto(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const { child, ended } = startSotto(args, options.env);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  return ended;
}

/** Every line of the output as JSON. */
export function jsonLines<T>(out: string): T[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of the machine's own Sotto, display or sound server. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const strange = /^(SOTTO_|DISPLAY$|WAYLAND_DISPLAY$|PULSE_|NODE_OPTIONS$|VITEST|DBUS_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
}
