/** A model of the form of those that tell synthetic voices, small enough to be written by a test. */
import { FLOAT, INT64, type Model } from '../support/onnx.ts';

export const SAMPLES = 32_000;
export const ENGINE = {
  family: 'onnx-antispoof',
  files: { model: 'model.onnx' },
  samples: SAMPLES,
  scores: 'logits',
  person: 1,
  limit: 0.8,
} as const;

/** Takes what changes faster than a voice for synthetic: the mean step against the mean size of the samples. */
export function hissDetector(): Model {
  const constant = (name: string, data: number) => ({ name, type: INT64, shape: [1], data: [data] }) as const;
  const mean = (input: string, output: string) => [
    { op: 'Abs', inputs: [input], outputs: [`${output}_abs`] },
    {
      op: 'ReduceMean',
      inputs: [`${output}_abs`],
      outputs: [output],
      attributes: { axes: [1], keepdims: 1 },
    },
  ];
  return {
    inputs: [{ name: 'waveform', type: FLOAT, shape: [1, SAMPLES] }],
    outputs: [{ name: 'scores', type: FLOAT, shape: [1, 2] }],
    constants: [
      ...[constant('zero', 0), constant('one', 1), constant('last', -1), constant('end', SAMPLES)],
      { name: 'gain', type: FLOAT, shape: [1], data: [100] },
    ],
    nodes: [
      { op: 'Slice', inputs: ['waveform', 'one', 'end', 'one'], outputs: ['later'] },
      { op: 'Slice', inputs: ['waveform', 'zero', 'last', 'one'], outputs: ['earlier'] },
      { op: 'Sub', inputs: ['later', 'earlier'], outputs: ['steps'] },
      ...mean('steps', 'step'),
      ...mean('waveform', 'size'),
      { op: 'Sub', inputs: ['step', 'size'], outputs: ['hiss'] },
      { op: 'Mul', inputs: ['hiss', 'gain'], outputs: ['synthetic'] },
      { op: 'Neg', inputs: ['synthetic'], outputs: ['person'] },
      { op: 'Concat', inputs: ['synthetic', 'person'], outputs: ['scores'], attributes: { axis: 1 } },
    ],
  };
}
