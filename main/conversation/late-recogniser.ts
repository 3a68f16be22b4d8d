import type { Recogniser, Recognition, RecognitionStream, SpeechGrammar } from '../speech/index.ts';

/**
 * A recogniser's stream that is there before it is open. Compiling a desk's grammar takes a tenth of a second on an idle
 * machine and a second on a busy one; meanwhile the person may already speak, and must be able to interrupt. What is
 * asked of it waits until it is open.
 */
export class LateRecogniser implements RecognitionStream {
  /**
   * Settles when the stream is open.
   * @throws SottoError `speech/engine-unavailable`, `speech/bad-grammar`: then every call throws it.
   */
  readonly opened: Promise<unknown>;
  readonly #opening: Promise<RecognitionStream>;
  #stream: RecognitionStream | null = null;

  constructor(recogniser: Recogniser, grammar: SpeechGrammar) {
    this.#opening = recogniser.open(grammar).then((stream) => {
      this.#stream = stream;
      return stream;
    });
    this.opened = this.#opening;
    // Told to whoever waits for it.
    this.#opening.catch(() => {});
  }

  get isOpen(): boolean {
    return this.#stream !== null;
  }

  async setGrammar(grammar: SpeechGrammar): Promise<void> {
    await (await this.#opening).setGrammar(grammar);
  }

  async begin(): Promise<void> {
    await (await this.#opening).begin();
  }

  /** After `begin` only. */
  write(samples: Float32Array): void {
    this.#stream?.write(samples);
  }

  onPartial(listener: (text: string) => void): () => void {
    let stop = () => {};
    let stopped = false;
    const listen = (stream: RecognitionStream) => {
      if (!stopped) stop = stream.onPartial(listener);
    };
    this.#opening.then(listen).catch(() => {});
    return () => {
      stopped = true;
      stop();
    };
  }

  async finish(): Promise<Recognition> {
    return await (await this.#opening).finish();
  }

  abandon(): void {
    this.#stream?.abandon();
  }

  /** One that is still opening is closed as soon as it is open; nobody waits for that. */
  async close(): Promise<void> {
    if (this.#stream) await this.#stream.close();
    else this.#opening.then((stream) => stream.close()).catch(() => {});
  }
}
