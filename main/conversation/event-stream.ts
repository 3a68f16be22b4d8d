import { BoundedQueue, Emitter, type Unsubscribe } from '../base/index.ts';
import type { ConversationEvent } from './events.ts';

/** Enough for the longest conversation that a screen joins late; older events are dropped from the replay. */
const REPLAYED = 400;
/** A consumer that is this far behind has stalled: it loses the oldest events, nobody waits for it. */
const LONGEST_BACKLOG = 1000;

/** An event without the fields that every event has. */
export type EventBody = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'at' | 'conversationId' | 'turn'>
    : never
  : never;

/** The events of one conversation: remembered for late joiners, handed to any number of consumers. */
export class EventStream {
  readonly #emitter: Emitter<ConversationEvent>;
  readonly #past: ConversationEvent[] = [];
  #closed = false;

  constructor(onListenerError: (error: unknown) => void) {
    this.#emitter = new Emitter(onListenerError);
  }

  emit(event: ConversationEvent): void {
    if (this.#closed) return;
    if (event.type !== 'level') this.#remember(event);
    this.#emitter.emit(event);
    if (event.type === 'ended') this.#closed = true;
  }

  on(listener: (event: ConversationEvent) => void): Unsubscribe {
    return this.#emitter.on(listener);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ConversationEvent, void, void> {
    const queue = new BoundedQueue<ConversationEvent>(LONGEST_BACKLOG);
    for (const event of this.#past) queue.push(event);
    const stop = this.on((event) => {
      queue.push(event);
      if (event.type === 'ended') queue.close();
    });
    if (this.#closed) queue.close();
    try {
      yield* queue;
    } finally {
      stop();
    }
  }

  #remember(event: ConversationEvent): void {
    this.#past.push(event);
    if (this.#past.length > REPLAYED) this.#past.shift();
  }
}
