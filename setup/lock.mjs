import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, LOG } from './places.mjs';
import { say } from './progress.mjs';

const LOCK = join(CACHE, 'setup.lock');

/**
 * Runs `act` while no other setup of this checkout does.
 * @param {() => Promise<void>} act
 */
export async function alone(act) {
  mkdirSync(CACHE, { recursive: true });
  await take();
  const release = () => rmSync(LOCK, { force: true });
  const onSignal = () => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    rmSync(LOG, { force: true });
    await act();
  } finally {
    release();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function take() {
  for (let said = false; ; ) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder();
    if (holder !== null && !lives(holder)) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!said)
      say(
        `· Another setup is at work here${holder === null ? '' : ` (process ${holder})`}: waiting for it …`,
      );
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Null while the other is just taking or releasing it. */
function readHolder() {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
