import type { ConsentAsk, ConsentNotice, ConsentPolicy } from '../records/index.ts';
import type { ConsentAnswer } from './consent-words.ts';

/** What the gate wants done, in order. Pure data: the conversation carries it out. */
export type GateStep =
  | { readonly step: 'tell'; readonly notice: ConsentNotice }
  | { readonly step: 'ask'; readonly ask: ConsentAsk }
  | { readonly step: 'say'; readonly text: string }
  | {
      readonly step: 'decided';
      readonly purpose: Asked;
      readonly decision: 'given' | 'refused' | 'withdrawn';
      /** The words that it answers. */
      readonly wording: { readonly id: string; readonly say: string };
    }
  /** The conversation may go on. */
  | { readonly step: 'pass' }
  /** It may not: a person is called, and it ends. */
  | { readonly step: 'handOver' };

export type Asked = 'processing' | 'recording';

/** A question that was talked over is asked again so often; then it counts as refused. */
const MOST_TALKED_OVER = 3;

/**
 * The point that no conversation passes without what its policy wants said and asked before it. A state machine without
 * ears or mouth: it is told what was heard and answered, and tells what comes next.
 */
export class ConsentGate {
  readonly #policy: ConsentPolicy;
  readonly #recording: boolean;
  readonly #toldByDesk: ReadonlySet<string>;
  readonly #heard = new Set<string>();
  readonly #decisions = new Map<Asked, 'given' | 'refused' | 'withdrawn'>();
  #state: 'closed' | 'asking' | 'passed' | 'over' = 'closed';
  #asks: ConsentAsk[] = [];
  #unclear = 0;
  #talkedOver = 0;

  /** @param toldByDesk ids of what the desk pack discloses itself: the policy's own words for these are not said. */
  constructor(policy: ConsentPolicy, recording: boolean, toldByDesk: ReadonlySet<string>) {
    this.#policy = policy;
    this.#recording = recording;
    this.#toldByDesk = toldByDesk;
  }

  /** The question that waits for an answer. */
  get asking(): ConsentAsk | null {
    return this.#state === 'asking' ? (this.#asks[0] ?? null) : null;
  }

  get passed(): boolean {
    return this.#state === 'passed';
  }

  /** Whether something will be asked before the conversation may begin. */
  get willAsk(): boolean {
    return this.#policy.asks.some((ask) => this.#applies(ask));
  }

  open(): readonly GateStep[] {
    this.#asks = this.#policy.asks.filter((ask) => this.#applies(ask));
    const notices = this.#policy.notices.filter(
      (notice) => this.#applies(notice) && !this.#toldByDesk.has(notice.id),
    );
    return [...notices.map((notice) => ({ step: 'tell', notice }) as const), ...this.#next()];
  }

  /** All of a notice or of a question was heard. */
  heard(id: string): void {
    this.#heard.add(id);
  }

  /** Whether this may be done now. */
  allows(purpose: Asked): boolean {
    if (this.#state !== 'passed') return false;
    if (purpose === 'recording' && !this.#recording) return false;
    const decided = this.#decisions.get(purpose);
    if (decided !== undefined && decided !== 'given') return false;
    const asked = this.#policy.asks.filter((ask) => ask.purpose === purpose && this.#applies(ask));
    const told = this.#policy.notices.filter(
      (notice) => notice.purpose === purpose && this.#applies(notice) && !this.#toldByDesk.has(notice.id),
    );
    return (
      (asked.length === 0 || decided === 'given') &&
      (purpose !== 'recording' || told.every(({ id }) => this.#heard.has(id)))
    );
  }

  /** An answer to the question that waits. An answer to a question that was not heard is none. */
  answer(answer: ConsentAnswer): readonly GateStep[] {
    const ask = this.asking;
    if (ask === null) return [];
    if (answer !== 'no' && !this.#heard.has(ask.id) && ++this.#talkedOver < MOST_TALKED_OVER)
      return [{ step: 'ask', ask }];
    if (answer === 'unclear' && ++this.#unclear < 2)
      return [
        { step: 'say', text: this.#policy.unclear },
        { step: 'ask', ask },
      ];
    this.#asks.shift();
    this.#unclear = 0;
    this.#talkedOver = 0;
    const given = answer === 'yes' && this.#heard.has(ask.id);
    return given ? [this.#decide(ask, 'given'), ...this.#next()] : this.#refused(ask);
  }

  /** Consent is taken back, or what was only told is objected to. Nothing when it was before. */
  withdraw(purpose: Asked): readonly GateStep[] {
    if (this.#state === 'over' || this.#decisions.get(purpose) === 'withdrawn') return [];
    const wording =
      this.#policy.asks.find((ask) => ask.purpose === purpose) ??
      this.#policy.notices.find((notice) => notice.purpose === purpose);
    const decided = this.#decide(wording ?? { id: 'none', say: purpose, purpose }, 'withdrawn', purpose);
    const said = { step: 'say', text: this.#policy.withdrawn[purpose] } as const;
    if (purpose === 'recording') return [decided, said];
    this.#state = 'over';
    return [decided, said, { step: 'handOver' }];
  }

  #refused(ask: ConsentAsk): readonly GateStep[] {
    const refused = [this.#decide(ask, 'refused'), { step: 'say', text: ask.refused } as const];
    if (ask.purpose === 'recording') return [...refused, ...this.#next()];
    this.#state = 'over';
    return [...refused, { step: 'handOver' }];
  }

  #next(): readonly GateStep[] {
    const ask = this.#asks[0];
    this.#state = ask ? 'asking' : 'passed';
    return ask ? [{ step: 'ask', ask }] : [{ step: 'pass' }];
  }

  #decide(
    wording: { readonly id: string; readonly say: string; readonly purpose: string },
    decision: 'given' | 'refused' | 'withdrawn',
    purpose: Asked = wording.purpose === 'recording' ? 'recording' : 'processing',
  ): GateStep {
    this.#decisions.set(purpose, decision);
    return { step: 'decided', purpose, decision, wording: { id: wording.id, say: wording.say } };
  }

  #applies({ when }: { readonly when: 'always' | 'recording' }): boolean {
    return when === 'always' || this.#recording;
  }
}
