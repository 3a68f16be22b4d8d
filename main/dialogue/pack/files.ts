import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../base/index.ts';
import type { PackProblem } from './pack.ts';

/** All that a pack's folder holds, by path relative to it (with `/`), in the order of the names. */
export type PackFiles = ReadonlyMap<string, Buffer>;

const MAX_FILES = 500;
const MAX_FILE_BYTES = 1024 * 1024;
/** Pictures in them weigh most; only their text is read. */
const MAX_PDF_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 6;
/** What demo servers keep beside themselves is data, not the pack. */
const IGNORED = /(^|\/)(node_modules|\.git|\.DS_Store)$|\.db(-wal|-shm|-journal)?$/;

/** Reads the folder whole, within limits. Links are refused: they lead out of what was reviewed and hashed. */
export async function readPackFiles(
  folder: string,
): Promise<{ files: PackFiles; problems: readonly PackProblem[] }> {
  const files = new Map<string, Buffer>();
  const problems: PackProblem[] = [];
  try {
    await readFolder(await realpath(folder), '', 0, files, problems);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'is not there' : 'cannot be read';
    problems.push(
      fileProblem(
        'desk.yaml',
        `The desk folder ${reason} (${codeOf(error) === 'internal' ? error.code : ''}).`,
        'Name the folder that holds desk.yaml.',
      ),
    );
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), problems };
}

/** SHA-256 (hex) over names and bytes; lengths go in, so that no two packs run together. */
export function hashFiles(files: PackFiles): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of files) {
    hash.update(`${Buffer.byteLength(name)}:${name}:${bytes.length}:`);
    hash.update(bytes);
  }
  return hash.digest('hex');
}

export function fileProblem(file: string, message: string, remedy: string): PackProblem {
  return { severity: 'error', file, line: 1, column: 1, message, remedy };
}

async function readFolder(
  root: string,
  relative: string,
  depth: number,
  files: Map<string, Buffer>,
  problems: PackProblem[],
): Promise<void> {
  for (const entry of await readdir(join(root, relative), { withFileTypes: true })) {
    const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (IGNORED.test(name)) continue;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await readFolder(root, name, depth + 1, files, problems);
      else
        problems.push(
          fileProblem(name, 'The folders are nested too deeply.', 'Keep files nearer to desk.yaml.'),
        );
    } else if (entry.isFile()) await readOne(root, name, files, problems);
    else
      problems.push(
        fileProblem(
          name,
          entry.isSymbolicLink()
            ? 'This is a link; a desk pack holds only files.'
            : 'This is no ordinary file.',
          'Put the file itself into the folder.',
        ),
      );
  }
}

async function readOne(
  root: string,
  name: string,
  files: Map<string, Buffer>,
  problems: PackProblem[],
): Promise<void> {
  if (files.size >= MAX_FILES) {
    if (
      files.size === MAX_FILES &&
      !problems.some((problem) => problem.message.startsWith('The folder holds'))
    )
      problems.push(
        fileProblem(name, `The folder holds more than ${MAX_FILES} files.`, 'Keep only what the desk needs.'),
      );
    return;
  }
  const handle = await open(join(root, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const { size } = await handle.stat();
    const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, size);
    const most = /^knowledge\/.+\.pdf$/i.test(name) ? MAX_PDF_BYTES : MAX_FILE_BYTES;
    if (size > most || total > MAX_TOTAL_BYTES)
      problems.push(
        fileProblem(
          name,
          `The file is too large (${Math.ceil(size / 1024)} KiB).`,
          'Split it, or leave it out of the pack.',
        ),
      );
    else files.set(name, await handle.readFile());
  } finally {
    await handle.close();
  }
}
