/** The real appliance, headless, in a process of its own and a data folder that is removed with it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { type Client, createClient } from '../../main/api/index.ts';
import { clientCarrier, opened } from './headless.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const cli = join(root, 'main', 'cli', 'index.ts');
const START_LIMIT_MS = 20_000;

export const SITE_NAME = 'Quillfeather Street Savings';
export const ADMIN = {
  username: 'ottoline.marsh',
  displayName: 'Ottoline Marsh',
  passphrase: 'ladder violet monsoon ticket',
} as const;
export const VAULT_PASSPHRASE = 'quiet harbor seven lanterns';

export interface RunningAppliance {
  readonly data: string;
  readonly url: string;
  readonly pid: number;
  /** Base64 SHA-256 of the authority's public key: what a browser under test trusts, and nothing else. */
  readonly spki: string;
  /** A signed-out client over the WebSocket, trusting the authority. */
  connect(): Promise<Client>;
  /** SIGTERM, as an operator stops it; the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>;
}

/** A new data folder, or one that an appliance ran on before. */
export function newDataFolder(): { readonly data: string; remove(): void } {
  const data = mkdtempSync(join(tmpdir(), 'sotto-running-'));
  return { data, remove: () => rmSync(data, { recursive: true, force: true }) };
}

/** Starts `sotto start --headless` and waits until it tells its address. */
export async function startRunning(data: string, ...more: string[]): Promise<RunningAppliance> {
  const args = [cli, 'start', '--headless', '--no-open', '--json', '--port', '0', '--data', data, ...more];
  const child = spawn(node, args, { cwd: root, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const { url, authorityFile } = await announced(child);
  const ca = readFileSync(authorityFile, 'utf8');
  return {
    data,
    url,
    pid: child.pid ?? 0,
    spki: createHash('sha256')
      .update(new X509Certificate(ca).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    connect: async () => {
      const { origin, host } = new URL(url);
      const socket = await opened(new WebSocket(`wss://${host}/api`, { ca, origin }));
      return createClient(clientCarrier(socket));
    },
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

/** Set-up through the api, as the window's last step does it. Returns a client that is signed in. */
export async function setUpRunning(appliance: RunningAppliance, deskId = 'bank-branch'): Promise<Client> {
  const client = await appliance.connect();
  await client.call('setup.complete', {
    siteName: SITE_NAME,
    admin: ADMIN,
    deskId,
    key: { kind: 'passphrase', passphrase: VAULT_PASSPHRASE },
  });
  return client;
}

/** What `sotto audit …` prints about a data folder that no appliance is running on. */
export async function auditCommand(data: string, command: 'verify' | 'recent'): Promise<string> {
  const file = join(data, 'passphrase-of-the-test');
  writeFileSync(file, `${VAULT_PASSPHRASE}\n`, { mode: 0o600 });
  try {
    const limit = command === 'recent' ? ['--limit', '1000'] : [];
    const { stdout } = await promisify(execFile)(
      node,
      [cli, 'audit', command, '--json', '--data', data, ...limit],
      { cwd: root, env: { ...environment(), SOTTO_PASSPHRASE_FILE: file }, maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  } finally {
    rmSync(file);
  }
}

/** Without a session bus there is no keychain, as on a server; nothing of this machine's own settings counts. */
function environment(): NodeJS.ProcessEnv {
  const { SOTTO_HOME: _, SOTTO_PASSPHRASE_FILE: __, DBUS_SESSION_BUS_ADDRESS: ___, ...env } = process.env;
  return env;
}

async function announced(
  child: ChildProcess,
): Promise<{ readonly url: string; readonly authorityFile: string }> {
  let printed = '';
  let complaints = '';
  child.stderr?.on('data', (block) => {
    complaints = `${complaints}${block}`.slice(-4_000);
  });
  return await new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The appliance did not start: ${why}\n${complaints}`));
    };
    const timer = setTimeout(() => fail('it told no address in time'), START_LIMIT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit code ${code}`));
    child.stdout?.on('data', (block) => {
      printed += block;
      if (!printed.includes('\n')) return;
      if (!printed.startsWith('{"url":')) return fail(printed.trim());
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(JSON.parse(printed));
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}
