/** The pack that a site has chosen tells synthetic voices in its conversations; damaged, nothing is looked for. */
import { chmodSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { delay, pathsIn, systemClock } from '../../main/base/index.ts';
import { openModels } from '../../main/models/index.ts';
import type { Vault } from '../../main/vault/index.ts';
import { tone } from '../attack/sound-attacks.ts';
import { ENGINE, hissDetector } from '../guard/hiss-detector.ts';
import { pack, signer } from '../models/support.ts';
import { onnx } from '../support/onnx.ts';
import { openQuietCore } from '../support/quiet-core.ts';
import { temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

const RATE = 16_000;

interface Place {
  readonly vault: Vault;
  readonly models: string;
}

async function place(): Promise<Place> {
  return { vault: await throwaway(), models: pathsIn(temporaryFolder()).models };
}

/** A site that has chosen the pack; gives the file of its model. */
async function choose({ vault, models: folder }: Place): Promise<string> {
  const audit = openAuditLog(vault, { clock: systemClock });
  const models = await openModels({ vault, audit, clock: systemClock, paths: { models: folder } });
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  const about = { id: 'hiss', kind: 'antispoof', engine: ENGINE, sampleRate: RATE };
  const file = await pack(by, about, { files: { 'model.onnx': onnx(hissDetector()) } });
  await models.install(file, { actor: 'system' });
  models.choose('hiss', 'system');
  const opened = await models.open('hiss');
  audit.close();
  return opened.path('model.onnx');
}

/** What is found of two seconds and a half, by the core of this site. */
async function foundAt({ vault, models }: Place, sound: Float32Array): Promise<readonly string[]> {
  const { deskData } = pathsIn(temporaryFolder());
  const { core } = await openQuietCore({ vault, paths: { deskData, models } });
  try {
    const watch = core.safeguards.sound.watch('c1');
    watch.begin();
    for (let at = 0; at < sound.length; at += RATE / 2) {
      watch.push(sound.subarray(at, at + RATE / 2), RATE);
      await delay(60);
    }
    return watch.end({ overAgent: false }).findings.map(({ kind }) => kind);
  } finally {
    await core.close('test');
  }
}

test('a chosen pack is asked about every utterance', async () => {
  const chosen = await place();
  await choose(chosen);
  expect(await foundAt(chosen, tone(5_000, 2_500))).toContain('synthetic');
});

test('without one, or with one that was damaged since, nothing is looked for, and the desk opens', async () => {
  expect(await foundAt(await place(), tone(5_000, 2_500))).not.toContain('synthetic');
  const damaged = await place();
  const file = await choose(damaged);
  chmodSync(file, 0o600);
  writeFileSync(file, 'not a model');
  expect(await foundAt(damaged, tone(5_000, 2_500))).not.toContain('synthetic');
});
