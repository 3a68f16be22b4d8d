import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SottoError } from '../../base/index.ts';

/** Lists every other file of the folder. */
export const SUMS_FILE = 'SHA256SUMS';

/**
 * A folder of files that comes to be in one step: it is written under another name beside its place, and renamed when
 * it is complete. `SHA256SUMS` grows with it, so that its memory does not.
 */
export class ExportFolder {
  readonly #place: string;
  readonly #unfinished: string;
  readonly #sums: SummedFile;
  readonly #growing = new Set<SummedFile>();
  #files = 0;

  private constructor(place: string, unfinished: string, sums: SummedFile) {
    this.#place = place;
    this.#unfinished = unfinished;
    this.#sums = sums;
  }

  /** @throws SottoError `audit/export-exists`, `audit/export-failed`. */
  static async begin(out: string): Promise<ExportFolder> {
    const place = resolve(out);
    refuseExisting(place);
    return inOurWords(async () => {
      const unfinished = await mkdtemp(`${place}.unfinished-`);
      return new ExportFolder(place, unfinished, await SummedFile.create(join(unfinished, SUMS_FILE)));
    });
  }

  /** How many files are listed. */
  get files(): number {
    return this.#files;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await this.#put(path, content);
    await this.#list(path, createHash('sha256').update(content).digest('hex'));
  }

  /** A file that grows bit by bit. It is listed when `finish` is told of it. */
  async grow(path: string): Promise<GrowingFile> {
    const file = await SummedFile.create(join(this.#unfinished, path));
    this.#growing.add(file);
    return {
      append: (content) => file.append(content),
      finish: async () => {
        await file.close();
        this.#growing.delete(file);
        await this.#list(path, file.sha256());
      },
    };
  }

  /** Signs the list with `sign` (from its SHA-512 to the signature) and moves the folder to its place. */
  async finish(sign: (sha512: Buffer) => string): Promise<void> {
    await this.#sums.close();
    await this.#put(`${SUMS_FILE}.sig`, sign(this.#sums.sha512()));
    refuseExisting(this.#place);
    await rename(this.#unfinished, this.#place);
    await syncFolder(dirname(this.#place));
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#sums, ...this.#growing].map((file) => file.close()));
    await rm(this.#unfinished, { recursive: true, force: true });
  }

  async #put(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.#unfinished, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content, { flag: 'wx', mode: 0o600, flush: true });
  }

  async #list(path: string, sha256: string): Promise<void> {
    this.#files += 1;
    await this.#sums.append(`${sha256}  ${path}\n`);
  }
}

export interface GrowingFile {
  append(content: string): Promise<void>;
  finish(): Promise<void>;
}

/** What the file system refuses, as a SottoError `audit/export-failed`. */
export async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
    throw new SottoError(
      'audit/export-failed',
      full ? 'The disk is full: nothing was exported.' : 'The export could not be written.',
      {
        remedy: full
          ? 'Make room there, or export to another disk.'
          : 'Check that the folder above it exists, that you may write there, and that its disk is well.',
        cause: error,
      },
    );
  }
}

/** A file that is hashed as it grows. Small pieces are gathered before they are written. */
class SummedFile {
  readonly #handle: FileHandle;
  readonly #sha256: Hash = createHash('sha256');
  readonly #sha512: Hash = createHash('sha512');
  #waiting: string[] = [];
  #waitingLength = 0;
  #closed = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(file: string): Promise<SummedFile> {
    return new SummedFile(await open(file, 'wx', 0o600));
  }

  async append(content: string): Promise<void> {
    this.#waiting.push(content);
    this.#waitingLength += content.length;
    if (this.#waitingLength >= GATHER) await this.#flush();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  sha256(): string {
    return this.#sha256.digest('hex');
  }

  sha512(): Buffer {
    return this.#sha512.digest();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#sha256.update(bytes);
    this.#sha512.update(bytes);
    for (let written = 0; written < bytes.length; )
      written += (await this.#handle.write(bytes, written)).bytesWritten;
  }
}

/** Characters gathered before they are written. */
const GATHER = 65_536;

function refuseExisting(place: string): void {
  if (existsSync(place))
    throw new SottoError('audit/export-exists', 'There is something at the place of the export already.', {
      remedy: 'Name a folder that does not exist yet. Nothing is overwritten.',
    });
}

/** A rename is durable once its folder is. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
