import type { CompiledDesk, Expectation, SpeechGrammar } from '../dialogue/index.ts';
import type { ConsentDecision, SiteConsent } from '../records/index.ts';
import { type Asked, ConsentGate, type GateStep } from './consent-gate.ts';
import { answerGrammar, answerOf, withAsides, withdrawalIn } from './consent-words.ts';
import type { Keeper } from './keeper.ts';
import type { Replies } from './replies.ts';

const NOTHING_RECORDED = 'Nothing is being recorded.';
/** While consent is asked for, an answer is a yes or a no. */
const YES_OR_NO: Expectation = { kind: 'yesNo', flow: '' };

/** How the person said so. */
export type SaidBy = ConsentDecision['by'];

export interface ConsentOptions {
  readonly site: SiteConsent;
  readonly desk: CompiledDesk;
  readonly keeper: Keeper;
  readonly replies: () => Replies;
  /** True when it is in the record. */
  record(write: () => void): boolean;
  /** Recording may begin, or must stop at once. */
  recordingAllowed(allowed: boolean): void;
  notice(code: string, message: string): void;
}

/** What is to be done after the gate has had its say: go on, wait for an answer, or hand over and end. */
export type Passage = 'passed' | 'asking' | 'over';

/** Consent in one conversation: carries out what the gate wants, keeps each decision, and knows what may be said to it. */
export class Consent {
  readonly #options: ConsentOptions;
  readonly #gate: ConsentGate;
  readonly #toldByDesk: ReadonlySet<string>;
  /** Disclosures of the desk pack that were said before its dialogue began. */
  readonly #said = new Set<string>();
  #erase = false;

  constructor(options: ConsentOptions) {
    this.#options = options;
    const { site, desk } = options;
    this.#toldByDesk = new Set(desk.pack.desk.disclosures.map(({ id }) => id));
    this.#gate = new ConsentGate(site.policy, site.recording, this.#toldByDesk);
  }

  /** A question of consent waits for an answer. */
  get asking(): boolean {
    return this.#gate.asking !== null;
  }

  /** What was said must be erased when the conversation is over. */
  get erases(): boolean {
    return this.#erase;
  }

  /** What may be said now. */
  expectation(expected: Expectation): Expectation {
    return this.asking ? YES_OR_NO : expected;
  }

  grammar(expected: Expectation): SpeechGrammar {
    const { desk } = this.#options;
    return this.asking ? answerGrammar(desk) : withAsides(desk.grammar(expected));
  }

  /** A disclosure of the desk that its dialogue need not say again. */
  hasSaid(disclosureId: string | undefined): boolean {
    return disclosureId !== undefined && this.#said.has(disclosureId);
  }

  /** The very first words. Where something is asked, what the desk discloses comes before the question. */
  open(turn: number): Passage {
    const { desk } = this.#options;
    const disclosed = this.#gate.willAsk ? desk.pack.desk.disclosures : [];
    for (const { id, say } of disclosed) {
      this.#said.add(id);
      this.#say(turn, 'disclosure', say, id);
    }
    return this.#carryOut(this.#gate.open(), turn, 'none');
  }

  /** All of a disclosure or question was heard: it is kept that it was. */
  heard(id: string, text: string, by: 'disclosure' | 'question'): void {
    const { site, keeper, record } = this.#options;
    if (by === 'disclosure') {
      const notice = site.policy.notices.find((one) => one.id === id);
      const purpose = notice?.purpose ?? 'disclosure';
      record(() =>
        keeper.disclosed(
          id,
          text,
          this.#decision({ purpose, decision: 'notified', by: 'none' }, { id, say: text }),
        ),
      );
    }
    this.#gate.heard(id);
    if (this.#gate.passed) this.#settleRecording();
  }

  /** The answer to the question that waits. `words` null: nothing was said. */
  answer(words: string | null, turn: number, by: SaidBy): Passage {
    this.#options.replies().sayOwed(turn);
    if (words !== null && withdrawalIn(words) === 'processing')
      return this.#carryOut(this.#gate.withdraw('processing'), turn, by);
    return this.#carryOut(this.#gate.answer(words === null ? 'unclear' : answerOf(words)), turn, by);
  }

  /** Whether the words may be kept as they are: before consent, only those that answer the question. */
  isAnswer(words: string): boolean {
    return answerOf(words) !== 'unclear';
  }

  /** What these words withdraw consent to, if they do. */
  withdrawnBy(words: string): Asked | null {
    return withdrawalIn(words);
  }

  /** Consent is withdrawn, and reaches back to what was kept. */
  withdraw(purpose: Asked, turn: number, by: SaidBy): Passage {
    if (purpose === 'recording' && this.#gate.asking?.purpose === 'recording')
      return this.#carryOut(this.#gate.answer('no'), turn, by);
    if (purpose === 'recording' && !this.#gate.allows('recording')) {
      this.#say(turn, 'answer', NOTHING_RECORDED);
      return this.#passage();
    }
    return this.#carryOut(this.#gate.withdraw(purpose), turn, by);
  }

  #carryOut(steps: readonly GateStep[], turn: number, by: SaidBy): Passage {
    for (const step of steps) if (!this.#one(step, turn, by)) return 'over';
    if (this.#gate.passed) this.#settleRecording();
    return steps.some(({ step }) => step === 'handOver') ? 'over' : this.#passage();
  }

  #passage(): Passage {
    if (this.asking) return 'asking';
    return this.#gate.passed ? 'passed' : 'over';
  }

  /** False when it could not be kept. */
  #one(step: GateStep, turn: number, by: SaidBy): boolean {
    switch (step.step) {
      case 'tell':
        this.#say(turn, 'disclosure', step.notice.say, step.notice.id);
        return true;
      case 'ask':
        this.#options.replies().ask(turn, step.ask.id, step.ask.say);
        return true;
      case 'say':
        this.#say(turn, 'answer', step.text);
        return true;
      case 'decided':
        return this.#decided(step, by);
      default:
        return true;
    }
  }

  #decided(step: Extract<GateStep, { step: 'decided' }>, by: SaidBy): boolean {
    const { keeper, record, site, notice, recordingAllowed } = this.#options;
    const { purpose, decision, wording } = step;
    if (!record(() => keeper.decided(this.#decision({ purpose, decision, by }, wording)))) return false;
    notice(`consent-${purpose}-${decision}`, `Consent to ${purpose}: ${decision}.`);
    if (decision !== 'withdrawn') return true;
    recordingAllowed(false);
    this.#erase = purpose === 'processing' && site.policy.withdrawn.erase;
    return record(() => this.#forget(this.#erase ? 'words' : 'sound'));
  }

  #forget(what: 'sound' | 'words'): void {
    const { keeper, notice } = this.#options;
    if (keeper.forget(what) === 'held')
      notice('consent-held', 'A legal hold keeps what was withdrawn until it is lifted.');
  }

  #settleRecording(): void {
    this.#options.recordingAllowed(this.#gate.allows('recording'));
  }

  #say(turn: number, kind: 'disclosure' | 'answer', text: string, disclosureId?: string): void {
    const act = { act: 'say', kind, text } as const;
    this.#options.replies().sayOfHouse(turn, disclosureId === undefined ? act : { ...act, disclosureId });
  }

  #decision(
    made: Pick<ConsentDecision, 'purpose' | 'decision' | 'by'>,
    wording: { readonly id: string; readonly say: string },
  ): Omit<ConsentDecision, 'at'> {
    const { site, desk } = this.#options;
    return {
      ...made,
      wordingId: wording.id,
      wording: wording.say,
      policy: site.policy,
      controller: desk.pack.desk.name,
      contact: desk.pack.desk.handOff.to,
    };
  }
}
