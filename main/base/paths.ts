import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this appliance keeps its things. Everything below `data` is private to the user that runs it. */
export interface Paths {
  /** The data folder: `--data DIR`, `SOTTO_HOME`, or the platform's place for it. */
  readonly data: string;
  readonly database: string;
  /** How the database key is kept (never the key itself). */
  readonly vaultHeader: string;
  /** Certificates of the headless host. */
  readonly certificates: string;
  /** Installed model packs. */
  readonly models: string;
  /** What demo tool servers keep, one folder a desk. */
  readonly deskData: string;
}

/** The root of this installation (the folder with package.json). */
export const installRoot: string = fileURLToPath(new URL('../../', import.meta.url));

/** Lays out the data folder; creates nothing. */
export function pathsIn(dataFolder: string): Paths {
  const data = resolve(dataFolder);
  return {
    data,
    database: join(data, 'sotto.db'),
    vaultHeader: join(data, 'vault.json'),
    certificates: join(data, 'certificates'),
    models: join(data, 'models'),
    deskData: join(data, 'desks'),
  };
}

/** `SOTTO_HOME`, else the XDG data folder (Linux), Application Support (macOS) or AppData (Windows). */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SOTTO_HOME) return env.SOTTO_HOME;
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'Sotto');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Sotto');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'sotto');
}
