/** Runs in a process of its own: PocketSphinx for several conversations. */
import { z } from 'zod';
import type { Emit } from '../../base/index.ts';
import { SottoError } from '../../base/index.ts';
import { toInt16 } from '../int16.ts';
import { samplesSchema } from '../workers/protocol.ts';
import { serveWorker } from '../workers/serve.ts';
import { Dictionary } from './dictionary.ts';
import { requirePocketSphinx } from './pocketsphinx.ts';
import { Ears } from './utterance.ts';

const PARTIAL_EVERY_MS = 100;
/** One message: 1 second. */
const MOST_SAMPLES = 16_000;
const MOST_STREAMS = 64;

const streamSchema = z.strictObject({ stream: z.string() });
const openSchema = z.strictObject({ stream: z.string(), whole: z.boolean() });
const audioSchema = z.strictObject({ stream: z.string(), samples: samplesSchema(MOST_SAMPLES) });
const grammarSchema = z.strictObject({
  stream: z.string(),
  id: z.string().min(1).max(200),
  jsgf: z.string().max(2_000_000),
  pronunciations: z.record(z.string(), z.array(z.string())),
  outsideAbove: z.number(),
});

interface Stream {
  readonly ears: Ears;
  hearing: boolean;
  /** Set by a failure inside a cast, told by the next call. */
  failure: unknown;
  lastPartial: string;
  lastPartialAt: number;
}

await serveWorker(async (emit) => {
  requirePocketSphinx();
  const dictionary = new Dictionary();
  warmUp(dictionary);
  const streams = new Map<string, Stream>();

  function streamOf(id: string): Stream {
    const stream = streams.get(id);
    if (!stream) throw new SottoError('speech/no-stream', 'The recogniser has no such stream.');
    return stream;
  }

  function stop(stream: Stream): void {
    if (stream.hearing) stream.ears.abandon();
    stream.hearing = false;
  }

  return {
    calls: {
      open: (body) => {
        const { stream, whole } = openSchema.parse(body);
        if (streams.size >= MOST_STREAMS) {
          throw new SottoError('speech/engine-busy', 'The recogniser listens to too many conversations.');
        }
        streams.set(stream, {
          ears: new Ears(dictionary, whole),
          hearing: false,
          failure: undefined,
          lastPartial: '',
          lastPartialAt: 0,
        });
      },
      grammar: (body) => {
        const { stream, ...grammar } = grammarSchema.parse(body);
        return { missing: streamOf(stream).ears.setGrammar(grammar) };
      },
      begin: (body) => {
        const stream = streamOf(streamSchema.parse(body).stream);
        stop(stream);
        stream.ears.begin();
        Object.assign(stream, { hearing: true, failure: undefined, lastPartial: '' });
      },
      finish: (body) => {
        const stream = streamOf(streamSchema.parse(body).stream);
        if (stream.failure !== undefined) throw stream.failure;
        if (!stream.hearing) throw new SottoError('speech/no-utterance', 'No utterance is under way.');
        stream.hearing = false;
        return stream.ears.finish();
      },
      close: (body) => {
        const { stream: id } = streamSchema.parse(body);
        const stream = streams.get(id);
        if (!stream) return;
        stop(stream);
        streams.delete(id);
        stream.ears.free();
        giveBackMemory();
      },
    },
    casts: {
      audio: (body) => {
        const { stream: id, samples } = audioSchema.parse(body);
        const stream = streams.get(id);
        if (!stream?.hearing) return;
        try {
          stream.ears.write(toInt16(samples));
          emit(id, { type: 'decoded', samples: samples.length });
          tellPartial(emit, id, stream);
        } catch (error) {
          stream.failure = error;
        }
      },
      abandon: (body) => {
        const stream = streams.get(streamSchema.parse(body).stream);
        if (stream) stop(stream);
      },
    },
  };
});

function tellPartial(emit: Emit, id: string, stream: Stream): void {
  const now = performance.now();
  if (now - stream.lastPartialAt < PARTIAL_EVERY_MS) return;
  stream.lastPartialAt = now;
  const text = stream.ears.partial();
  if (text === stream.lastPartial) return;
  stream.lastPartial = text;
  emit(id, { type: 'partial', text });
}

/**
 * A conversation leaves some ten megabytes of grammars behind, which a heap that nothing presses would keep for hours: now
 * is when nobody of it waits for an answer. Needs `--expose-gc`.
 */
function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'async' });
}

/** Pages of the model in memory before the first person speaks. */
function warmUp(dictionary: Dictionary): void {
  const ears = new Ears(dictionary, false);
  ears.setGrammar({
    id: 'warm-up',
    jsgf: '#JSGF V1.0;\ngrammar warm;\npublic <warm> = hello;\n',
    pronunciations: {},
    outsideAbove: 0,
  });
  ears.begin();
  ears.write(new Int16Array(8000).map((_, i) => Math.round(800 * Math.sin(i / 9))));
  ears.finish();
  ears.free();
}
