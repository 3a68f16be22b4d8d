import { createInterface } from 'node:readline';
import type { LiveConversation } from '../../conversation/index.ts';
import type { Terminal } from '../terminal.ts';
import type { Attention } from './settled.ts';

/** A script's next line comes when the agent has really finished. */
const SETTLED_MS = 150;

/**
 * Takes what is typed into the conversation until either ends. A person's line goes in at once, and interrupts as
 * speech does; lines from a pipe or a file wait for the agent to finish. The end of the input ends a conversation
 * that is typed only; one that is also spoken goes on, unless a person ended it (Ctrl+D).
 */
export async function holdTyped(
  terminal: Terminal,
  live: LiveConversation,
  attention: Attention,
  { spoken }: { readonly spoken: boolean },
): Promise<void> {
  const person = Boolean(terminal.input.isTTY);
  const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
  terminal.closing.defer(() => lines.close());
  void live.ended.then(() => lines.close());
  const proposals = watchProposals(live);
  for await (const line of lines) {
    if (!person && (await attention.settled(SETTLED_MS)) === 'over') break;
    const pending = proposals();
    if (line === '/approve' && pending !== null) live.decide(pending, 'approve');
    else if (line === '/refuse' && pending !== null) live.decide(pending, 'refuse');
    else if (line === '/stop') live.stopSpeaking();
    else live.type(line);
  }
  if (spoken && !person) return;
  if (!person) await attention.settled(SETTLED_MS);
  await live.end('person-left');
}

/** The proposal that waits for a decision, if one does. */
function watchProposals(live: LiveConversation): () => string | null {
  let pending: string | null = null;
  live.onEvent((event) => {
    if (event.type === 'toolProposed' && event.needs !== 'none') pending = event.proposalId;
    if (event.type === 'toolWithdrawn' || event.type === 'toolCalled') pending = null;
  });
  return () => pending;
}
