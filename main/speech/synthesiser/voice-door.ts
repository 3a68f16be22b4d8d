import { createHash } from 'node:crypto';
import { codeOf } from '../../base/index.ts';
import type {
  PreparedPrompts,
  PreparingSynthesiser,
  SynthesisedSound,
  Synthesiser,
  Voice,
} from '../engines.ts';
import { PromptCache } from './prompt-cache.ts';
import { type MarkWord, pronounced } from './pronounced.ts';

/** About twelve minutes of eSpeak NG's sound: several times what a pack always says. */
const MOST_BYTES = 32 * 2 ** 20;
/** A sentence that the engine breaks at twice is left to be made when it is said. */
const MOST_TRIES = 2;

/** There is no engine to make anything with. */
const OVER: ReadonlySet<string> = new Set([
  'speech/closed',
  'speech/engine-unavailable',
  'speech/unknown-voice',
]);

/**
 * The one door to every voice. What goes through it is put into words first (`spoken/`), with the pack's pronunciations;
 * what was prepared comes from memory. Only what `prepare` is given is ever kept: the fixed words of a pack. What a
 * person told, or a tool answered, is made anew each time and forgotten.
 */
export function voiceDoor(
  engine: Synthesiser,
  markWord: MarkWord = (word) => word,
  mostBytes = MOST_BYTES,
): PreparingSynthesiser {
  const cache = new PromptCache(mostBytes);
  const priority = new Priority();
  // Spoken forms and ARPAbet are English; other languages are left to their engine.
  const written = (text: string, voice: Voice) =>
    pronounced(
      text,
      speaksEnglish(voice) ? { pronunciations: voice.pronunciations ?? {}, mark: markWord } : null,
    );

  async function* synthesise(
    text: string,
    voice: Voice,
    signal?: AbortSignal,
  ): AsyncGenerator<SynthesisedSound, void, void> {
    signal?.throwIfAborted();
    const words = written(text, voice);
    const kept = cache.get(keyOf(engine.engine, voice, words));
    if (kept) {
      for (const block of kept) {
        signal?.throwIfAborted();
        yield block;
      }
      return;
    }
    if (!/[\p{L}\p{N}]/u.test(words)) return;
    const done = priority.begin();
    try {
      yield* engine.synthesise(words, voice, signal);
    } finally {
      done();
    }
  }

  async function prepare(
    sentences: readonly string[],
    voice: Voice,
    signal?: AbortSignal,
  ): Promise<PreparedPrompts> {
    let bytes = 0;
    let prepared = 0;
    for (const sentence of sentences) {
      const words = written(sentence, voice);
      const key = keyOf(engine.engine, voice, words);
      if (cache.has(key)) continue;
      const made = await make(words, voice, signal);
      if (made === 'over') break;
      if (made === null) continue;
      const size = made.reduce((sum, { samples }) => sum + samples.length * 2, 0);
      // What comes first in a pack matters most: the rest must not push it out.
      if (bytes + size > mostBytes) break;
      bytes += cache.put(key, made);
      prepared += 1;
    }
    return { prepared, bytes };
  }

  /** In the background: whoever is spoken to goes first, and what was under way then is begun again. */
  async function make(
    words: string,
    voice: Voice,
    signal: AbortSignal | undefined,
  ): Promise<readonly SynthesisedSound[] | 'over' | null> {
    for (let tries = 0; tries < MOST_TRIES; ) {
      await priority.quiet();
      if (signal?.aborted) return 'over';
      const yielding = priority.yieldWhenNeeded();
      try {
        return await wholeOf(engine.synthesise(words, voice, yielding.signal));
      } catch (error) {
        if (OVER.has(codeOf(error))) return 'over';
        if (!yielding.signal.aborted) tries += 1;
      } finally {
        yielding.end();
      }
    }
    return null;
  }

  return {
    engine: engine.engine,
    synthesise,
    prepare,
    phonemes: (word, voice) => engine.phonemes(word, voice),
    close: async () => {
      cache.clear();
      await engine.close();
    },
  };
}

function speaksEnglish({ language, name }: Voice): boolean {
  const tag = language ?? (/^[a-z]{2}(?:-[a-z0-9-]+)?$/.test(name) ? name : 'en');
  return /^en(?:-|$)/i.test(tag);
}

async function wholeOf(sound: AsyncIterable<SynthesisedSound>): Promise<readonly SynthesisedSound[]> {
  const blocks: SynthesisedSound[] = [];
  for await (const block of sound) blocks.push(block);
  return blocks;
}

/** Lets sentences that somebody waits for go before those made in advance. */
class Priority {
  #live = 0;
  readonly #waiting = new Set<() => void>();
  readonly #yielding = new Set<AbortController>();

  begin(): () => void {
    this.#live += 1;
    for (const background of this.#yielding) background.abort();
    return () => {
      this.#live -= 1;
      if (this.#live > 0) return;
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    };
  }

  /** Resolves when nobody waits for a sentence. */
  async quiet(): Promise<void> {
    while (this.#live > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  yieldWhenNeeded(): { readonly signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    this.#yielding.add(controller);
    return { signal: controller.signal, end: () => this.#yielding.delete(controller) };
  }
}

function keyOf(engine: string, voice: Voice, words: string): string {
  // The words carry the pronunciations that were marked in them.
  return createHash('sha256')
    .update(JSON.stringify([engine, voice.name, voice.rate, words]))
    .digest('base64');
}
