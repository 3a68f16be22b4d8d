import { SottoError } from '../../../base/index.ts';
import type { CheckedPack, PackEngine } from '../../../models/index.ts';

export type AntispoofEngine = Extract<PackEngine, { readonly family: 'onnx-antispoof' }>;

/** The engine of a pack that tells synthetic voices. @throws SottoError `guard/wrong-pack`. */
export function antispoofEngine({ manifest }: CheckedPack): AntispoofEngine {
  if (manifest.engine.family === 'onnx-antispoof') return manifest.engine;
  throw new SottoError('guard/wrong-pack', 'The pack is not for telling synthetic voices.', {
    remedy: 'Choose a pack of the kind antispoof.',
  });
}
