import type { Clock } from '../base/index.ts';
import type { Session } from '../identity/index.ts';
import type { OpenServices } from './services.ts';

/**
 * Who is signed in on one connection. The session is asked for anew at every call, so that a role taken away or
 * a session ended elsewhere counts at once.
 */
export class ConnectionSession {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #session: Session | null = null;

  /** `onEnd` runs when the member who was signed in no longer is: signed out, expired, replaced. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Who was signed in at the last call; null for nobody. Asks nothing and extends nothing. */
  get memberId(): string | null {
    return this.#session?.member.id ?? null;
  }

  /** The session if it is still good, extended by this use. */
  current(open: OpenServices | null): Session | null {
    if (this.#session === null || open === null) return null;
    const session = open.identity.resume(this.#session.token);
    if (session === null) this.end();
    else this.#session = session;
    return this.#session;
  }

  begin(session: Session): void {
    if (this.#session !== null && this.#session.member.id !== session.member.id) this.end();
    this.#session = session;
  }

  end(): void {
    if (this.#session === null) return;
    this.#session = null;
    this.#onEnd();
  }

  /** Ends a session whose time has run out, without extending one that has not: for streams that stay open. */
  expire(open: OpenServices | null): void {
    if (this.#session !== null && this.#clock.now() >= this.#session.expiresAt) this.current(open);
  }
}
