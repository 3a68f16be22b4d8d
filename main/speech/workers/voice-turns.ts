import type { z } from 'zod';
import { speakSchema, stopSchema } from './protocol.ts';

type Request = z.infer<typeof speakSchema>;
/** Says one sentence; `stopped` tells, between two blocks, that nobody wants the rest. */
type Say = (request: Request, stopped: () => boolean) => Promise<void>;

/** An engine has one voice: sentences take turns, and one that is stopped before its turn is not begun. */
export class VoiceTurns {
  readonly #waiting = new Set<string>();
  readonly #stopped = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Does other work of the engine between sentences; a failure is its caller's alone. */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const answer = this.#turn.then(work);
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** @throws ZodError for a body that is no request to speak, and what `say` throws. */
  speak(body: unknown, say: Say): Promise<void> {
    const request = speakSchema.parse(body);
    const { stream } = request;
    const stopped = () => this.#stopped.has(stream);
    this.#waiting.add(stream);
    return this.take(async () => {
      if (!stopped()) await say(request, stopped);
    }).finally(() => {
      this.#waiting.delete(stream);
      this.#stopped.delete(stream);
    });
  }

  /** @throws ZodError */
  stop(body: unknown): void {
    const { stream } = stopSchema.parse(body);
    if (this.#waiting.has(stream)) this.#stopped.add(stream);
  }
}
