import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { startSpeech } from '../../main/speech/index.ts';

it('engines are told not to report home, and get nothing else of our environment', async () => {
  process.env.SOTTO_PASSPHRASE_FILE = '/nowhere';
  const speech = await startSpeech({ log: silentLog });
  try {
    await speech.warmUp();
    for (const pid of Object.values(speech.pids())) {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      expect(environment).toContain('ORT_DISABLE_TELEMETRY=1');
      expect(environment.join()).not.toContain('SOTTO_');
    }
  } finally {
    await speech.close();
    delete process.env.SOTTO_PASSPHRASE_FILE;
  }
});
