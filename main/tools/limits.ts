import type { ToolEntry } from './desk-tools.ts';
import type { CallContext } from './gateway.ts';
import type { ReadBack } from './read-back.ts';
import { type Refusal, refusal } from './refusal.ts';
import { summedArguments, type ToolLedger } from './state/ledger.ts';

/** Counts of conversations older than the last so many are let go. */
const MAX_CONVERSATIONS = 2000;

interface Count {
  turn: number;
  inTurn: number;
  total: number;
}

/**
 * Counts calls in a turn and in a conversation. A call counts when it is let through, whatever becomes of it. In
 * memory: no conversation outlives the process.
 */
export class CallCounter {
  readonly #conversations = new Map<string, Map<string, Count>>();

  /** Why one more call is too many, or null. */
  refuses(name: string, { limits }: ToolEntry, context: CallContext): Refusal | null {
    const count = this.#conversations.get(context.conversationId)?.get(name);
    if (count && count.turn === context.turn && count.inTurn >= limits.perTurn)
      return refusal('limit-turn', 'I have done that as often as I may for now.');
    if (count && count.total >= limits.perConversation)
      return refusal('limit-conversation', 'I have done that as often as I may in one conversation.');
    return null;
  }

  count(name: string, context: CallContext): void {
    const counts = this.#of(context.conversationId);
    const count = counts.get(name) ?? { turn: context.turn, inTurn: 0, total: 0 };
    if (count.turn !== context.turn) {
      count.turn = context.turn;
      count.inTurn = 0;
    }
    count.inTurn += 1;
    count.total += 1;
    counts.set(name, count);
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
}

/**
 * Why one more call is too many, or its amounts too much, in the last hour or day over all conversations; or null.
 * Sliding windows: there is no midnight at which a day begins anew, and no hour that a change of the clocks doubles.
 */
export function overLedgerLimits(
  ledger: ToolLedger,
  deskId: string,
  call: {
    readonly name: string;
    readonly tool: ToolEntry;
    readonly arguments: Readonly<Record<string, unknown>>;
  },
  readBack: ReadBack,
): Refusal | null {
  const { name, tool } = call;
  const { perHour, perDay, mostPerDay } = tool.limits;
  if (perHour !== undefined && ledger.calls(deskId, name, 'hour') >= perHour)
    return refusal('limit-hour', 'I cannot do that more often in one hour. Please try again later.');
  if (perDay !== undefined && ledger.calls(deskId, name, 'day') >= perDay)
    return refusal('limit-day', 'I cannot do that more often in one day.');
  for (const [argument, hundredths] of summedArguments(tool, call.arguments)) {
    const most = mostPerDay?.[argument] ?? 0;
    if (ledger.sumOfDay(deskId, name, argument) + hundredths > Math.floor(most * 100 + 1e-6))
      return refusal(
        'too-much-today',
        `That would be more than I may do in one day. The most is ${readBack(name, argument, String(most))}.`,
      );
  }
  return null;
}
