import { createHash } from 'node:crypto';
import type { Clock } from '../base/index.ts';
import { createMasker } from '../guard/index.ts';
import type { ConversationWriter, ToolCallRecord } from '../records/index.ts';
import { WITHHELD } from './understood.ts';

/**
 * Writes the record of one conversation. Nothing passes here unmasked. Every method throws what the vault throws when
 * the disk refuses: what cannot be recorded must not go on.
 */
export class Keeper {
  readonly #writer: ConversationWriter;
  readonly #clock: Clock;
  readonly #masker = createMasker();

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
      text: sensitive ? WITHHELD : this.#masker.mask(text, 'person').masked,
      flow,
      confidence,
      interrupted: false,
    });
  }

  /** What the person heard of the agent. */
  agent(turn: number, heard: string, flow: string | null, interrupted: boolean): void {
    if (heard.length === 0) return;
    const text = this.#masker.mask(heard, 'agent').masked;
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

  /** One step in the life of a tool call. */
  tool(step: Omit<ToolCallRecord, 'at'>): void {
    this.#writer.toolCall({ ...step, at: this.#clock.now() });
  }

  end(reason: string): void {
    this.#writer.end(reason, this.#clock.now());
  }
}
