/**
 * Models small enough to be written by a test, in the forms of the real ones: recognisers that tell low from high tones
 * or always write one sentence, a voice that hums, an embedding of where in the spectrum the energy lies.
 */
import { FLOAT, INT64, type Model } from './onnx.ts';

const BINS = 80;
/** Mel bins (of 80 up to 8 kHz) below and above which a tone counts as low or high. */
const SPLIT = 40;

/** Blank is last, as NeMo has it. */
export const TONE_TOKENS = '\u2581low 0\n\u2581high 1\n<blk> 2\n';
/** Blank is first, as icefall has it. */
export const TONE_TOKENS_BLANK_FIRST = '<blk> 0\n\u2581low 1\n\u2581high 2\n';

/** [bins, tokens] so that the louder half of the spectrum wins over the other, and the blank wins in silence. */
function toneWeights(low: number, high: number): number[] {
  return Array.from({ length: BINS * 3 }, (_, i) => {
    const [bin, token] = [Math.floor(i / 3), i % 3];
    const mine = token === low ? bin < SPLIT : token === high && bin >= SPLIT;
    return mine ? 1 / SPLIT : 0;
  });
}

/**
 * A streaming CTC recogniser in NeMo's form: 80 log mel energies a frame, one step of output for 4 frames, states passed
 * through.
 */
export function streamingToneRecogniser(blankAt: number): Model {
  return {
    inputs: [
      { name: 'audio_signal', type: FLOAT, shape: ['N', BINS, 'T'] },
      { name: 'length', type: INT64, shape: ['N'] },
      { name: 'cache_last_channel', type: FLOAT, shape: ['N', 1, 1, 1] },
      { name: 'cache_last_time', type: FLOAT, shape: ['N', 1, 1, 1] },
      { name: 'cache_last_channel_len', type: INT64, shape: ['N'] },
    ],
    outputs: [
      { name: 'logprobs', type: FLOAT, shape: ['N', 'U', 3] },
      { name: 'encoded_lengths', type: INT64, shape: ['N'] },
      { name: 'cache_last_channel_next', type: FLOAT, shape: ['N', 1, 1, 1] },
      { name: 'cache_last_time_next', type: FLOAT, shape: ['N', 1, 1, 1] },
      { name: 'cache_last_channel_len_next', type: INT64, shape: ['N'] },
    ],
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['audio_signal'],
        outputs: ['pooled'],
        attributes: { kernel_shape: [4], strides: [4] },
      },
      { op: 'Transpose', inputs: ['pooled'], outputs: ['frames'], attributes: { perm: [0, 2, 1] } },
      { op: 'MatMul', inputs: ['frames', 'weights'], outputs: ['energy'] },
      { op: 'Add', inputs: ['energy', 'bias'], outputs: ['logits'] },
      { op: 'LogSoftmax', inputs: ['logits'], outputs: ['logprobs'], attributes: { axis: -1 } },
      { op: 'Identity', inputs: ['length'], outputs: ['encoded_lengths'] },
      { op: 'Identity', inputs: ['cache_last_channel'], outputs: ['cache_last_channel_next'] },
      { op: 'Identity', inputs: ['cache_last_time'], outputs: ['cache_last_time_next'] },
      { op: 'Identity', inputs: ['cache_last_channel_len'], outputs: ['cache_last_channel_len_next'] },
    ],
    constants: [
      { name: 'weights', type: FLOAT, shape: [BINS, 3], data: toneWeights(0, 1) },
      { name: 'bias', type: FLOAT, shape: [3], data: [0, 0, blankAt] },
    ],
    metadata: {
      window_size: 20,
      chunk_shift: 20,
      subsampling_factor: 4,
      vocab_size: 2,
      cache_last_channel_dim1: 1,
      cache_last_channel_dim2: 1,
      cache_last_channel_dim3: 1,
      cache_last_time_dim1: 1,
      cache_last_time_dim2: 1,
      cache_last_time_dim3: 1,
      normalize_type: '',
    },
  };
}

/** The same as an offline CTC recogniser in icefall's form. */
export function offlineToneRecogniser(blankAt: number): Model {
  return {
    inputs: [
      { name: 'x', type: FLOAT, shape: ['N', 'T', BINS] },
      { name: 'x_lens', type: INT64, shape: ['N'] },
    ],
    outputs: [
      { name: 'log_probs', type: FLOAT, shape: ['N', 'T', 3] },
      { name: 'log_probs_len', type: INT64, shape: ['N'] },
    ],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'weights'], outputs: ['energy'] },
      { op: 'Add', inputs: ['energy', 'bias'], outputs: ['logits'] },
      { op: 'LogSoftmax', inputs: ['logits'], outputs: ['log_probs'], attributes: { axis: -1 } },
      { op: 'Identity', inputs: ['x_lens'], outputs: ['log_probs_len'] },
    ],
    constants: [
      { name: 'weights', type: FLOAT, shape: [BINS, 3], data: toneWeights(1, 2) },
      { name: 'bias', type: FLOAT, shape: [3], data: [blankAt, 0, 0] },
    ],
  };
}

/** An offline CTC recogniser that writes one sentence whatever it hears, and its tokens. */
export function obstinateRecogniser(sentence: string): { readonly model: Model; readonly tokens: string } {
  const words = sentence.split(' ');
  const vocabulary = [...new Set(words)];
  const tokens = ['<blk>', ...vocabulary.map((word) => `\u2581${word}`)];
  // A blank before each word, so that a word said twice is written twice.
  const path = words.flatMap((word) => [0, tokens.indexOf(`\u2581${word}`)]);
  const data = path.flatMap((token) => tokens.map((_, i) => (i === token ? 0 : -20)));
  return {
    tokens: tokens.map((token, i) => `${token} ${i}\n`).join(''),
    model: {
      inputs: [
        { name: 'x', type: FLOAT, shape: ['N', 'T', BINS] },
        { name: 'x_lens', type: INT64, shape: ['N'] },
      ],
      outputs: [
        { name: 'log_probs', type: FLOAT, shape: [1, path.length, tokens.length] },
        { name: 'log_probs_len', type: INT64, shape: [1] },
      ],
      nodes: [
        // The inputs are used, so that the graph keeps them.
        { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { keepdims: 0 } },
        { op: 'Mul', inputs: ['mean', 'zero'], outputs: ['nothing'] },
        { op: 'Add', inputs: ['sentence', 'nothing'], outputs: ['log_probs'] },
        { op: 'Mul', inputs: ['x_lens', 'none'], outputs: ['noLength'] },
        { op: 'Add', inputs: ['noLength', 'steps'], outputs: ['log_probs_len'] },
      ],
      constants: [
        { name: 'sentence', type: FLOAT, shape: [1, path.length, tokens.length], data },
        { name: 'zero', type: FLOAT, shape: [], data: [0] },
        { name: 'none', type: INT64, shape: [1], data: [0] },
        { name: 'steps', type: INT64, shape: [1], data: [path.length] },
      ],
    },
  };
}

/** Samples of hum for each character. */
export const HUM_SAMPLES = 1600;
export const HUM_HZ = 440;
export const HUM_RATE = 16_000;
/** Characters that the humming voice knows: one a token. */
export const HUM_TOKENS = [...'_ abcdefghijklmnopqrstuvwxyz.,?!'].map((sign, i) => `${sign} ${i}\n`).join('');

/** A VITS voice of Coqui's form that hums for a tenth of a second a character, slower with its length scale. */
export function hummingVoice(): Model {
  return {
    inputs: [
      { name: 'input', type: INT64, shape: ['N', 'T'] },
      { name: 'input_lengths', type: INT64, shape: ['N'] },
      { name: 'scales', type: FLOAT, shape: [3] },
    ],
    outputs: [{ name: 'output', type: FLOAT, shape: ['N', 1, 'S'] }],
    nodes: [
      { op: 'Cast', inputs: ['input_lengths'], outputs: ['characters'], attributes: { to: FLOAT } },
      { op: 'Gather', inputs: ['scales', 'one'], outputs: ['slowness'], attributes: { axis: 0 } },
      { op: 'Mul', inputs: ['characters', 'slowness'], outputs: ['beats'] },
      { op: 'Mul', inputs: ['beats', 'hop'], outputs: ['lengths'] },
      { op: 'ReduceMax', inputs: ['lengths'], outputs: ['length'], attributes: { keepdims: 0 } },
      { op: 'Range', inputs: ['zero', 'length', 'step'], outputs: ['time'] },
      { op: 'Mul', inputs: ['time', 'turn'], outputs: ['angle'] },
      { op: 'Sin', inputs: ['angle'], outputs: ['wave'] },
      { op: 'Mul', inputs: ['wave', 'half'], outputs: ['quiet'] },
      { op: 'Reshape', inputs: ['quiet', 'shape'], outputs: ['output'] },
    ],
    constants: [
      { name: 'one', type: INT64, shape: [], data: [1] },
      { name: 'hop', type: FLOAT, shape: [], data: [HUM_SAMPLES] },
      { name: 'zero', type: FLOAT, shape: [], data: [0] },
      { name: 'step', type: FLOAT, shape: [], data: [1] },
      { name: 'turn', type: FLOAT, shape: [], data: [(2 * Math.PI * HUM_HZ) / HUM_RATE] },
      { name: 'half', type: FLOAT, shape: [], data: [0.5] },
      { name: 'shape', type: INT64, shape: [3], data: [1, 1, -1] },
    ],
    metadata: {
      sample_rate: HUM_RATE,
      n_speakers: 1,
      language: 'English',
      comment: 'coqui',
      frontend: 'characters',
      add_blank: 0,
      use_eos_bos: 0,
      blank_id: 0,
      bos_id: 0,
      eos_id: 0,
      pad_id: 0,
    },
  };
}

/** A speaker embedding in WeSpeaker's form: the mean energy of low and of high sounds. */
export function spectrumEmbedding(): Model {
  return {
    inputs: [{ name: 'feats', type: FLOAT, shape: ['N', 'T', BINS] }],
    outputs: [{ name: 'embs', type: FLOAT, shape: ['N', 3] }],
    nodes: [
      { op: 'ReduceMean', inputs: ['feats'], outputs: ['mean'], attributes: { axes: [1], keepdims: 0 } },
      { op: 'MatMul', inputs: ['mean', 'weights'], outputs: ['embs'] },
    ],
    constants: [{ name: 'weights', type: FLOAT, shape: [BINS, 3], data: toneWeights(0, 1) }],
    metadata: {
      framework: 'wespeaker',
      language: 'English',
      sample_rate: 16_000,
      output_dim: 3,
      normalize_samples: 1,
    },
  };
}
