import { z } from 'zod';

const path = z.string().min(1).max(200);
const threads = z.int().min(1).max(8).default(1);
const scale = z.number().min(0).max(4);

/** A voice in a pack: the name that desks choose it by, and the speaker's number in the model. */
const voiceSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  speaker: z.int().min(0).max(10_000),
});
export type PackVoice = z.infer<typeof voiceSchema>;

/** Beam search reaches a little further than greedy decoding, at about twice the time. */
const decoding = z.enum(['greedy_search', 'modified_beam_search']).default('greedy_search');
const transducer = z.strictObject({ encoder: path, decoder: path, joiner: path, tokens: path });
const single = z.strictObject({ model: path, tokens: path });

const recogniser = <const Family extends string, Files extends z.ZodType>(family: Family, files: Files) =>
  z.strictObject({ family: z.literal(family), files, threads });
const transducerRecogniser = <const Family extends string>(family: Family) =>
  z.strictObject({
    family: z.literal(family),
    files: transducer,
    threads,
    decoding,
    maxActivePaths: z.int().min(1).max(32).default(4),
  });
/** `espeakData` is a folder of the pack; words per minute at which the model speaks when its length scale is 1. */
const voice = <const Family extends string, Files extends z.ZodType>(family: Family, files: Files) =>
  z.strictObject({
    family: z.literal(family),
    files,
    threads,
    voices: z.array(voiceSchema).min(1).max(1000),
    naturalRate: z.int().min(80).max(300).default(165),
    noiseScale: scale.optional(),
    noiseScaleW: scale.optional(),
    language: z.string().max(20).optional(),
  });

/** Every engine that a pack can be for: its files by role, and its settings. */
export const packEngineSchema = z.discriminatedUnion('family', [
  transducerRecogniser('zipformer-streaming'),
  recogniser('zipformer-ctc-streaming', single),
  recogniser('nemo-ctc-streaming', single),
  transducerRecogniser('zipformer'),
  transducerRecogniser('nemo-transducer'),
  recogniser('zipformer-ctc', single),
  recogniser('nemo-ctc', single),
  recogniser('wenet-ctc', single),
  recogniser(
    'moonshine',
    z.strictObject({
      preprocessor: path,
      encoder: path,
      uncachedDecoder: path,
      cachedDecoder: path,
      tokens: path,
    }),
  ),
  recogniser('moonshine-2', z.strictObject({ encoder: path, mergedDecoder: path, tokens: path })),
  z.strictObject({
    family: z.literal('whisper'),
    files: z.strictObject({ encoder: path, decoder: path, tokens: path }),
    threads,
    language: z.string().max(8).default('en'),
    tailPaddings: z.int().min(-1).max(2000).default(-1),
  }),
  z.strictObject({
    family: z.literal('sense-voice'),
    files: single,
    threads,
    language: z.string().max(8).default('auto'),
  }),
  voice(
    'vits',
    z.strictObject({ model: path, tokens: path, lexicon: path.optional(), espeakData: path.optional() }),
  ),
  voice(
    'matcha',
    z.strictObject({
      acousticModel: path,
      vocoder: path,
      tokens: path,
      lexicon: path.optional(),
      espeakData: path.optional(),
    }),
  ),
  voice(
    'kokoro',
    z.strictObject({ model: path, voices: path, tokens: path, espeakData: path, lexicon: path.optional() }),
  ),
  voice('kitten', z.strictObject({ model: path, voices: path, tokens: path, espeakData: path })),
  z.strictObject({ family: z.literal('gtcrn'), files: z.strictObject({ model: path }), threads }),
  z.strictObject({ family: z.literal('speaker-embedding'), files: z.strictObject({ model: path }), threads }),
  /** For `dialogue` and `guard`: checked and installed here, loaded there. */
  z.strictObject({
    family: z.literal('onnx-text-embedding'),
    files: z.strictObject({ model: path, tokenizer: path }),
    threads,
    dimensions: z.int().min(1).max(8192),
    queryPrefix: z.string().max(200).default(''),
    passagePrefix: z.string().max(200).default(''),
    pooling: z.enum(['mean', 'cls']).default('mean'),
  }),
  z.strictObject({
    family: z.literal('onnx-text-classifier'),
    files: z.strictObject({ model: path, tokenizer: path }),
    threads,
    labels: z.array(z.string().min(1).max(60)).min(2).max(100),
  }),
  /**
   * Tells synthetic voices from people's, out of the waveform itself (AASIST, RawNet2 and their kind). The model takes one
   * float32 input [1, samples], samples in [-1, 1] at the pack's sample rate, and gives one float32 output of two scores,
   * for people and for synthesis: the first that it declares, or the one named.
   */
  z.strictObject({
    family: z.literal('onnx-antispoof'),
    files: z.strictObject({ model: path }),
    threads,
    /** What the model takes at a time; less sound is repeated until it fills this. */
    samples: z.int().min(4_000).max(960_000),
    output: z.string().min(1).max(100).optional(),
    scores: z.enum(['logits', 'probabilities']),
    /** Which of the two scores speaks for a person. */
    person: z.union([z.literal(0), z.literal(1)]),
    /** Probability of synthesis that at most one in a hundred of people's recordings reaches, as whoever built the pack measured. */
    limit: z.number().min(0).max(0.999),
  }),
  /** An embedding model under llama.cpp: its file brings its own tokenizer and pooling. */
  z.strictObject({
    family: z.literal('gguf-embedding'),
    files: z.strictObject({ model: path }),
    threads,
    contextTokens: z.int().min(64).max(8_192).default(512),
    questionPrefix: z.string().max(200).default(''),
    passagePrefix: z.string().max(200).default(''),
    /** From this cosine on a passage answers a question that shares no word with it, as whoever built the pack measured. */
    nearEnough: z.number().min(0).max(1),
  }),
  z.strictObject({
    family: z.literal('gguf'),
    files: z.strictObject({ model: path }),
    threads,
    contextTokens: z.int().min(512).max(131_072).default(4096),
  }),
]);

export type PackEngine = z.infer<typeof packEngineSchema>;
export type EngineFamily = PackEngine['family'];

/** What each engine makes of a pack. */
export const ENGINE_FAMILIES = {
  'zipformer-streaming': 'recogniser',
  'zipformer-ctc-streaming': 'recogniser',
  'nemo-ctc-streaming': 'recogniser',
  zipformer: 'recogniser',
  'nemo-transducer': 'recogniser',
  'zipformer-ctc': 'recogniser',
  'nemo-ctc': 'recogniser',
  'wenet-ctc': 'recogniser',
  moonshine: 'recogniser',
  'moonshine-2': 'recogniser',
  whisper: 'recogniser',
  'sense-voice': 'recogniser',
  vits: 'synthesiser',
  matcha: 'synthesiser',
  kokoro: 'synthesiser',
  kitten: 'synthesiser',
  gtcrn: 'denoiser',
  'speaker-embedding': 'speakerEmbedding',
  'onnx-text-embedding': 'textEmbedding',
  'onnx-text-classifier': 'guard',
  'onnx-antispoof': 'antispoof',
  'gguf-embedding': 'textEmbedding',
  gguf: 'languageModel',
} as const satisfies Record<EngineFamily, string>;
