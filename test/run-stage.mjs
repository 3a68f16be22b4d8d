import { spawn } from 'node:child_process';

/**
 * Runs one command with its output live, in a process group of its own: what it leaves behind, or what outlasts
 * the limit, ends with it. Never rejects.
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, limitMs: number }} how
 * @returns {Promise<{ ok: boolean, seconds: number, why: string | null }>} `why`: what ended it, where that was not
 *   the command itself
 */
export function runStage([command = '', ...args], { cwd, env, limitMs }) {
  const since = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    let why = null;
    const endGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody is left in it.
      }
    };
    const limit = setTimeout(() => {
      why = `stopped after ${Math.round(limitMs / 60_000)} minutes`;
      endGroup();
    }, limitMs);
    const onSignal = () => {
      endGroup();
      process.exit(130);
    };
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    const finish = (/** @type {boolean} */ ok) => {
      clearTimeout(limit);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      endGroup();
      resolve({ ok, seconds: (performance.now() - since) / 1000, why });
    };
    child.once('error', (error) => {
      why = `could not be started: ${error.message}`;
      finish(false);
    });
    child.once('exit', (code, signal) => {
      if (signal !== null && why === null) why = `ended by ${signal}`;
      finish(code === 0);
    });
  });
}
