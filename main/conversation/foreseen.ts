import type { Synthesiser, Voice } from '../speech/index.ts';
import { PreparedSentence } from './prepared-sentence.ts';

/** Sentences got ready at most: the second is made while the first is heard, so that more would only be thrown away. */
const MOST_SENTENCES = 2;

interface Ready {
  readonly sound: PreparedSentence;
  readonly stop: AbortController;
}

/** Sentences whose sound is made before it is certain that they are said. */
export class Foreseen {
  readonly #synthesiser: Synthesiser;
  readonly #voice: Voice;
  readonly #ready = new Map<string, Ready>();

  constructor(synthesiser: Synthesiser, voice: Voice) {
    this.#synthesiser = synthesiser;
    this.#voice = voice;
  }

  /** These may be said next. What was got ready before and is not among them is dropped. */
  expect(sentences: readonly string[]): void {
    const wanted = new Set(sentences.slice(0, MOST_SENTENCES));
    for (const [text, { stop }] of this.#ready) {
      if (wanted.has(text)) continue;
      this.#ready.delete(text);
      stop.abort(new DOMException('The person went on.', 'AbortError'));
    }
    for (const text of wanted) {
      if (this.#ready.has(text)) continue;
      const stop = new AbortController();
      const sound = new PreparedSentence(this.#synthesiser, this.#voice, text, stop.signal);
      this.#ready.set(text, { sound, stop });
    }
  }

  /** Its sound, if it was got ready; it is the caller's from now on and ends with this signal. */
  take(text: string, signal: AbortSignal): PreparedSentence | null {
    const ready = this.#ready.get(text);
    if (!ready) return null;
    this.#ready.delete(text);
    signal.addEventListener('abort', () => ready.stop.abort(signal.reason), { once: true });
    return ready.sound;
  }
}
