import { type Clock, codeOf, Emitter, type Log, logId } from '../base/index.ts';
import type { CallContext, GatewayEvent } from './gateway.ts';

/** A step, with the conversation that it was taken in. */
export type ToldStep = GatewayEvent & { readonly conversationId: string; readonly at: number };

/** The steps of calls: written down in the record of their conversation, and told to whoever listens. */
export class Steps {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #told: Emitter<ToldStep>;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
    this.#told = new Emitter(() => log.warn('toolGateway.listenerFailed'));
  }

  onStep(listener: (step: ToldStep) => void): () => void {
    return this.#told.on(listener);
  }

  /** False when it could not be written down, and what it stands for must not be done. */
  record({ journal }: Pick<CallContext, 'journal'>, step: GatewayEvent): boolean {
    return this.write(step.event, () => journal(step));
  }

  /** The same for a step that is written in more places than the record; `name` stands in the operator's log. */
  write(name: string, write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      this.#log.warn('toolGateway.notRecorded', { step: logId(name), code: logId(codeOf(error)) });
      return false;
    }
  }

  tell(conversationId: string, step: GatewayEvent): void {
    this.#told.emit({ ...step, conversationId, at: this.#clock.now() });
  }

  /** What has happened, and cannot be undone any more: recorded if it can be, and told. */
  happened(context: Pick<CallContext, 'conversationId' | 'journal'>, step: GatewayEvent): void {
    this.record(context, step);
    this.tell(context.conversationId, step);
  }
}
