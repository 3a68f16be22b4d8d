import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installRoot } from '../../base/index.ts';

/** Where the window can be opened, or the one line that says why it cannot. */
export type Window = { readonly binary: string; readonly entry: string } | { readonly missing: string };

/**
 * Looks for Electron and a screen. The npm package is read and not loaded: loading it without its binary would
 * try to download one.
 */
export function findWindow(env: NodeJS.ProcessEnv): Window {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return { missing: 'there is no display here' };
  const folder = join(installRoot, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null;
  if (binary === null || !existsSync(binary)) return { missing: 'the Electron binary is not installed' };
  const entry = join(installRoot, 'dist', 'shell', 'main.js');
  if (!existsSync(entry)) return { missing: 'the desktop shell is not built (npm start builds it)' };
  return { binary, entry };
}
