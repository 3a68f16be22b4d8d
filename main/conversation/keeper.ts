import type { Clock } from '../base/index.ts';
import { createMasker, type MaskedSpan, type Masker, type PackType, type Verdict } from '../guard/index.ts';
import type {
  ConsentDecision,
  ConversationWriter,
  SubjectReference,
  ToolCallRecord,
} from '../records/index.ts';
import { wordingHash } from '../records/index.ts';
import { WITHHELD } from './understood.ts';

/**
 * Writes the record of one conversation. Nothing passes here unmasked. Every method throws what the vault throws when
 * the disk refuses: what cannot be recorded must not go on.
 */
export class Keeper {
  readonly #writer: ConversationWriter;
  readonly #clock: Clock;
  readonly #masker: Masker;

  /** @param packTypes what the desk keeps out of its records, beside what everybody does. */
  constructor(writer: ConversationWriter, clock: Clock, packTypes: readonly PackType[]) {
    this.#writer = writer;
    this.#clock = clock;
    this.#masker = createMasker({ packTypes });
  }

  disclosed(id: string, wording: string, receipt: Omit<ConsentDecision, 'at'>): void {
    const at = this.#clock.now();
    this.#writer.disclosed(id, wordingHash(wording), at, { ...receipt, at });
  }

  decided(decision: Omit<ConsentDecision, 'at'>): void {
    this.#writer.decide({ ...decision, at: this.#clock.now() });
  }

  forget(what: 'sound' | 'words'): 'forgotten' | 'held' {
    return this.#writer.forget(what);
  }

  /** Whom the conversation is about. */
  about(reference: SubjectReference): void {
    this.#writer.about(reference);
  }

  /**
   * What the person said. `sensitive`: an answer that the pack declares so is not kept at all. Returns where in the text
   * something stood that is not kept; null: anywhere. `awaited`: the question that it may answer, heard or talked over.
   */
  person(
    turn: number,
    text: string,
    flow: string | null,
    confidence: number,
    sensitive: boolean,
    awaited = '',
  ): readonly MaskedSpan[] | null {
    const kept = sensitive ? { masked: WITHHELD, spans: null } : this.#masker.mask(text, 'person', awaited);
    this.#writer.turn({
      turn,
      speaker: 'person',
      at: this.#clock.now(),
      text: kept.masked,
      flow,
      confidence,
      interrupted: false,
    });
    return kept.spans;
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

  /** What the guard stopped, and why; nothing of the words. */
  stopped(turn: number, { layer, score, reasons }: Verdict): void {
    this.#writer.finding(`words/${layer}`, { turn, score, reasons: reasons.join(', ') });
  }

  end(reason: string): void {
    this.#writer.end(reason, this.#clock.now());
  }
}
