import { SottoError } from '../../base/index.ts';
import type { CheckedPack, PackEngine } from '../../models/index.ts';

/** What sherpa-onnx is told: made from the manifest alone, never taken over from it. */
export type SherpaConfig = Readonly<Record<string, unknown>>;

type Files = Readonly<Record<string, string>>;

/** Recognisers that decode as the sound comes in; the others decode at the end of the utterance. */
const STREAMING: ReadonlySet<string> = new Set([
  'zipformer-streaming',
  'zipformer-ctc-streaming',
  'nemo-ctc-streaming',
]);

export function isStreaming({ family }: PackEngine): boolean {
  return STREAMING.has(family);
}

const FEATURES = { sampleRate: 16_000, featureDim: 80 };

/** The configuration of a recogniser. @throws SottoError `speech/wrong-pack`. */
export function recogniserConfig({ manifest: { engine }, path }: CheckedPack): SherpaConfig {
  const files = absolute(engine.files, path);
  const common = { tokens: files.tokens, numThreads: engine.threads, provider: 'cpu', debug: 0 };
  const search =
    'decoding' in engine
      ? { decodingMethod: engine.decoding, maxActivePaths: engine.maxActivePaths }
      : { decodingMethod: 'greedy_search' };
  const model = modelOf(engine, files);
  return { featConfig: FEATURES, modelConfig: { ...model, ...common }, ...search, enableEndpoint: 0 };
}

function modelOf(engine: PackEngine, files: Files): SherpaConfig {
  const { tokens: _, ...models } = files;
  switch (engine.family) {
    case 'zipformer-streaming':
    case 'zipformer':
      return { transducer: models };
    case 'nemo-transducer':
      return { transducer: models, modelType: 'nemo_transducer' };
    case 'zipformer-ctc-streaming':
      return { zipformer2Ctc: models };
    case 'nemo-ctc-streaming':
    case 'nemo-ctc':
      return { nemoCtc: models };
    case 'zipformer-ctc':
      return { zipformerCtc: models };
    case 'wenet-ctc':
      return { wenetCtc: models };
    case 'moonshine':
    case 'moonshine-2':
      return { moonshine: models };
    case 'whisper':
      return {
        whisper: {
          ...models,
          language: engine.language,
          task: 'transcribe',
          tailPaddings: engine.tailPaddings,
        },
      };
    case 'sense-voice':
      return { senseVoice: { ...models, language: engine.language, useInverseTextNormalization: 0 } };
    default:
      throw wrongPack();
  }
}

/** The configuration of a voice. @throws SottoError `speech/wrong-pack`. */
export function voiceConfig({ manifest: { engine }, path }: CheckedPack): SherpaConfig {
  const { espeakData, ...files } = absolute(engine.files, path);
  const data = espeakData === undefined ? {} : { dataDir: espeakData };
  const common = { numThreads: engine.threads, provider: 'cpu', debug: 0 };
  const scales = {
    ...('noiseScale' in engine && engine.noiseScale !== undefined ? { noiseScale: engine.noiseScale } : {}),
    ...('noiseScaleW' in engine && engine.noiseScaleW !== undefined
      ? { noiseScaleW: engine.noiseScaleW }
      : {}),
  };
  const whole = (model: SherpaConfig) => ({ model: { ...model, ...common }, maxNumSentences: 1 });
  switch (engine.family) {
    case 'vits':
      return whole({ vits: { ...files, ...data, ...scales } });
    case 'matcha':
      return whole({ matcha: { ...files, ...data, ...scales } });
    case 'kokoro':
      return whole({ kokoro: { ...files, ...data, ...(engine.language ? { lang: engine.language } : {}) } });
    case 'kitten':
      return whole({ kitten: { ...files, ...data } });
    default:
      throw wrongPack();
  }
}

/** @throws SottoError `speech/wrong-pack`. */
export function denoiserConfig({ manifest: { engine }, path }: CheckedPack): SherpaConfig {
  if (engine.family !== 'gtcrn') throw wrongPack();
  const model = path(engine.files.model);
  return { model: { gtcrn: { model }, numThreads: engine.threads, provider: 'cpu', debug: 0 } };
}

/** @throws SottoError `speech/wrong-pack`. */
export function embeddingConfig({ manifest: { engine }, path }: CheckedPack): SherpaConfig {
  if (engine.family !== 'speaker-embedding') throw wrongPack();
  return { model: path(engine.files.model), numThreads: engine.threads, provider: 'cpu', debug: 0 };
}

function absolute(files: PackEngine['files'], path: (inPack: string) => string): Files {
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]) => (file === undefined ? [] : [[role, path(file)]])),
  );
}

export function wrongPack(): SottoError {
  return new SottoError('speech/wrong-pack', 'The pack is not for this engine.', {
    remedy: 'Choose a pack of the right kind: `sotto pack list`.',
  });
}
