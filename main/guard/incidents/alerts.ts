import type { AuditLog } from '../../audit/index.ts';
import { BoundedQueue, type Clock, codeOf, Emitter, type Log, logId, newId } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { Alert } from './contract.ts';
import { AlertMail } from './mail.ts';

const MOST_WAITING = 100;
/** For windows that open later. */
const MOST_KEPT = 50;

/** What people should know of now: to every window that listens, and by mail where the site has a relay. */
export class Alerts {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mail: AlertMail;
  readonly #raised = new Emitter<Alert>();
  #recent: readonly Alert[] = [];

  constructor(vault: Vault, audit: AuditLog, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
    this.#mail = new AlertMail(vault, audit, log);
  }

  raise(given: Omit<Alert, 'id' | 'at'>): Alert {
    const alert: Alert = { ...given, id: newId(), at: this.#clock.now() };
    this.#recent = [...this.#recent, alert].slice(-MOST_KEPT);
    this.#raised.emit(alert);
    try {
      this.#mail.add(alert);
    } catch (error) {
      this.#log.warn('alerts.notKept', { code: logId(codeOf(error)) });
    }
    return alert;
  }

  /** Since the start, the newest last. */
  recent(): readonly Alert[] {
    return this.#recent;
  }

  onAlert(listener: (alert: Alert) => void): () => void {
    return this.#raised.on(listener);
  }

  /** Alerts from now on, until the signal aborts. */
  stream(signal: AbortSignal): AsyncIterable<Alert> {
    const queue = new BoundedQueue<Alert>(MOST_WAITING);
    const deaf = this.onAlert((alert) => queue.push(alert));
    const end = () => {
      deaf();
      queue.close();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    return queue;
  }

  close(): Promise<void> {
    return this.#mail.close();
  }
}
