import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';

const SERVER = join(import.meta.dirname, '../dialogue/lan-model-server.ts');

export interface LanModel {
  readonly port: string;
  /** As a site's list of servers names it. */
  readonly address: string;
  stop(): void;
}

/** A model server on this machine's LAN, in a process of its own, known by these certificates. */
export async function startLanModel({ certificateFile, keyFile }: Certificates): Promise<LanModel> {
  const child = spawn(process.execPath, [SERVER, certificateFile, keyFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [announced] = await once(child.stdout, 'data');
  const port = String(announced).trim();
  return { port, address: `localhost:${port}`, stop: () => void child.kill() };
}
