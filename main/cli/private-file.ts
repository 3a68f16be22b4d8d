import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SottoError } from '../base/index.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes a secret to a file that did not exist, for its owner alone.
 * @throws SottoError `cli/cannot-write`.
 */
export async function writeNewPrivate(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (cause) {
    throw new SottoError('cli/cannot-write', 'The file cannot be made, or exists already.', {
      remedy: 'Name a new file in a folder that you may write to. Nothing was overwritten.',
      cause,
    });
  }
}

/** A private folder that goes when the command ends. */
export async function scratchFolder(terminal: Terminal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-'));
  terminal.closing.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
