import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { CACHE, LOG, ROOT } from './places.mjs';

const STILL_AT_IT_MS = 15_000;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * One step: says what begins, that it still goes on, and how long it took.
 * @template T
 * @param {string} title a sentence without its full stop
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function step(title, act) {
  const since = performance.now();
  const seconds = () => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  say(`· ${title} …`);
  const timer = setInterval(() => say(`  still at it, ${seconds()}`), STILL_AT_IT_MS);
  try {
    const result = await act();
    say(`  done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** What a command came to: its exit status (null: it could not be started) and what it wrote. */
/** @typedef {{ status: number | null, output: string }} Outcome */

/**
 * Runs a command with everything it writes going into the log, none of it to the person.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
export function runLogged(command, args, env) {
  mkdirSync(CACHE, { recursive: true });
  appendFileSync(LOG, `\n$ ${[command, ...args].join(' ')}\n`);
  const from = statSync(LOG).size;
  const log = openSync(LOG, 'a');
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', log, log],
      shell: process.platform === 'win32',
    });
    let failure = '';
    child.once('error', (error) => {
      failure = String(error);
    });
    // After `error` too, then with a negative status: nothing was started.
    child.once('close', (code) => {
      closeSync(log);
      const output = readFileSync(LOG).subarray(from).toString() + failure;
      resolve({ status: failure === '' ? (code ?? 1) : null, output });
    });
  });
}
