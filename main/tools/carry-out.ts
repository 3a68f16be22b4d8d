import type { CapabilityMint } from './capability.ts';
import type { ToolEntry } from './desk-tools.ts';
import type { CallContext, CallOutcome } from './gateway.ts';
import type { PendingCall } from './proposals.ts';
import { type Refusal, refusal, SAY_FAILED, SAY_UNKNOWN } from './refusal.ts';
import type { ToolSchemas } from './schemas.ts';
import { readAnswer } from './servers/answer.ts';
import { CallLost } from './servers/call-lost.ts';
import type { ToolServer } from './servers/tool-server.ts';

/** One call that all checks have let through, with what it takes to send it. */
export interface Outgoing {
  readonly server: ToolServer;
  readonly call: PendingCall;
  readonly tool: ToolEntry;
  readonly schemas: ToolSchemas;
  readonly context: CallContext;
  readonly mint: CapabilityMint;
  /**
   * Asked at the last moment before each attempt, when the capability is minted and nothing more is awaited: the call
   * is written down here, or refused. A refusal means that nothing was sent.
   */
  readonly letGo: (attempt: number) => Refusal | null;
}

/** Sends a call and says what came of it; a refusal when it was not sent after all. */
export async function carryOut(outgoing: Outgoing): Promise<CallOutcome | Refusal> {
  const { server, call, tool } = outgoing;
  try {
    const offered = await server.offers(call.name, tool);
    if (offered !== 'offered') return refusal(offered, 'I am sorry, that is not available at the moment.');
    return await send(outgoing);
  } catch (error) {
    return lost(tool, error);
  }
}

/** Sends the call; once more, with a capability of its own, where the tool is idempotent and the server died. */
async function send(outgoing: Outgoing): Promise<CallOutcome | Refusal> {
  const { server, call, tool, schemas, context, mint, letGo } = outgoing;
  // What only reads may be left alone when the person interrupts; what changes the world is seen to its end.
  const signal = tool.risk === 'read' ? context.signal : null;
  let before: unknown = null;
  for (let attempt = 1; ; attempt += 1) {
    const meta = { 'sotto/capability': await mintFor(mint, call, tool), 'sotto/idempotency-key': call.id };
    const no = letGo(attempt);
    if (no) {
      if (before !== null) throw before;
      return no;
    }
    try {
      const result = await server.call(call.name, call.arguments, meta, {
        timeoutMs: tool.timeoutMs,
        signal,
      });
      const answer = readAnswer(result, schemas);
      if (answer.kind === 'ok') return { kind: 'ok', result: answer.result };
      if (answer.kind === 'error') return { kind: 'failed', code: 'tools/tool-error', say: SAY_FAILED };
      return unreadable(tool, answer.code);
    } catch (error) {
      const again = error instanceof CallLost && error.code === 'tools/server-lost' && tool.idempotent;
      if (!again || attempt > 1) throw before ?? error;
      before = error;
    }
  }
}

function mintFor(mint: CapabilityMint, call: PendingCall, tool: ToolEntry): Promise<string> {
  return mint.mint({
    server: tool.server,
    tool: call.name,
    conversationId: call.conversationId,
    proposalId: call.id,
    arguments: call.arguments,
  });
}

/** No answer. What changes the world and was sent may have happened. */
function lost(tool: ToolEntry, error: unknown): CallOutcome {
  const code = error instanceof CallLost ? error.code : 'tools/internal';
  const sent = error instanceof CallLost ? error.sent : true;
  if (!sent || code === 'tools/server-error') return { kind: 'failed', code, say: SAY_FAILED };
  return unreadable(tool, code);
}

function unreadable(tool: ToolEntry, code: string): CallOutcome {
  return tool.risk === 'read'
    ? { kind: 'failed', code, say: SAY_FAILED }
    : { kind: 'unknown', code, say: SAY_UNKNOWN };
}
