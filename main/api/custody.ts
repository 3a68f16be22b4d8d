import { codeOf, type Log, logId, SottoError } from '../base/index.ts';
import type { LiveConversation } from '../conversation/index.ts';

/** More than a desk can hold at once; a leak or an attack stops here. */
const MAX_HELD = 4;

/**
 * What a connection started and must not outlive it: conversations with an open microphone, sound checks. All
 * of it ends when the connection closes or its member signs out.
 */
export class Custody {
  readonly #log: Log;
  readonly #held = new Map<string, () => Promise<void>>();
  /** Ended by itself, perhaps before its window came to listen: it still hears how and why. */
  readonly #over = new Map<string, LiveConversation>();
  #closed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @throws SottoError `api/too-many`. */
  reserve(): void {
    if (this.#held.size < MAX_HELD) return;
    throw new SottoError('api/too-many', 'Too many conversations or sound checks are open here.', {
      remedy: 'End one of them first.',
    });
  }

  conversation(conversation: LiveConversation): void {
    this.hold(conversation.id, () => conversation.end('connection-lost'));
    const over = () => {
      if (this.#held.has(conversation.id)) this.#remember(conversation);
      this.drop(conversation.id);
    };
    conversation.ended.then(over, over);
  }

  /** A conversation of this connection that has ended, for what it still has to tell; null for any other. */
  ended(id: string): LiveConversation | null {
    return this.#over.get(id) ?? null;
  }

  /** Keeps `release` for the end; runs it at once if the end has come already. */
  hold(id: string, release: () => Promise<void>): void {
    if (this.#closed) this.#run(release);
    else this.#held.set(id, release);
  }

  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /** Forgets what has ended by itself. */
  drop(id: string): void {
    this.#held.delete(id);
  }

  release(): void {
    const releases = [...this.#held.values()];
    this.#held.clear();
    this.#over.clear();
    for (const release of releases) this.#run(release);
  }

  close(): void {
    this.#closed = true;
    this.release();
  }

  #remember(conversation: LiveConversation): void {
    this.#over.set(conversation.id, conversation);
    const oldest = this.#over.keys().next();
    if (this.#over.size > MAX_HELD && !oldest.done) this.#over.delete(oldest.value);
  }

  #run(release: () => Promise<void>): void {
    release().catch((error) => this.#log.warn('api.release-failed', { code: logId(codeOf(error)) }));
  }
}
