import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveOf } from './archive.ts';
import type { OpenServices } from './services.ts';

interface Block {
  readonly type: 'block';
  readonly base64: string;
}

interface Head {
  readonly type: 'made';
  readonly name: string;
  readonly bytes: number;
}

/**
 * Lets a folder be made and sends it to the window as one tar archive, which anybody's tools open; first what `make` tells
 * of it. Nothing of it stays on the appliance, however the sending ends; `signal` aborts with it.
 */
export async function* sendFolder<Told extends object>(
  newExportFolder: OpenServices['newExportFolder'],
  folder: string,
  make: (out: string, signal: AbortSignal) => Told | Promise<Told>,
  nameOf: (told: Told) => string = () => `${folder}.tar`,
): AsyncGenerator<(Told & Head) | Block, void, void> {
  const holder = await newExportFolder();
  const leaving = new AbortController();
  try {
    const out = join(holder, folder);
    const told = await make(out, leaving.signal);
    const archive = await archiveOf(out, folder);
    yield { ...told, type: 'made', name: nameOf(told), bytes: archive.bytes };
    for await (const base64 of archive.blocks()) yield { type: 'block', base64 };
  } finally {
    leaving.abort();
    await rm(holder, { recursive: true, force: true });
  }
}
