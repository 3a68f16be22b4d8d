import { createRequire } from 'node:module';
import { SottoError } from '../../base/index.ts';

/** Sound as sherpa-onnx takes it. */
interface Waveform {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface SherpaStream {
  acceptWaveform(sound: Waveform): void;
}

export interface SherpaOnlineStream extends SherpaStream {
  inputFinished(): void;
}

export interface OnlineRecognizer {
  createStream(): SherpaOnlineStream;
  isReady(stream: SherpaOnlineStream): boolean;
  decode(stream: SherpaOnlineStream): void;
  getResult(stream: SherpaOnlineStream): unknown;
}

export interface OfflineRecognizer {
  createStream(): SherpaStream;
  decodeAsync(stream: SherpaStream): Promise<unknown>;
}

export interface OfflineTts {
  readonly sampleRate: number;
  readonly numSpeakers: number;
  generateAsync(request: {
    readonly text: string;
    readonly sid: number;
    readonly speed: number;
    readonly enableExternalBuffer: false;
    readonly onProgress: (part: { readonly samples: Float32Array }) => boolean;
  }): Promise<Waveform>;
}

export interface OnlineSpeechDenoiser {
  readonly sampleRate: number;
  run(sound: Waveform & { readonly enableExternalBuffer: false }): Waveform;
  flush(enableExternalBuffer: false): Waveform;
}

export interface SpeakerEmbeddingExtractor {
  readonly dim: number;
  createStream(): SherpaOnlineStream;
  isReady(stream: SherpaOnlineStream): boolean;
  compute(stream: SherpaOnlineStream, enableExternalBuffer: false): Float32Array;
}

type Config = Readonly<Record<string, unknown>>;

/** The part of `sherpa-onnx-node` 1.13 that is used here; its own types are JSDoc without exports. */
export interface Sherpa {
  readonly OnlineRecognizer: new (config: Config) => OnlineRecognizer;
  readonly OfflineRecognizer: new (config: Config) => OfflineRecognizer;
  readonly OfflineTts: new (config: Config) => OfflineTts;
  readonly OnlineSpeechDenoiser: new (config: Config) => OnlineSpeechDenoiser;
  readonly SpeakerEmbeddingExtractor: new (config: Config) => SpeakerEmbeddingExtractor;
}

/** @throws SottoError `speech/engine-unavailable`. */
export function sherpa(): Sherpa {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  } catch (cause) {
    throw new SottoError('speech/engine-unavailable', 'The sherpa-onnx library is not installed.', {
      remedy: 'npm ci',
      cause,
    });
  }
}
