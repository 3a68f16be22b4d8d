import { createHash } from 'node:crypto';
import type { Clock } from '../base/index.ts';
import { maskSensitive } from '../guard/index.ts';
import type { ConversationWriter, ToolCallRecord } from '../records/index.ts';

/** Stands in the record where a sensitive answer was given. */
const WITHHELD = '[withheld]';

type ToolStep = Pick<ToolCallRecord, 'proposalId' | 'tool' | 'outcome'> &
  Partial<Pick<ToolCallRecord, 'approvedBy' | 'code' | 'risk'>>;

/** Writes the record of one conversation. Nothing passes here unmasked. */
export class Keeper {
  readonly #writer: ConversationWriter;
  readonly #clock: Clock;
  readonly #risks = new Map<string, string>();

  constructor(writer: ConversationWriter, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  disclosed(id: string, wording: string): void {
    this.#writer.disclosed(id, createHash('sha256').update(wording).digest('hex'), this.#clock.now());
  }

  /** What the person said. `sensitive`: an answer that the pack declares so is not kept at all. */
  person(turn: number, text: string, flow: string | null, confidence: number, sensitive: boolean): void {
    this.#writer.turn({
      turn,
      speaker: 'person',
      at: this.#clock.now(),
      text: sensitive ? WITHHELD : maskSensitive(text).masked,
      flow,
      confidence,
      interrupted: false,
    });
  }

  /** What the person heard of the agent. */
  agent(turn: number, heard: string, flow: string | null, interrupted: boolean): void {
    if (heard.length === 0) return;
    const text = maskSensitive(heard).masked;
    this.#writer.turn({
      turn,
      speaker: 'agent',
      at: this.#clock.now(),
      text,
      flow,
      confidence: null,
      interrupted,
    });
  }

  /** One step in the life of a tool call. Throws when it cannot be written: then the step must not happen. */
  tool(turn: number, step: ToolStep): void {
    const risk = step.risk ?? this.#risks.get(step.proposalId) ?? 'unknown';
    this.#risks.set(step.proposalId, risk);
    this.#writer.toolCall({ approvedBy: null, code: null, ...step, risk, turn, at: this.#clock.now() });
  }

  end(reason: string): void {
    this.#writer.end(reason, this.#clock.now());
  }
}
