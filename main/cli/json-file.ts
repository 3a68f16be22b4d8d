import { readFile } from 'node:fs/promises';
import { SottoError } from '../base/index.ts';

/** What a JSON file holds, for a room to check. `remedy` says what should stand in it. @throws SottoError `cli/usage` */
export async function readJsonFile(file: string, remedy: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new SottoError('cli/usage', 'The file cannot be read, or is no JSON.', { remedy, cause });
  }
}
