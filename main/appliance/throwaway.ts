import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Log, pathsIn, systemClock } from '../base/index.ts';
import { releaseWebRtc } from '../media/index.ts';
import { type SupervisedSpeech, startSpeech } from '../speech/index.ts';
import { createVault } from '../vault/index.ts';
import { type Core, openCore } from './core.ts';

/** A whole appliance for one command or one test: its vault's key lives in memory and its files go with it. */
export interface Throwaway {
  readonly core: Core;
  readonly speech: SupervisedSpeech;
  /** The folder of its files, removed by `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

/** @throws SottoError `desk/invalid`, `speech/engine-unavailable` */
export async function openThrowaway(options: {
  readonly deskFolder: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** False for typed conversations, which need no engine. */
  readonly sound?: boolean;
}): Promise<Throwaway> {
  const { deskFolder, log, clock = systemClock, sound = true } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sotto-'));
  const speech = await startSpeech({ log });
  const close = async (core: Core | null) => {
    await core?.close('throwaway-closed');
    await speech.close();
    releaseWebRtc();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (sound) await speech.warmUp();
    const paths = pathsIn(folder);
    const vault = await createVault(paths, { kind: 'ephemeral' }, { clock, log });
    const { deskData, models } = paths;
    const core = await openCore({ vault, deskFolder, deskData, models, speech, clock, log });
    return { core, speech, folder, close: () => close(core) };
  } catch (error) {
    await close(null);
    throw error;
  }
}
