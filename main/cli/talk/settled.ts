import { delay } from '../../base/index.ts';
import type { AgentState, LiveConversation } from '../../conversation/index.ts';

/** Tells when the agent has said all it had to say and listens. */
export interface Attention {
  /** Resolves when the agent has listened for `forMs` without a change, or the conversation is over. */
  settled(forMs: number): Promise<'listening' | 'over'>;
}

/** Between polls: short beside a pause that a person would notice. */
const POLL_MS = 20;

/**
 * Watches a conversation from its beginning. While the person is heard, or an answer is on its way, the state is
 * another one; so whoever speaks after `settled` neither interrupts nor speaks too early.
 */
export function watchAttention(live: LiveConversation): Attention {
  let state: AgentState | null = null;
  let since = performance.now();
  live.onEvent((event) => {
    if (event.type !== 'state' || event.state === state) return;
    state = event.state;
    since = performance.now();
  });
  let over = false;
  void live.ended.then(() => {
    over = true;
  });
  return {
    settled: async (forMs) => {
      while (!over) {
        if (state === 'listening' && performance.now() - since >= forMs) return 'listening';
        await delay(POLL_MS);
      }
      return 'over';
    },
  };
}
