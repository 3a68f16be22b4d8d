import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCore } from '../../main/appliance/core.ts';
import { installRoot, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import type { SupervisedSpeech } from '../../main/speech/index.ts';
import { serverProcesses, temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

test('a core that fails after its gateway was opened leaves no tool server running', async () => {
  const speech = {
    synthesiser: { prepare: async () => {} },
    recogniser: { open: () => Promise.reject(new Error('no engine')) },
    vad: { open: () => Promise.reject(new Error('no engine')) },
    onCrash: () => {
      throw new Error('no engine');
    },
  } as unknown as SupervisedSpeech;
  const { deskData, models } = pathsIn(temporaryFolder());
  const opening = openCore({
    vault: await throwaway(),
    deskFolder: join(installRoot, 'desks', 'bank-branch'),
    deskData,
    models,
    speech,
    clock: systemClock,
    log: silentLog,
  });
  await expect(opening).rejects.toThrow('no engine');
  expect(serverProcesses('server/server.ts')).toEqual([]);
});
