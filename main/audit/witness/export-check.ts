import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../../base/index.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { AuditProblem } from '../contract.ts';
import { FILES, SSH_NAMESPACE } from '../export/names.ts';
import { leafHash } from '../merkle.ts';
import { openSsh, sshFingerprint } from '../ssh-signature.ts';
import { TILE_WIDTH, type Tile, TileTree, tilePath, tileWidth } from '../tiles.ts';
import { TileFolder } from './tile-folder.ts';

/** More would say nothing new. */
const MOST_PROBLEMS = 100;

/**
 * Checks an export against its checkpoint, whose signature the caller has verified: the tiles hash to the signed root,
 * the last leaf is the entry of the export, and what that entry promises (range and signing key) is what is there.
 * Everything rests on the key of the log alone. Memory does not grow with the log, but for the names of its files.
 */
export async function checkExport(folder: string, checkpoint: Checkpoint): Promise<readonly AuditProblem[]> {
  const check = new ExportCheck(folder, checkpoint);
  try {
    check.tree();
    const promise = check.exportEntry();
    check.bundles();
    if (promise !== null) {
      await check.lines(promise);
      await check.sums(promise.signer);
    }
  } catch (error) {
    if (!hasCode(error, 'audit/tile-missing')) throw error;
    check.tell(null, error.code, error.message);
  }
  return check.problems;
}

/** What the entry of the export says of it. */
interface ExportPromise {
  readonly first: number;
  readonly end: number;
  readonly signer: string;
}

const exportEntrySchema = z.object({
  activity_name: z.literal('audit.export'),
  unmapped: z.object({
    first: z.int().nonnegative(),
    end: z.int().nonnegative().nullable(),
    signer: z.string(),
  }),
});

class ExportCheck {
  readonly problems: AuditProblem[] = [];
  readonly #folder: string;
  readonly #checkpoint: Checkpoint;
  readonly #tiles: TileFolder;

  constructor(folder: string, checkpoint: Checkpoint) {
    this.#folder = folder;
    this.#checkpoint = checkpoint;
    this.#tiles = new TileFolder(folder, checkpoint.size);
  }

  tell(seq: number | null, code: string, message: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ seq, code, message });
  }

  /** Builds the tree anew from the leaves. */
  tree(): void {
    const tree = new TileTree();
    for (let seq = 0; seq < this.#checkpoint.size; seq += 1)
      for (const tile of tree.append(this.#tiles.leaf(seq))) this.#sameTile(tile);
    for (const tile of tree.edge()) this.#sameTile(tile);
    if (!tree.root().equals(this.#checkpoint.root))
      this.tell(
        null,
        'audit/tiles-changed',
        'The tiles are not those of the checkpoint: a hash in them was changed.',
      );
  }

  /** Null when the export does not hold its own entry. */
  exportEntry(): ExportPromise | null {
    const last = this.#checkpoint.size - 1;
    const json = this.#read(FILES.entry);
    if (last < 0 || json === null || !leafHash(json).equals(this.#tiles.leaf(last))) {
      this.tell(last, 'audit/not-this-export', `${FILES.entry} is not the last entry of the log.`);
      return null;
    }
    const entry = exportEntrySchema.safeParse(parsed(json.toString()));
    if (!entry.success) {
      this.tell(last, 'audit/not-this-export', 'The checkpoint was not made for an export.');
      return null;
    }
    const { first, end, signer } = entry.data.unmapped;
    return { first, end: end ?? this.#checkpoint.size, signer };
  }

  bundles(): void {
    for (let index = 0; index * TILE_WIDTH < this.#checkpoint.size; index += 1) {
      const width = tileWidth(0, index, this.#checkpoint.size);
      const bytes = this.#read(tilePath('entries', index, width));
      if (bytes !== null) this.#bundle(index, width, bytes);
    }
  }

  async lines({ first, end }: ExportPromise): Promise<void> {
    let next = first;
    if (!existsSync(join(this.#folder, FILES.lines))) {
      this.tell(null, 'audit/file-missing', `${FILES.lines} is missing.`);
      return;
    }
    for await (const line of linesOf(join(this.#folder, FILES.lines))) {
      if (next < end && !leafHash(line).equals(this.#tiles.leaf(next)))
        this.tell(
          next,
          'audit/entry-changed',
          `Entry ${next} in ${FILES.lines} is not the one that was logged.`,
        );
      next += 1;
    }
    if (next !== end)
      this.tell(
        null,
        'audit/entries-missing',
        `${FILES.lines} has ${next - first} entries; the export was made of ${end - first}.`,
      );
  }

  /** The list of files is signed with the key that the log names, every listed file is as listed, and no other is here. */
  async sums(signer: string): Promise<void> {
    const file = join(this.#folder, FILES.sums);
    const armoured = this.#read(FILES.signature);
    if (!existsSync(file) || armoured === null) {
      this.tell(null, 'audit/file-missing', `${FILES.sums} or its signature is missing.`);
      return;
    }
    const key = openSsh(armoured.toString(), await digestOf(file, 'sha512'), SSH_NAMESPACE);
    if (key === null || sshFingerprint(key) !== signer)
      this.tell(null, 'audit/sums-signature', `${FILES.sums} is not signed by the key that the log names.`);
    const unlisted = new Set(filesIn(this.#folder));
    for (const name of [FILES.sums, FILES.signature]) unlisted.delete(name);
    for await (const line of linesOf(file)) {
      const [, sum = '', path = ''] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line.toString()) ?? [];
      if (!unlisted.delete(path))
        this.tell(null, 'audit/file-missing', `A listed file is missing: ${path || '(unreadable)'}.`);
      else if ((await digestOf(join(this.#folder, path), 'sha256')).toString('hex') !== sum)
        this.tell(null, 'audit/file-changed', `${path} is not the file that was exported.`);
    }
    for (const path of unlisted) this.tell(null, 'audit/file-unlisted', `${path} is no part of the export.`);
  }

  #sameTile({ level, index, bytes }: Tile): void {
    if (level === 0 || this.#tiles.tile(level, index).equals(bytes)) return;
    this.tell(null, 'audit/tiles-changed', `The tile ${tilePath(level, index)} does not fit those below it.`);
  }

  #bundle(index: number, width: number, bytes: Buffer): void {
    let rest = bytes;
    for (let seq = index * TILE_WIDTH; seq < index * TILE_WIDTH + width; seq += 1) {
      const length = rest.length < 2 ? 0 : rest.readUInt16BE();
      const entry = rest.subarray(2, 2 + length);
      if (!leafHash(entry).equals(this.#tiles.leaf(seq)))
        this.tell(seq, 'audit/entry-changed', `Entry ${seq} in its bundle is not the one that was logged.`);
      rest = rest.subarray(2 + length);
    }
    if (rest.length > 0)
      this.tell(null, 'audit/entry-changed', `The bundle ${index} holds more than its entries.`);
  }

  #read(path: string): Buffer | null {
    try {
      return readFileSync(join(this.#folder, path));
    } catch {
      return null;
    }
  }
}

async function digestOf(file: string, algorithm: 'sha256' | 'sha512'): Promise<Buffer> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest();
}

/** More than any line of an export has: what is longer comes in pieces, which fit nothing. */
const LONGEST_LINE = 2 ** 17;

/** The lines of a file as bytes, without their ends: nothing but a newline ends one. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      yield rest.subarray(start, end);
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length <= LONGEST_LINE) continue;
    yield rest;
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) yield rest;
}

const NEWLINE = 10;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Paths below a folder, as SHA256SUMS writes them. Links are not followed. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
