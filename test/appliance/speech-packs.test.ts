/** The voice that a site has chosen speaks at its desk; damaged, it is gone without. */
import { expect, onTestFinished, test } from 'vitest';
import { speechWithPacks } from '../../main/appliance/speech-packs.ts';
import { silentLog } from '../../main/base/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { pack, signer, site } from '../models/support.ts';
import { flipBit } from '../support/damage.ts';
import { onnx } from '../support/onnx.ts';
import { HUM_RATE, HUM_TOKENS, hummingVoice } from '../support/tiny-models.ts';

test('a chosen voice is the desk’s; damaged on the disk it is not, and the built-in one speaks', async () => {
  const { models } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'the test' }, 'system');
  const engine = {
    family: 'vits',
    files: { model: 'model.onnx', tokens: 'tokens.txt' },
    voices: [{ name: 'hum', speaker: 0 }],
  };
  const about = { id: 'hum', kind: 'synthesiser', engine, sampleRate: HUM_RATE };
  const files = { 'model.onnx': onnx(hummingVoice()), 'tokens.txt': HUM_TOKENS };
  const { id } = await models.install(await pack(by, about, { files }), { actor: 'system' });
  const speech = await startSpeech({ log: silentLog });
  onTestFinished(() => speech.close());
  const parts = { log: silentLog, speech, models };

  expect(await speechWithPacks(parts)).toBe(speech); // installed is not chosen
  models.choose(id, 'system');
  const packed = await speechWithPacks(parts);
  expect(packed.synthesiser.engine).toContain('vits');
  await packed.close();

  const { folder: place } = await models.open(id);
  flipBit(place, '.onnx');
  expect(await speechWithPacks(parts)).toBe(speech);
});
