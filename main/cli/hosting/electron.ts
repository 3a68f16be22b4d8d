import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { electronBinary } from '../../appliance.ts';
import { installRoot } from '../../base/index.ts';

/** Where the window can be opened, or the one line that says why it cannot. */
export type Window = { readonly binary: string; readonly entry: string } | { readonly missing: string };

/** Looks for Electron and a screen. */
export function findWindow(env: NodeJS.ProcessEnv): Window {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return { missing: 'there is no display here' };
  const binary = electronBinary();
  if (binary === null) return { missing: 'the Electron binary is not installed' };
  const entry = join(installRoot, 'dist', 'shell', 'main.js');
  if (!existsSync(entry)) return { missing: 'the desktop shell is not built (npm start builds it)' };
  return { binary, entry };
}
