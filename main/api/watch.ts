import { delay } from '../base/index.ts';
import type { OpenServices, Origin, Services } from './services.ts';

/** Talk under way must stay in step (its turns are slowed by themselves), and nobody is kept from stopping or leaving. */
const NEVER_SLOWED = /^(conversation\.(?!start$)|standstill\.|session\.signOut$)/;

/** Tells those who watch over the site what one connection asks for, and makes it wait where they slow it down. */
export class Watch {
  readonly #services: Services;
  readonly #origin: Origin;

  constructor(services: Services, origin: Origin) {
    this.#services = services;
    this.#origin = origin;
  }

  /** Any request, also one that will be refused. Resolves when it may go on: at once for nearly everyone. */
  async request(name: string, memberId: string | null): Promise<void> {
    const watching = this.#services.open?.watching;
    if (watching === undefined) return;
    const who = { ...this.#origin, memberId };
    watching.observe({ ...who, happened: 'request' });
    const waitMs = NEVER_SLOWED.test(name) ? 0 : watching.paceMs(who);
    if (waitMs > 0) await delay(waitMs);
  }

  /** Something that is kept of people is about to be opened to a member. */
  recordRead({ watching }: OpenServices, memberId: string): void {
    watching.observe({ ...this.#origin, happened: 'recordRead', memberId });
  }

  signedIn({ watching }: OpenServices, memberId: string): void {
    watching.observe({ ...this.#origin, happened: 'signIn', memberId });
  }
}
