import { join } from 'node:path';
import { SottoError } from '../base/index.ts';
import { checkFiles, type ExpectedFile } from './check-files.ts';
import { FOLDER, FolderSource } from './folder.ts';
import { LIMITS } from './limits.ts';
import { digestOf, type PackManifest, parseManifest } from './manifest.ts';

/** Where an installed pack lies, and which it must be: all that a process needs to load it. */
export interface PackPlace {
  readonly folder: string;
  /** SHA-256 of its manifest, hex; from the vault. */
  readonly digest: string;
}

/** A pack whose every file was just held against what was signed. */
export interface CheckedPack extends PackPlace {
  readonly manifest: PackManifest;
  /** The absolute path of a file or folder of the pack. */
  path(inPack: string): string;
}

/**
 * Reads an installed pack and checks it whole: the manifest against its digest, every file against the manifest. Called
 * by the process that is about to load it, each time that it starts.
 * @throws SottoError `models/damaged`.
 */
export async function checkedPack({ folder, digest }: PackPlace, signal?: AbortSignal): Promise<CheckedPack> {
  const source = await FolderSource.open(folder, LIMITS).catch(() => null);
  if (!source || digestOf(source.manifest) !== digest) throw damaged();
  const manifest = parseManifest(source.manifest, LIMITS);
  const path = (inPack: string) => join(folder, FOLDER.files, inPack);
  const files: ExpectedFile[] = manifest.files.map((file) => ({ ...file, path: path(file.path) }));
  await checkFiles(files, signal);
  return { folder, digest, manifest, path };
}

export function damaged(cause?: unknown): SottoError {
  return new SottoError('models/damaged', 'An installed model pack is not as it was signed.', {
    remedy: 'Install it again from its .sottopack file. If this repeats, have the disk checked.',
    cause,
  });
}
