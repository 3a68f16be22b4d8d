import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { containerHead } from './container.ts';
import { FOLDER } from './folder.ts';
import type { PackFile } from './manifest.ts';
import type { FileSink } from './verify.ts';

/** Writes packs: the files arrive in the manifest's order. `close` makes all of it durable. */
export interface PackWriter extends FileSink {
  close(): Promise<void>;
}

/** Writes one `.sottopack` file; it must not exist. */
export async function containerWriter(
  path: string,
  manifest: Buffer,
  signature: Buffer,
): Promise<PackWriter> {
  const handle = await open(path, 'wx', 0o644);
  await handle.writeFile(containerHead(manifest, signature));
  return {
    begin: async () => {},
    write: (block) => handle.writeFile(block),
    end: async () => {},
    close: async () => {
      await handle.sync().finally(() => handle.close());
    },
  };
}

/** Writes a pack into an empty folder. Its files can be read, and changed by nobody. */
export async function folderWriter(folder: string, manifest: Buffer, signature: Buffer): Promise<PackWriter> {
  const folders = new Set<string>([folder]);
  let handle: FileHandle | undefined;
  const whole = async (name: string, content: Buffer) => {
    const file = await open(join(folder, name), 'wx', 0o400);
    await file.writeFile(content);
    await file.sync().finally(() => file.close());
  };
  if (signature.length > 0) await whole(FOLDER.signature, signature);
  await whole(FOLDER.manifest, manifest);
  return {
    begin: async ({ path }: PackFile) => {
      const place = join(folder, FOLDER.files, path);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      for (let up = dirname(place); up !== folder; up = dirname(up)) folders.add(up);
      handle = await open(place, 'wx', 0o400);
    },
    write: async (block) => {
      await handle?.writeFile(block);
    },
    end: async () => {
      const file = handle;
      handle = undefined;
      await file?.sync().finally(() => file.close());
    },
    close: async () => {
      await handle?.close();
      for (const each of folders) await syncFolder(each);
    },
  };
}

/** New names in a folder are durable once the folder is. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
