import { rmSync } from 'node:fs';
import { chmod, mkdir, opendir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newId, SottoError } from '../base/index.ts';
import { inOurWords } from './build.ts';
import { LIMITS } from './limits.ts';
import { KINDS, type PackManifest, totalSize } from './manifest.ts';
import type { PackSource } from './source.ts';
import { readFiles, type VerifyOptions } from './verify.ts';
import { folderWriter, syncFolder } from './write-pack.ts';

/** What the vault remembers of an installed pack. Its manifest is on the disk; its digest, here, says which it must be. */
export const installedSchema = z.strictObject({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  kind: z.enum(KINDS),
  family: z.string(),
  /** SHA-256 of the manifest, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  signer: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  /** Its folder under `models/`. */
  folder: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  installedAt: z.int(),
  installedBy: z.string(),
});
export type InstalledModel = z.infer<typeof installedSchema>;

const STAGING = '.incoming-';
/** `<id>-<version>-<UUID>`: what this room makes, and so may clear away. */
const OURS =
  /^[a-z0-9][a-z0-9.-]*-\d+\.\d+\.\d+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Beside the pack: what the vault, its log and the system still need. */
const SPARE_BYTES = 64 * 2 ** 20;

/**
 * Copies a pack into the folder of models, verifying every byte on the way, and gives the name of its new folder.
 * Whatever happens before the caller writes that name into the vault, the folder is only a leftover.
 */
export async function copyIn(
  root: string,
  source: PackSource,
  manifest: PackManifest,
  options: VerifyOptions,
): Promise<string> {
  await source.checkOutline(manifest);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await refuseFullDisk(root, manifest);
  const id = newId();
  const staging = join(root, `${STAGING}${id}`);
  const folder = `${manifest.id}-${manifest.version}-${id}`;
  try {
    await mkdir(staging, { mode: 0o700 });
    const writer = await folderWriter(staging, source.manifest, source.signature ?? Buffer.alloc(0));
    await readFiles(source, manifest, writer, options).finally(() => writer.close());
    await rename(staging, join(root, folder));
    await syncFolder(root);
    return folder;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw inOurWords(error);
  }
}

/** Takes away what an interrupted installation or removal left, and nothing that this room did not make. */
export async function clearLeftovers(root: string, kept: readonly InstalledModel[]): Promise<number> {
  if (!(await stat(root).catch(() => null))) return 0;
  const known = new Set(kept.map(({ folder }) => folder));
  let cleared = 0;
  for await (const { name } of await opendir(root)) {
    const leftover = name.startsWith(STAGING) || (OURS.test(name) && !known.has(name));
    if (!leftover) continue;
    await takeAway(root, name);
    cleared += 1;
  }
  return cleared;
}

/** Windows refuses to remove read-only files. */
export async function takeAway(root: string, folder: string): Promise<void> {
  const place = join(root, folder);
  if (process.platform === 'win32') {
    for await (const entry of await opendir(place, { recursive: true }))
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o600);
  }
  rmSync(place, { recursive: true, force: true });
}

async function refuseFullDisk(root: string, manifest: PackManifest): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const needed = totalSize(manifest) + LIMITS.manifestBytes + SPARE_BYTES;
  if (bavail * bsize >= needed) return;
  throw new SottoError('models/disk-full', 'There is not enough room on the disk for this pack.', {
    remedy: `Free ${Math.ceil((needed - bavail * bsize) / 2 ** 20)} MiB, and run it again.`,
  });
}

/** -1, 0 or 1. Versions are three numbers. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
