import type { WatchedEvent, Who } from './events.ts';
import { whoOf } from './subjects.ts';

/** Of a conversation; a drift looks back no further. */
const MOST_TURNS = 100;

interface Held {
  readonly who: Who;
  readonly begunAt: number;
  /** The last turns, true where one had nothing to do with the desk. */
  readonly drift: boolean[];
}

/** The conversations that are being held, as far as rules look at them: whose, since when, and how far off the desk. */
export class HeldConversations {
  readonly #held = new Map<string, Held>();

  /** Begins one, or adds a turn to it. What happens outside a conversation is nothing to it. */
  follow(event: WatchedEvent, now: number): void {
    const { conversationId } = event;
    if (conversationId === undefined || conversationId === null) return;
    if (event.happened === 'conversationBegan')
      this.#held.set(conversationId, { who: whoOf(event), begunAt: now, drift: [] });
    if (event.happened !== 'turn') return;
    const { drift = [] } = this.#held.get(conversationId) ?? {};
    drift.push(!event.inScope);
    if (drift.length > MOST_TURNS) drift.shift();
  }

  end(conversationId: string): void {
    this.#held.delete(conversationId);
  }

  all(): readonly { readonly who: Who; readonly begunAt: number }[] {
    return [...this.#held.values()];
  }

  /** Of the last so many turns, what share had nothing to do with the desk; null while there are fewer. */
  drift(conversationId: string, ofTurns: number): number | null {
    const { drift = [] } = this.#held.get(conversationId) ?? {};
    return drift.length < ofTurns ? null : drift.slice(-ofTurns).filter(Boolean).length / ofTurns;
  }

  /** Who holds the most at once, each counted as `subject` says; null where nobody holds any. */
  mostAtOnce(
    subject: (who: Who) => string | null,
  ): { readonly subject: string; readonly count: number } | null {
    const counts = new Map<string, number>();
    for (const { who } of this.#held.values()) {
      const one = subject(who);
      if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most ? { subject: most[0], count: most[1] } : null;
  }

  /** The one that began first. */
  oldest(): { readonly conversationId: string; readonly begunAt: number } | null {
    const [oldest] = [...this.#held].sort(([, a], [, b]) => a.begunAt - b.begunAt);
    return oldest ? { conversationId: oldest[0], begunAt: oldest[1].begunAt } : null;
  }
}
