/** Desks and turns of the gateway's tests, without the test runner: child processes use them too. */
import type { Approval, CallContext, DeskTools, ToolEntry } from '../../main/tools/index.ts';

export const CONVERSATION = '01900000-0000-7000-8000-000000000001';

export function context(turn = 1, changes: Partial<CallContext> = {}): CallContext {
  return {
    conversationId: CONVERSATION,
    turn,
    memberId: null,
    roles: ['staff'],
    signal: new AbortController().signal,
    journal: () => {},
    ...changes,
  };
}

export function spokenYes(turn: number, confidence = 0.9): Approval {
  return { by: 'voice', turn, confidence };
}

/** A tool with what every test leaves as it is. */
export function toolEntry(changes: Partial<ToolEntry> = {}): ToolEntry {
  return {
    server: 'odd',
    description: 'Something',
    risk: 'read',
    arguments: { type: 'object', properties: {} },
    roles: ['staff'],
    confirm: 'none',
    stepUp: 'none',
    limits: { perTurn: 5, perConversation: 20 },
    timeoutMs: 4000,
    idempotent: false,
    ...changes,
  };
}

/** A desk whose tools are on the server that misbehaves. */
export function oddDesk(tools: Readonly<Record<string, ToolEntry>>): DeskTools {
  return {
    id: 'odd-desk',
    folder: new URL('./fixtures', import.meta.url).pathname,
    tools,
    servers: { odd: { command: 'node', args: ['odd-server.ts'], env: {} } },
  };
}
