import { newId } from '../base/index.ts';
import type { Approval, GatewayEvent } from '../tools/index.ts';
import type { EventBody } from './event-stream.ts';
import type { Keeper } from './keeper.ts';

/** Follows what the gateway does for one conversation: onto the screen, and into the record. */
export class ToolWatch {
  readonly #keeper: Keeper;
  readonly #emit: (event: EventBody) => void;
  readonly #approvedBy = new Map<string, 'none' | Approval['by']>();

  constructor(keeper: Keeper, emit: (event: EventBody) => void) {
    this.#keeper = keeper;
    this.#emit = emit;
  }

  approved(proposalId: string, by: 'none' | Approval['by']): void {
    this.#approvedBy.set(proposalId, by);
  }

  on(event: GatewayEvent, turn: number): void {
    switch (event.event) {
      case 'proposed': {
        const { proposalId, tool, risk, text, needs } = event;
        this.#keeper.tool(turn, { proposalId, tool, risk, outcome: 'proposed' });
        this.#emit({ type: 'toolProposed', proposalId, tool, risk, text, needs });
        break;
      }
      case 'withdrawn':
        this.#keeper.tool(turn, { proposalId: event.proposalId, tool: event.tool, outcome: 'withdrawn' });
        this.#emit({ type: 'toolWithdrawn', proposalId: event.proposalId, tool: event.tool });
        break;
      case 'called': {
        const { proposalId, tool, risk } = event;
        const approvedBy = this.#approvedBy.get(proposalId) ?? null;
        this.#keeper.tool(turn, { proposalId, tool, risk, approvedBy, outcome: 'called' });
        this.#emit({ type: 'toolCalled', proposalId, tool, risk });
        break;
      }
      case 'answered': {
        const { proposalId, tool, outcome, code, tookMs } = event;
        this.#keeper.tool(turn, { proposalId, tool, outcome, code });
        this.#emit({ type: 'toolAnswered', proposalId, tool, outcome, code, tookMs });
        break;
      }
      case 'refused':
        this.#keeper.tool(turn, {
          proposalId: newId(),
          tool: event.tool,
          outcome: 'refused',
          code: event.code,
        });
        this.#emit({ type: 'notice', code: event.code, message: 'The tool gateway refused a call.' });
        break;
    }
  }
}
