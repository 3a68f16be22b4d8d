import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SottoError } from '../../base/index.ts';
import {
  type DeviceEndpoint,
  openDeviceEndpoint,
  openWavEndpoint,
  readWav,
  type WavEndpoint,
} from '../../media/index.ts';
import type { Line } from './recorded.ts';

/** Reads all recordings before the conversation begins, so that a bad one costs no half conversation. */
export async function readLines(files: readonly string[]): Promise<readonly Line[]> {
  return await Promise.all(files.map(async (file) => ({ file, recording: await readNamed(file) })));
}

/** Where the conversation's sound comes from: recordings, else the machine's devices; null when it is typed. */
export async function openSound(chosen: {
  readonly in: readonly string[];
  readonly out?: string | undefined;
  readonly typed: boolean;
}): Promise<WavEndpoint | DeviceEndpoint | null> {
  if (chosen.typed) return null;
  if (chosen.in.length === 0) return await openDeviceEndpoint();
  if (chosen.out === undefined) return await openWavEndpoint({ label: 'recordings' });
  await mkdir(chosen.out, { recursive: true });
  return await openWavEndpoint({ label: 'recordings', outFile: join(chosen.out, 'conversation.wav') });
}

async function readNamed(file: string): Promise<Line['recording']> {
  try {
    return await readWav(file);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    throw new SottoError(error.code, `${basename(file)}: ${error.message}`, { ...remedy, cause: error });
  }
}
