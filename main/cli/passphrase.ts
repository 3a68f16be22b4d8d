import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { SottoError } from '../base/index.ts';
import type { Terminal } from './terminal.ts';

const LONGEST = 1024;

/** Whose passphrase is wanted, and where it may stand. */
export interface Wanted {
  /** The environment variable that names a private file. */
  readonly variable:
    | 'SOTTO_PASSPHRASE_FILE'
    | 'SOTTO_NEW_PASSPHRASE_FILE'
    | 'SOTTO_MEMBER_PASSPHRASE_FILE'
    | 'SOTTO_SIGNING_PASSPHRASE_FILE';
  /** `of the vault`, `of ada`. */
  readonly of: string;
}

/**
 * A passphrase: the first line of the file that the environment names, else asked for without echo. It is never
 * taken from an argument or from the environment itself: other users of the machine can read those.
 * @throws SottoError `cli/no-passphrase`, `cli/passphrase-exposed`.
 */
export async function findPassphrase(terminal: Terminal, wanted: Wanted): Promise<string> {
  const file = process.env[wanted.variable];
  if (file) return readPassphrase(file);
  if (terminal.input.isTTY) return askUnseen(terminal, `Passphrase ${wanted.of}: `);
  throw new SottoError(
    'cli/no-passphrase',
    `The passphrase ${wanted.of} is needed, and nobody is here to ask.`,
    {
      remedy: `Run it in a terminal, or name a private file with the passphrase in ${wanted.variable}.`,
    },
  );
}

/**
 * The passphrase in a private file.
 * @throws SottoError `cli/no-passphrase`, `cli/passphrase-exposed`.
 */
export async function readPassphrase(file: string): Promise<string> {
  const handle = await openPrivate(file);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > LONGEST) throw noPassphrase('is not a file with a passphrase in it');
    if (process.getuid && (stats.mode & 0o077) !== 0)
      throw new SottoError('cli/passphrase-exposed', 'Others can read the passphrase file.', {
        remedy: 'Change the passphrase, and set the mode of the file to 600.',
      });
    const [line = ''] = (await handle.readFile('utf8')).split(/\r?\n/);
    if (line === '') throw noPassphrase('is empty');
    return line;
  } finally {
    await handle.close();
  }
}

async function openPrivate(file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    throw noPassphrase('cannot be read');
  }
}

function noPassphrase(why: string): SottoError {
  return new SottoError('cli/no-passphrase', `The passphrase file ${why}.`, {
    remedy: 'Put the passphrase into its first line.',
  });
}

/** Asks on standard error; nothing of the answer is shown. */
function askUnseen(terminal: Terminal, question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.input, output: nowhere, terminal: true });
  terminal.closing.defer(() => lines.close());
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      terminal.tell('');
      lines.close();
      resolve(line);
    });
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.once('close', () => reject(notGiven()));
  });
}

function notGiven(): SottoError {
  return new SottoError('cli/no-passphrase', 'No passphrase was given.', { remedy: 'Run it again.' });
}
