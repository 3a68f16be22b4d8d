/**
 * Runs in a process of its own: a neural recogniser of a pack, for several conversations. It answers what PocketSphinx's
 * worker answers; it needs no grammar, and whether what it heard is in one is not its to say.
 */
import { z } from 'zod';
import { type Emit, SottoError, serveWorker } from '../../base/index.ts';
import { packOfWorker } from '../../models/index.ts';
import { samplesSchema } from '../workers/protocol.ts';
import { isStreaming, recogniserConfig } from './config.ts';
import {
  type OfflineRecognizer,
  type OnlineRecognizer,
  type SherpaOnlineStream,
  type SherpaStream,
  sherpa,
} from './sherpa.ts';
import { type Transcript, transcriptOf } from './transcript.ts';

const RATE = 16_000;
const PARTIAL_EVERY_MS = 100;
const MOST_STREAMS = 16;
/** Networks that decode at the end hold the sound until then: 2 minutes. */
const MOST_SAMPLES = RATE * 120;
/** After the last sound, so that a streaming network's last window is full. */
const TAIL = new Float32Array(RATE * 0.6);
const streamSchema = z.strictObject({ stream: z.string() });
const openSchema = z.strictObject({ stream: z.string(), whole: z.boolean() });
const audioSchema = z.strictObject({ stream: z.string(), samples: samplesSchema(RATE) });

/** One utterance as a network hears it. */
interface Hearing {
  write(samples: Float32Array): void;
  partial(): string;
  finish(): Promise<unknown>;
}

interface Stream {
  hearing: Hearing | null;
  samples: number;
  cpuMs: number;
  failure: unknown;
  lastPartial: string;
  lastPartialAt: number;
}

await serveWorker('speech', async (emit) => {
  const pack = await packOfWorker();
  const begin = hearings(pack.manifest.engine, recogniserConfig(pack));
  const warm = begin();
  warm.write(new Float32Array(RATE));
  await warm.finish();
  const streams = new Map<string, Stream>();

  function streamOf(body: unknown): Stream {
    const stream = streams.get(streamSchema.parse(body).stream);
    if (!stream) throw new SottoError('speech/no-stream', 'The recogniser has no such stream.');
    return stream;
  }

  return {
    calls: {
      open: (body) => {
        const { stream } = openSchema.parse(body);
        if (streams.size >= MOST_STREAMS)
          throw new SottoError('speech/engine-busy', 'The recogniser listens to too many conversations.');
        streams.set(stream, { hearing: null, ...fresh() });
      },
      grammar: () => ({ missing: [] }),
      begin: (body) => {
        Object.assign(streamOf(body), { hearing: begin(), ...fresh() });
      },
      finish: async (body) => {
        const stream = streamOf(body);
        const { hearing, samples } = stream;
        if (stream.failure !== undefined) throw stream.failure;
        if (!hearing) throw new SottoError('speech/no-utterance', 'No utterance is under way.');
        stream.hearing = null;
        const from = process.cpuUsage();
        const audioMs = (samples * 1000) / RATE;
        const transcript = transcriptOf(await hearing.finish(), audioMs);
        return finished(transcript, audioMs, stream.cpuMs + elapsed(from));
      },
      close: (body) => {
        streams.delete(streamSchema.parse(body).stream);
      },
    },
    casts: {
      audio: (body) => {
        const { stream: id, samples } = audioSchema.parse(body);
        const stream = streams.get(id);
        if (!stream?.hearing) return;
        try {
          stream.samples += samples.length;
          if (stream.samples > MOST_SAMPLES)
            throw new SottoError('speech/utterance-too-long', 'The utterance is too long.');
          const from = process.cpuUsage();
          stream.hearing.write(samples);
          stream.cpuMs += elapsed(from);
          tellPartial(emit, id, stream);
        } catch (error) {
          stream.failure = error;
        }
        emit(id, { type: 'decoded', samples: samples.length });
      },
      abandon: (body) => {
        const stream = streams.get(streamSchema.parse(body).stream);
        if (stream) stream.hearing = null;
      },
    },
  };
});

/** Makes hearings with the one recogniser of this process. */
function hearings(
  engine: Parameters<typeof isStreaming>[0],
  config: ReturnType<typeof recogniserConfig>,
): () => Hearing {
  const { OnlineRecognizer, OfflineRecognizer } = sherpa();
  if (isStreaming(engine)) {
    const recogniser = new OnlineRecognizer(config);
    return () => asItComes(recogniser, recogniser.createStream());
  }
  const recogniser = new OfflineRecognizer(config);
  return () => atTheEnd(recogniser, recogniser.createStream());
}

function asItComes(recogniser: OnlineRecognizer, stream: SherpaOnlineStream): Hearing {
  const decode = () => {
    while (recogniser.isReady(stream)) recogniser.decode(stream);
  };
  const result = () => recogniser.getResult(stream);
  return {
    write: (samples) => {
      stream.acceptWaveform({ samples, sampleRate: RATE });
      decode();
    },
    partial: () => transcriptOf(result(), 0).text,
    finish: async () => {
      stream.acceptWaveform({ samples: TAIL, sampleRate: RATE });
      stream.inputFinished();
      decode();
      return result();
    },
  };
}

function atTheEnd(recogniser: OfflineRecognizer, stream: SherpaStream): Hearing {
  const blocks: Float32Array[] = [];
  return {
    write: (samples) => blocks.push(samples),
    partial: () => '',
    finish: async () => {
      const sound = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const block of blocks) {
        sound.set(block, at);
        at += block.length;
      }
      if (sound.length === 0) return { text: '' };
      stream.acceptWaveform({ samples: sound, sampleRate: RATE });
      return await recogniser.decodeAsync(stream);
    },
  };
}

function finished({ text, confidence, words }: Transcript, audioMs: number, processMs: number) {
  return { text, confidence, words, competition: 0, inGrammar: false, audioMs, processMs };
}

function tellPartial(emit: Emit, id: string, stream: Stream): void {
  const now = performance.now();
  if (!stream.hearing || now - stream.lastPartialAt < PARTIAL_EVERY_MS) return;
  stream.lastPartialAt = now;
  const text = stream.hearing.partial();
  if (text === stream.lastPartial) return;
  stream.lastPartial = text;
  emit(id, { type: 'partial', text });
}

function fresh() {
  return { samples: 0, cpuMs: 0, failure: undefined, lastPartial: '', lastPartialAt: 0 };
}

function elapsed(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}
