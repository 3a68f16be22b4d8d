import { newId } from '../base/index.ts';
import type { GatewayEvent } from '../tools/index.ts';
import type { EventBody } from './event-stream.ts';
import type { Keeper } from './keeper.ts';

/** Follows what the gateway does for one conversation: into the record first, then onto the screen. */
export class ToolWatch {
  readonly #keeper: Keeper;
  readonly #emit: (event: EventBody) => void;
  /** Of proposals that are still open. */
  readonly #risks = new Map<string, string>();

  constructor(keeper: Keeper, emit: (event: EventBody) => void) {
    this.#keeper = keeper;
    this.#emit = emit;
  }

  /** True when carrying this proposal out changes the world: then what comes of it must be said. */
  changesTheWorld(proposalId: string): boolean {
    return this.#risks.get(proposalId) !== 'read';
  }

  /** Into the record and the log. @throws SottoError of the vault: then the step must not happen. */
  journal(step: GatewayEvent, turn: number): void {
    const { tool } = step;
    const proposalId = step.proposalId ?? newId();
    const risk = 'risk' in step ? step.risk : (this.#risks.get(proposalId) ?? 'unknown');
    const call = { proposalId, tool, risk, turn, approvedBy: null, code: null };
    switch (step.event) {
      case 'proposed':
        this.#keeper.tool({ ...call, outcome: 'proposed' });
        this.#risks.set(proposalId, risk);
        break;
      case 'called':
        this.#keeper.tool({ ...call, approvedBy: step.approvedBy, outcome: 'called', ...stepUpOf(step) });
        break;
      case 'answered':
        this.#risks.delete(proposalId);
        this.#keeper.tool({ ...call, outcome: step.outcome, code: step.code });
        break;
      case 'withdrawn':
        this.#risks.delete(proposalId);
        this.#keeper.tool({ ...call, outcome: 'withdrawn' });
        break;
      case 'refused':
        this.#risks.delete(proposalId);
        this.#keeper.tool({ ...call, outcome: 'refused', code: step.code });
        break;
      // Who made the check stands in the log with the call that it was for.
      case 'steppedUp':
    }
  }

  /** Onto the screen. */
  show(event: GatewayEvent): void {
    switch (event.event) {
      case 'proposed': {
        const { proposalId, tool, risk, text, needs, stepUp } = event;
        const further = stepUp === undefined || stepUp === 'none' ? {} : { stepUp };
        this.#emit({ type: 'toolProposed', proposalId, tool, risk, text, needs, ...further });
        break;
      }
      case 'withdrawn':
        this.#emit({ type: 'toolWithdrawn', proposalId: event.proposalId, tool: event.tool });
        break;
      case 'called':
        this.#emit({
          type: 'toolCalled',
          proposalId: event.proposalId,
          tool: event.tool,
          risk: event.risk,
        });
        break;
      case 'answered': {
        const { proposalId, tool, outcome, code, tookMs } = event;
        this.#emit({ type: 'toolAnswered', proposalId, tool, outcome, code, tookMs });
        break;
      }
      case 'refused':
        this.#emit({ type: 'notice', code: event.code, message: 'The tool gateway refused a call.' });
        break;
      case 'steppedUp':
    }
  }
}

function stepUpOf({ stepUp, stepUpBy }: Extract<GatewayEvent, { event: 'called' }>) {
  return stepUp && stepUp !== 'none' && stepUpBy ? { stepUp: { kind: stepUp, by: stepUpBy } } : {};
}
