import type { ToolEntry } from './desk-tools.ts';
import type { CallContext } from './gateway.ts';
import { type Refusal, refusal } from './refusal.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Counts of conversations older than the last so many are let go. */
const MAX_CONVERSATIONS = 2000;

interface Count {
  turn: number;
  inTurn: number;
  total: number;
}

/**
 * Counts calls: in a turn, in a conversation, and in the last hour and day across all conversations. A call counts
 * when it is let through, whatever becomes of it. Kept in memory: a restart begins the hour and the day anew.
 */
export class CallCounter {
  readonly #conversations = new Map<string, Map<string, Count>>();
  readonly #recent = new Map<string, number[]>();

  /** Why one more call is too many, or null. */
  refuses(name: string, tool: ToolEntry, context: CallContext, now: number): Refusal | null {
    const { limits } = tool;
    const count = this.#conversations.get(context.conversationId)?.get(name);
    if (count && count.turn === context.turn && count.inTurn >= limits.perTurn)
      return refusal('limit-turn', 'I have done that as often as I may for now.');
    if (count && count.total >= limits.perConversation)
      return refusal('limit-conversation', 'I have done that as often as I may in one conversation.');
    if (limits.perHour !== undefined && this.#since(name, now - HOUR_MS) >= limits.perHour)
      return refusal('limit-hour', 'I cannot do that more often in one hour. Please try again later.');
    if (limits.perDay !== undefined && this.#since(name, now - DAY_MS) >= limits.perDay)
      return refusal('limit-day', 'I cannot do that more often in one day.');
    return null;
  }

  count(name: string, tool: ToolEntry, context: CallContext, now: number): void {
    const counts = this.#of(context.conversationId);
    const count = counts.get(name) ?? { turn: context.turn, inTurn: 0, total: 0 };
    if (count.turn !== context.turn) {
      count.turn = context.turn;
      count.inTurn = 0;
    }
    count.inTurn += 1;
    count.total += 1;
    counts.set(name, count);
    if (tool.limits.perHour === undefined && tool.limits.perDay === undefined) return;
    const recent = (this.#recent.get(name) ?? []).filter((at) => at > now - DAY_MS);
    this.#recent.set(name, [...recent, now]);
  }

  #of(conversationId: string): Map<string, Count> {
    const known = this.#conversations.get(conversationId);
    if (known) return known;
    const counts = new Map<string, Count>();
    this.#conversations.set(conversationId, counts);
    const oldest = this.#conversations.keys().next();
    if (this.#conversations.size > MAX_CONVERSATIONS && !oldest.done)
      this.#conversations.delete(oldest.value);
    return counts;
  }

  #since(name: string, from: number): number {
    return (this.#recent.get(name) ?? []).filter((at) => at > from).length;
  }
}
