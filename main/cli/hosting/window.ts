import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Terminal } from '../terminal.ts';

/**
 * Opens the window and waits until it is closed; the shell starts the appliance as a child of its own, which finds
 * its data folder and its desk in the environment.
 * Returns whether it ended well.
 */
export async function openWindow(
  terminal: Terminal,
  window: { readonly binary: string; readonly entry: string },
  settings: NodeJS.ProcessEnv,
): Promise<boolean> {
  const child = spawn(window.binary, [window.entry], {
    stdio: 'inherit',
    env: { ...process.env, ...settings },
  });
  terminal.closing.defer(() => {
    child.kill('SIGTERM');
  });
  const failed = once(child, 'error').then(() => null);
  const [code] = (await Promise.race([once(child, 'exit'), failed])) ?? [1];
  return code === 0;
}

/** Opens the address in the browser of this desktop, where there is one. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): boolean {
  const opener = OPENERS[process.platform];
  if (!opener || (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
  return true;
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
