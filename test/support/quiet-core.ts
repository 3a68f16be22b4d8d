/** The appliance's core at a real desk without engines of speech: what is typed goes the whole way. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Core, openCore } from '../../main/appliance.ts';
import { installRoot, type Log, type Paths, silentLog, systemClock } from '../../main/base/index.ts';
import type { SupervisedSpeech } from '../../main/speech/index.ts';
import type { Vault } from '../../main/vault/index.ts';

const speech = {
  synthesiser: { prepare: async () => {} },
  onCrash: () => () => {},
} as unknown as SupervisedSpeech;

export interface QuietSite {
  readonly vault: Vault;
  readonly paths: Pick<Paths, 'deskData' | 'models'>;
  /** The bank's unless told. */
  readonly deskFolder?: string;
}

/** Opens it on the vault, which it owns from here; it is closed with the test. `warnings`: of its log, with their codes. */
export async function openQuietCore({
  vault,
  paths: { deskData, models },
  deskFolder = join(installRoot, 'desks', 'bank-branch'),
}: QuietSite): Promise<{ readonly core: Core; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (event, detail) => void warnings.push(`${event} ${detail?.code ?? ''}`),
  };
  const core = await openCore({ vault, deskFolder, deskData, models, speech, clock: systemClock, log });
  onTestFinished(() => core.close('test'));
  return { core, warnings };
}
