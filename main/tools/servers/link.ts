import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { NODE_ARGUMENTS, NODE_ENVIRONMENT } from '../../base/index.ts';
import type { LanPort, ProcessEntry, ServerEntry } from '../desk-tools.ts';
import { lanAddress } from './lan-address.ts';
import { LanTransport } from './lan-transport.ts';

/** One message of a server, at most; one that sends more is ended. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_WORDS_KEPT = 4000;

/** The way to one server, not yet open. */
export interface Link {
  readonly transport: Transport;
  /** Ends it at once: a process is killed, a connection dropped. */
  kill(): void;
  /** Why it did not start, in its own words. */
  lastWords(): string;
  /** From here on it serves: what it still says on standard error could hold what was said to it. */
  serves(): void;
  /** How a person tries it by hand. */
  readonly remedy: string;
}

export interface LinkOptions {
  readonly name: string;
  readonly desk: { readonly id: string; readonly folder: string };
  readonly entry: ServerEntry;
  /** Set on top of what the pack declares, for a process. */
  readonly env: Readonly<Record<string, string>>;
  readonly lan: LanPort | null;
}

/** @throws SottoError when the site does not allow the server, see `lanAddress`. */
export function linkTo(options: LinkOptions): Link {
  const { entry, name, desk, lan } = options;
  if (entry.transport !== 'http') return processLink(entry, options);
  const address = lanAddress(desk, name, entry, lan);
  const transport = new LanTransport({ address, maxBytes: MAX_MESSAGE_BYTES });
  return {
    transport,
    kill: () => void transport.close(),
    lastWords: () => '',
    serves: () => {},
    remedy: `See whether ${address.url.host} answers, and with the certificate that tools.yaml names.`,
  };
}

function processLink(entry: ProcessEntry, { desk, env }: LinkOptions): Link {
  const [command, before] =
    entry.command === 'node' ? [process.execPath, NODE_ARGUMENTS] : [entry.command, []];
  const transport = new StdioClientTransport({
    command,
    args: [...before, ...entry.args],
    cwd: desk.folder,
    env: { ...bareEnvironment(), ...NODE_ENVIRONMENT, ...entry.env, ...env },
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
  let words = '';
  let starting = true;
  transport.stderr?.on('data', (chunk: Buffer) => {
    if (starting) words = `${words}${chunk.toString('utf8')}`.slice(0, MAX_WORDS_KEPT);
  });
  let pid: number | null = null;
  return {
    transport,
    kill: () => kill(pid ?? transport.pid),
    lastWords: () => lastLine(words),
    serves: () => {
      pid = transport.pid;
      starting = false;
    },
    remedy: `Try it by hand in ${desk.folder}: ${[entry.command, ...entry.args].join(' ')}`,
  };
}

/** The SDK passes some of this process's environment on; all of it is put out here, but for where programs are found. */
function bareEnvironment(): Record<string, string> {
  const passedOn =
    process.platform === 'win32'
      ? ['APPDATA', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'USERNAME', 'USERPROFILE']
      : ['HOME', 'LOGNAME', 'SHELL', 'TERM', 'USER'];
  return Object.fromEntries(passedOn.map((name) => [name, '']));
}

function kill(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function lastLine(words: string): string {
  return (
    words
      .split('\n')
      .filter((line) => /\w*(Error|error)\b|cannot|not found/.test(line))
      .at(0)
      ?.trim() ?? ''
  );
}
