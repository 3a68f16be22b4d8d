import type { Recogniser, Recognition, RecognitionStream, SpeechGrammar } from '../engines.ts';
import { secondOpinion } from './second-opinion.ts';

/** How long a sure grammar waits for the network, and one that understood nothing. */
export interface Patience {
  readonly sureMs: number;
  readonly unsureMs: number;
}

/** The network answers within the first in most turns; a person waits the second only where there is nothing else. */
const PATIENCE: Patience = { sureMs: 250, unsureMs: 2000 };
/** Sound that waits for a network which is being started: 2 minutes. */
const MOST_WAITING = 16_000 * 120;

/**
 * A recogniser with a grammar, and a network beside it on the same sound. The grammar's process is the one that the turn
 * depends on: where the network is late, down or being started again, the answer is the grammar's alone.
 */
export function twoRecognisers(
  grammar: Recogniser,
  network: Recogniser,
  patience: Patience = PATIENCE,
): Recogniser {
  return {
    engine: `${grammar.engine}+${network.engine}`,
    open: async (first, options) =>
      new TwoStreams(
        await grammar.open(first, options),
        () => network.open(first, options),
        options?.whole === true ? { sureMs: 60_000, unsureMs: 60_000 } : patience,
      ),
    close: async () => {
      await Promise.all([grammar.close(), network.close()]);
    },
  };
}

/** The network's side of one utterance. */
interface Side {
  /** Resolves with the stream once it listens, or with null where it cannot. */
  readonly listening: Promise<RecognitionStream | null>;
  stream: RecognitionStream | null;
  /** Sound from before it listened; null once it does, or is given up. */
  waiting: Float32Array[] | null;
  waitingSamples: number;
}

class TwoStreams implements RecognitionStream {
  readonly #grammar: RecognitionStream;
  readonly #openNetwork: () => Promise<RecognitionStream>;
  readonly #patience: Patience;
  #network: Promise<RecognitionStream> | undefined;
  #side: Side | undefined;
  #closed = false;

  constructor(grammar: RecognitionStream, openNetwork: () => Promise<RecognitionStream>, patience: Patience) {
    this.#grammar = grammar;
    this.#openNetwork = openNetwork;
    this.#patience = patience;
    this.#opened().catch(() => {});
  }

  setGrammar(grammar: SpeechGrammar): Promise<void> {
    return this.#grammar.setGrammar(grammar);
  }

  async begin(): Promise<void> {
    this.#giveUp();
    await this.#grammar.begin();
    const listening = this.#opened().then(
      async (stream) => {
        await stream.begin();
        return stream;
      },
      () => null,
    );
    const side: Side = {
      listening: listening.catch(() => null).then((stream) => this.#catchUp(side, stream)),
      stream: null,
      waiting: [],
      waitingSamples: 0,
    };
    this.#side = side;
  }

  write(samples: Float32Array): void {
    this.#grammar.write(samples);
    const side = this.#side;
    if (!side) return;
    if (side.stream) side.stream.write(samples);
    else if (side.waiting) {
      side.waiting.push(samples.slice());
      side.waitingSamples += samples.length;
      if (side.waitingSamples > MOST_WAITING) side.waiting = null;
    }
  }

  onPartial(listener: (text: string) => void): () => void {
    return this.#grammar.onPartial(listener);
  }

  async finish(): Promise<Recognition> {
    const startedAt = performance.now();
    const side = this.#side;
    this.#side = undefined;
    const heard = side ? this.#heardBy(side) : Promise.resolve(null);
    const grammar = await this.#grammar.finish().catch((error: unknown) => {
      heard.catch(() => {});
      throw error;
    });
    const { sureMs, unsureMs } = this.#patience;
    const network = await within(heard, grammar.inGrammar ? sureMs : unsureMs);
    if (!network && side) abandon(side);
    const result = network ? secondOpinion(grammar, network) : grammar;
    return { ...result, finalisedInMs: performance.now() - startedAt };
  }

  abandon(): void {
    this.#grammar.abandon();
    this.#giveUp();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#giveUp();
    // One that never opened has nothing to close, and is not waited for.
    this.#network?.then((stream) => stream.close()).catch(() => {});
    await this.#grammar.close();
  }

  /** Opens the network's stream, and again where that failed. */
  #opened(): Promise<RecognitionStream> {
    this.#network ??= this.#openNetwork().catch((error: unknown) => {
      this.#network = undefined;
      throw error;
    });
    return this.#network;
  }

  #catchUp(side: Side, stream: RecognitionStream | null): RecognitionStream | null {
    if (!stream || !side.waiting) {
      side.waiting = null;
      stream?.abandon();
      return null;
    }
    for (const samples of side.waiting) stream.write(samples);
    side.waiting = null;
    side.stream = stream;
    return stream;
  }

  async #heardBy(side: Side): Promise<Recognition | null> {
    try {
      const stream = await side.listening;
      return stream ? await stream.finish() : null;
    } catch {
      return null;
    }
  }

  #giveUp(): void {
    if (this.#side) abandon(this.#side);
    this.#side = undefined;
  }
}

function abandon(side: Side): void {
  side.waiting = null;
  side.stream?.abandon();
}

/** The value, or null when it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
