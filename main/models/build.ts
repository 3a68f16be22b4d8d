import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { SottoError } from '../base/index.ts';
import { FOLDER, walk } from './folder.ts';
import { LIMITS } from './limits.ts';
import {
  checkManifest,
  digestOf,
  manifestBytes,
  type PackFile,
  type PackManifest,
  packManifestSchema,
  parseManifest,
} from './manifest.ts';
import type { OnProgress } from './progress.ts';
import { signManifest } from './signature.ts';
import { BLOCK, openSource, type PackSource } from './source.ts';
import { readFiles } from './verify.ts';
import { containerWriter, folderWriter, type PackWriter, syncFolder } from './write-pack.ts';

/** What a person writes: the manifest without what is computed, and for each file the hash known from its maker. */
const descriptionSchema = packManifestSchema.omit({ format: true, files: true }).extend({
  /** SHA-256 by path, where the maker publishes it: the build refuses a file that differs. */
  expected: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).default({}),
});
export type PackDescription = z.infer<typeof descriptionSchema>;

export interface BuildRequest {
  /** The folder with the model's files. All of it goes into the pack. */
  readonly from: string;
  readonly description: PackDescription;
  /** The pack to make; it must not exist. */
  readonly out: string;
  /** Make a folder instead of one file. */
  readonly folder?: boolean;
  readonly key?: KeyObject | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** @throws SottoError `models/bad-description`. */
export function describedPack(raw: unknown): PackDescription {
  const parsed = descriptionSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'its top';
  throw new SottoError('models/bad-description', `The description is wrong at ${where}: ${issue?.message}.`, {
    remedy: 'See docs/model-packs.md, or begin from an entry of models/catalogue/.',
  });
}

/**
 * Builds a pack from a folder of files, signed when a key is given. The pack comes to be in one step.
 * @throws SottoError `models/exists`, `models/unexpected-file`, `models/link`, and what a manifest may not say.
 */
export async function buildPack(request: BuildRequest): Promise<{ manifest: PackManifest; digest: string }> {
  const { from, description, out, key, signal, onProgress } = request;
  await refuseExisting(out);
  const sizes = new Map<string, number>();
  await walk(from, '', sizes, LIMITS.files);
  const paths = [...sizes.keys()].sort();
  const { expected, ...described } = description;
  const hollow = paths.map((path) => ({ path, size: sizes.get(path) ?? 0, sha256: '0'.repeat(64) }));
  const draft: PackManifest = { format: 'sotto-model-pack-1', ...described, files: hollow };
  if (hollow.length === 0) throw new SottoError('models/bad-manifest', 'The folder has no files.');
  checkManifest(draft, LIMITS);
  const files: PackFile[] = [];
  for (const { path, size } of hollow) {
    const sha256 = await sha256Of(join(from, path), signal);
    if (Object.hasOwn(expected, path) && expected[path] !== sha256)
      throw new SottoError(
        'models/unexpected-file',
        `${path} is not the file that the description expects.`,
        {
          remedy: 'Fetch it again from its maker, and compare the SHA-256.',
        },
      );
    files.push({ path, size, sha256 });
  }
  const missing = Object.keys(expected).find((path) => !sizes.has(path));
  if (missing !== undefined)
    throw new SottoError(
      'models/missing-file',
      `The folder lacks ${missing}, which the description expects.`,
    );
  const manifest: PackManifest = { ...draft, files };
  const bytes = manifestBytes(manifest);
  const source: PackSource = {
    manifest: bytes,
    signature: null,
    checkOutline: async () => {},
    read: (_, { path }) => createReadStream(join(from, path), { highWaterMark: BLOCK }),
    close: async () => {},
  };
  const signature = key ? signManifest(bytes, key) : Buffer.alloc(0);
  await inOneStep(out, request.folder === true, bytes, signature, async (writer) =>
    readFiles(source, manifest, writer, { signal, onProgress }),
  );
  return { manifest, digest: digestOf(bytes) };
}

/**
 * Signs a pack in its place, whatever signature it had. Its files are held against the manifest first: nobody signs what
 * is not there.
 * @throws SottoError `models/tampered`, `models/truncated`, … as a pack that is not whole.
 */
export async function signPack(
  path: string,
  key: KeyObject,
  options: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress } = {},
): Promise<{ manifest: PackManifest; digest: string }> {
  const source = await openSource(path, LIMITS);
  try {
    const bytes = source.manifest;
    const manifest = parseManifest(bytes, LIMITS);
    const signature = signManifest(bytes, key);
    const isFolder = (await lstat(path)).isDirectory();
    if (isFolder) {
      await readFiles(source, manifest, { begin: nothing, write: nothing, end: nothing }, options);
      await replaceFile(join(path, FOLDER.signature), signature);
    } else {
      await inOneStep(
        path,
        false,
        bytes,
        signature,
        (writer) => readFiles(source, manifest, writer, options),
        () => source.close(),
      );
    }
    return { manifest, digest: digestOf(bytes) };
  } finally {
    await source.close();
  }
}

async function nothing(): Promise<void> {}

/** Writes beside the place and renames when all is there; nothing is left of what failed. */
async function inOneStep(
  out: string,
  asFolder: boolean,
  manifest: Buffer,
  signature: Buffer,
  fill: (writer: PackWriter) => Promise<void>,
  beforeRename: () => Promise<void> = nothing,
): Promise<void> {
  const place = resolve(out);
  const unfinished = `${place}.unfinished-${randomBytes(6).toString('hex')}`;
  try {
    if (asFolder) await mkdir(unfinished, { mode: 0o755 });
    const make = asFolder ? folderWriter : containerWriter;
    const writer = await make(unfinished, manifest, signature);
    await fill(writer).finally(() => writer.close());
    await beforeRename();
    await rename(unfinished, place);
    await syncFolder(dirname(place));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw inOurWords(error);
  }
}

async function replaceFile(file: string, content: Buffer): Promise<void> {
  const unfinished = `${file}.new`;
  await rm(unfinished, { force: true });
  const handle = await open(unfinished, 'wx', 0o444);
  await handle.writeFile(content);
  await handle.sync().finally(() => handle.close());
  await rename(unfinished, file);
  await syncFolder(dirname(file));
}

async function refuseExisting(out: string): Promise<void> {
  const stats = await lstat(out).catch(() => null);
  if (stats)
    throw new SottoError('models/exists', 'There is something at the place of the new pack already.', {
      remedy: 'Name a place that is free.',
    });
}

async function sha256Of(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file, { highWaterMark: BLOCK })) {
    signal?.throwIfAborted();
    hash.update(block);
  }
  return hash.digest('hex');
}

const errnoSchema = z.object({ code: z.string() });

/** What the disk refuses, as an error that says what to do. */
export function inOurWords(error: unknown): unknown {
  if (error instanceof SottoError || !errnoSchema.safeParse(error).success) return error;
  const { code } = errnoSchema.parse(error);
  if (code === 'ABORT_ERR') return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new SottoError(
    full ? 'models/disk-full' : 'models/cannot-write',
    full ? 'The disk is full.' : 'The pack cannot be read or written there.',
    {
      remedy: full ? 'Free some space, and run it again.' : 'Check the folder and who may use it.',
      cause: error,
    },
  );
}
