import type { AuditLog } from '../audit/index.ts';
import { type Clock, codeOf, type Log, logId } from '../base/index.ts';
import type { Phrase } from '../conversation/index.ts';
import {
  type CompiledDesk,
  createAnswerPhraser,
  createUnderstander,
  forbiddenTopicIn,
  type Knowledge,
  type LanguageModel,
  languageModelChoice,
  openChosenModel,
  Patience,
  type Understander,
} from '../dialogue/index.ts';
import type { Models } from '../models/index.ts';
import type { Vault } from '../vault/index.ts';
import { logCrash } from './crashes.ts';

/** A person waits longer for an answer in good words than for being understood. */
const PHRASE_MS = 3000;
const MOST_PASSAGES = 6;

export interface AssistantParts {
  readonly vault: Vault;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly models: Models;
}

/**
 * The language model that the site has chosen, shared by its conversations. It is opened while the desk is already
 * served: a pack of gigabytes is checked whole first, and one that is damaged or missing leaves the desk as it is.
 */
export class Assistant {
  readonly #parts: AssistantParts;
  readonly #patience: Patience;
  readonly #forPhrases: Patience;
  readonly #closed = new AbortController();
  readonly #opening: Promise<void>;
  #model: LanguageModel | null = null;

  constructor(parts: AssistantParts) {
    this.#parts = parts;
    this.#patience = new Patience(parts.clock);
    this.#forPhrases = new Patience(parts.clock, { mostMs: PHRASE_MS });
    this.#opening = this.#open();
  }

  /** For one conversation; nothing while there is no model. */
  understanderOf(desk: CompiledDesk): Understander | null {
    const { clock, log } = this.#parts;
    if (!this.#model) return null;
    const understander = createUnderstander({
      desk,
      model: this.#model,
      clock,
      log,
      patience: this.#patience,
    });
    void understander.prepare(this.#closed.signal);
    return understander;
  }

  /** Settles when the model is open, or is known not to be. */
  opened(): Promise<void> {
    return this.#opening;
  }

  /** Phrases answers from pages for one conversation, each from pages of one source; nothing while there is no model. */
  phraseOf(desk: CompiledDesk, knowledge: Knowledge): Phrase | null {
    const { clock, log } = this.#parts;
    if (!this.#model) return null;
    const { pack } = desk;
    const phraser = createAnswerPhraser({ pack, model: this.#model, clock, log, patience: this.#forPhrases });
    return async (question, { file, title }, signal) => {
      const found = knowledge.find(question, MOST_PASSAGES);
      const passages = found.filter(({ source }) => source.file === file && source.title === title);
      const answer = await phraser.phrase(question, passages, signal);
      return answer === null || forbiddenTopicIn(pack.safety, answer) ? null : answer;
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#opening;
    await this.#model?.close();
  }

  async #open(): Promise<void> {
    const { vault, audit, log, models } = this.#parts;
    try {
      if (languageModelChoice(vault).kind === 'none') return;
      this.#model = await openChosenModel(vault, models, log, this.#closed.signal);
      this.#model?.onCrash?.(({ engine }) => logCrash(audit, engine));
    } catch (error) {
      if (!this.#closed.signal.aborted) log.warn('model.notOpened', { code: logId(codeOf(error)) });
    }
  }
}
