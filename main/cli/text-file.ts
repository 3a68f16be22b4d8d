import { readFile } from 'node:fs/promises';
import { SottoError } from '../base/index.ts';
import type { Terminal } from './terminal.ts';

const LONGEST_SECRET = 8192;

/** A file with a certificate or key. @throws SottoError `cli/no-file`. */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SottoError('cli/no-file', 'A file with a certificate or key cannot be read.', {
      remedy: 'Name files that this user may read.',
      cause,
    });
  }
}

/**
 * A secret from a file, or from standard input for `-`; without the blanks around it. Never from an argument, which
 * other users of the machine can read.
 * @throws SottoError `cli/no-file`.
 */
export async function secretFrom(terminal: Terminal, file: string): Promise<string> {
  if (file !== '-') return (await textOf(file)).trim();
  let text = '';
  for await (const chunk of terminal.input) {
    text += String(chunk);
    if (text.length > LONGEST_SECRET) break;
  }
  return text.trim();
}
