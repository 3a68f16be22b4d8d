import { codeOf, delay, logId } from '../base/index.ts';
import type { DialogueAct, DialogueTurn, Understanding } from '../dialogue/index.ts';
import { type MaskedSpan, screenReply, type Verdict } from '../guard/index.ts';
import type { CallContext } from '../tools/index.ts';
import { carryOut } from './carry-out.ts';
import type { Consent, Passage } from './consent.ts';
import type { Asked } from './consent-gate.ts';
import type { EventBody } from './event-stream.ts';
import type { Keeper } from './keeper.ts';
import type { Input, Mind, Words } from './mind.ts';
import type { ConversationParts } from './parts.ts';
import type { Recording, Stretch } from './recording.ts';
import { pausesRecording, questionOf, subjectsIn, timesOf } from './recording-rules.ts';
import { rehearse } from './rehearsal.ts';
import type { Replies } from './replies.ts';
import type { ReplyDoor } from './reply-door.ts';
import type { ToolWatch } from './tool-watch.ts';
import { TurnQueue } from './turn-queue.ts';
import { type HeardAt, TurnTimes } from './turn-times.ts';
import { touchesSensitive, WITHHELD } from './understood.ts';

export interface TurnsOptions {
  readonly parts: ConversationParts;
  readonly mind: Mind;
  readonly replies: Replies;
  /** What may be told is made known to it. */
  readonly door: ReplyDoor;
  readonly tools: ToolWatch;
  readonly keeper: Keeper;
  readonly consent: Consent;
  readonly recording: Recording | null;
  /** Aborted when the conversation is over. */
  readonly over: AbortSignal;
  emit(event: EventBody): void;
  notice(code: string, message: string): void;
  /** The guard stopped what was said: nothing comes of it. */
  stopped(verdict: Verdict): void;
  /** True when it is in the record; false when the conversation must end because it is not. */
  record(write: () => void): boolean;
  /** The agent falls silent. */
  hush(): void;
  /** Another turn is over: something else may be said now. */
  expectNow(): void;
  /** A turn was queued or is over. */
  changed(): void;
  /** The conversation ends when all is said. */
  ending(reason: string): void;
  isEnding(): boolean;
}

/** Turns of the dialogue, one after the other: from what came in to what is said and done. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue: TurnQueue;
  #number = 0;
  #handedOver = false;
  #stopped = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#queue = new TurnQueue(
      (error) => this.#failed(error),
      () => options.changed(),
    );
  }

  /** Of the turn under way, from 1; 0 before the person's first. */
  get number(): number {
    return this.#number;
  }

  get busy(): boolean {
    return this.#queue.busy;
  }

  /** A person was called, and nothing was said since. */
  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** Settles when no turn is left. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** The turn under way is given up where it can be, and none follows. */
  stop(): void {
    this.#stopped = true;
    this.#queue.abortCurrent();
  }

  /** The very first: what must be told and asked, then the dialogue's own opening. */
  begin(): void {
    this.#add(async (signal) => {
      this.#options.replies.begin(null);
      await this.#pass(this.#options.consent.open(this.#number), signal);
    });
  }

  /** The person has said or typed something. The turn under way is given up where it can be. */
  hear(words: Words, at: HeardAt, stretch: Stretch | null = null): void {
    const { parts, mind, replies, keeper, emit, record, stopped, consent, recording, door } = this.#options;
    this.#queue.abortCurrent();
    const added = this.#add(async (signal) => {
      this.#number += 1;
      this.#handedOver = false;
      replies.begin(new TurnTimes(at));
      if (consent.asking) return await this.#answer(words, signal);
      const withdrawn = consent.withdrawnBy(words.text);
      if (withdrawn) return this.#withdrawn(withdrawn, words);
      const { wordConfidences: _, ...told } = words;
      const { text, confidence } = words;
      const { understanding, byModel } = await this.#understand(words, signal);
      // What the guard stops, and what the ears only guessed, is not thought about.
      if (words.inGrammar && mind.verdict?.verdict !== 'block') await this.#think(understanding);
      if (mind.verdict?.verdict === 'block') stopped(mind.verdict);
      const sensitive = touchesSensitive(parts.desk.pack, mind, understanding);
      const { inScope, flow } = understanding;
      const meant = { inScope, flow, slots: sensitive.shown, confidence: understanding.confidence };
      emit({ type: 'final', ...told, text: sensitive.any ? WITHHELD : text });
      emit({ type: 'understood', ...meant });
      // The words stand in the record before anything comes of them.
      let hidden: readonly MaskedSpan[] | null = null;
      const keep = () => {
        const awaited = questionOf(parts.desk.pack, mind.expectation);
        hidden = keeper.person(this.#number, text, flow, confidence, sensitive.any, awaited);
        for (const subject of subjectsIn(
          parts.desk.pack,
          understanding,
          mind.expectation,
          mind.snapshot().slots,
        )) {
          keeper.about(subject);
          door.about(subject);
        }
      };
      if (!record(keep)) return;
      recording?.settle(
        stretch,
        hidden && stretch?.recognition ? timesOf(text, hidden, stretch.recognition) : null,
      );
      door.understood(understanding, mind.snapshot().flow);
      replies.sayOwed(this.#number);
      await this.#carryOut(mind.hear(words, understanding, byModel), confidence, signal);
    });
    if (!added) recording?.settle(stretch, null);
  }

  async #understand(words: Words, signal: AbortSignal): ReturnType<Mind['understandWith']> {
    const { parts, mind, over } = this.#options;
    if (!parts.understander) return { understanding: mind.understand(words), byModel: false };
    return await mind.understandWith(parts.understander, words, AbortSignal.any([signal, over]));
  }

  /** The dialogue looks questions up without waiting: what they mean is learnt before. */
  async #think({ text, commands, then = [] }: Understanding): Promise<void> {
    const { think } = this.#options.parts;
    if (!think) return;
    const questions = [commands, ...then.map((part) => part.commands)].flat().flatMap((command) => {
      if (command.command === 'askKnowledge') return [command.question];
      // A flow may answer from the pages with the sentence that started it; a page may be near to what no word of it is in.
      return command.command === 'startFlow' || command.command === 'outOfScope' ? [text] : [];
    });
    await Promise.all([...new Set(questions)].map((question) => think(question)));
  }

  /** Consent is withdrawn on the screen. */
  withdraw(purpose: Asked): void {
    const { replies, parts, hush, consent } = this.#options;
    this.#queue.abortCurrent();
    this.#add(async (signal) => {
      hush();
      this.#number += 1;
      replies.begin(new TurnTimes({ speechEndedAt: null, endpointAt: null, finalAt: parts.clock.now() }));
      const before = consent.asking;
      const passage = consent.withdraw(purpose, this.#number, 'screen');
      if (before || passage === 'over') await this.#pass(passage, signal);
    });
  }

  /** The person has decided on the screen. Nothing happens when the proposal is no longer pending. */
  decide(proposalId: string, decision: 'approve' | 'refuse'): void {
    this.#onProposal(proposalId, { input: 'decide', decision });
  }

  /** The further check on a proposal was made, or the gateway took it away; nothing when it is not the pending one. */
  checked(proposalId: string, input: 'proven' | 'withdrawn'): void {
    this.#onProposal(proposalId, { input });
  }

  #onProposal(proposalId: string, input: Extract<Input, { input: 'decide' | 'proven' | 'withdrawn' }>): void {
    const { mind, replies, parts, hush } = this.#options;
    if (mind.pendingProposal !== proposalId) return;
    this.#add(async (signal) => {
      if (mind.pendingProposal !== proposalId) return;
      hush();
      this.#number += 1;
      const at = { speechEndedAt: null, endpointAt: null, finalAt: parts.clock.now() };
      replies.begin(new TurnTimes(at));
      await this.#carryOut(mind.take(input), 1, signal);
    });
  }

  /** A turn that the person did not begin. */
  take(input: Exclude<Parameters<Mind['take']>[0], { input: 'decide' }>): void {
    const { replies, mind, consent } = this.#options;
    this.#add(async (signal) => {
      replies.begin(null);
      if (!consent.asking) return await this.#carryOut(mind.take(input), 1, signal);
      // Before consent there is nothing to be silent about but the question.
      await this.#pass(consent.answer(null, this.#number, 'none'), signal);
    });
  }

  /** What would be said to these words, as far as no tool must be asked: found on a copy, so that nothing happens. */
  foresee(text: string): readonly string[] {
    const { parts, mind, isEnding, consent } = this.#options;
    const { desk, freshDialogue, clock, log } = parts;
    if (!freshDialogue || !mind.turns || this.busy || isEnding() || consent.asking) return [];
    const words: Words = { text, via: 'voice', confidence: 1, inGrammar: true };
    const at = { at: clock.now(), monotonicMs: clock.monotonicMs() };
    try {
      // Made ready as it would sound; whether it may be said is judged when it is said.
      return rehearse(desk, freshDialogue, mind.turns, words, at).map((reply) => screenReply(reply).text);
    } catch (error) {
      log.warn('conversation.rehearsalFailed', { code: logId(codeOf(error)) });
      return [];
    }
  }

  /** Words to a question of consent. What is no answer to it is not kept. */
  async #answer(words: Words, signal: AbortSignal): Promise<void> {
    const { consent, emit, record, keeper } = this.#options;
    const { wordConfidences: _, ...told } = words;
    const { text, confidence, inGrammar, via } = words;
    const clear = inGrammar && consent.isAnswer(text);
    emit({ type: 'final', ...told, text: clear ? text : WITHHELD });
    if (!record(() => void keeper.person(this.#number, text, null, confidence, !clear))) return;
    await this.#pass(consent.answer(inGrammar ? text : null, this.#number, via), signal);
  }

  #withdrawn(purpose: Asked, words: Words): void {
    const { consent, emit, record, keeper, hush } = this.#options;
    const { wordConfidences: _, ...told } = words;
    hush();
    emit({ type: 'final', ...told });
    if (!record(() => void keeper.person(this.#number, words.text, null, words.confidence, false))) return;
    if (consent.withdraw(purpose, this.#number, words.via) === 'over') this.#handOverForConsent();
  }

  /** On with the conversation, or with waiting, or out. */
  async #pass(passage: Passage, signal: AbortSignal): Promise<void> {
    const { mind, expectNow } = this.#options;
    if (passage === 'passed') return await this.#carryOut(mind.take({ input: 'begin' }), 1, signal);
    expectNow();
    if (passage === 'over') this.#handOverForConsent();
  }

  #handOverForConsent(): void {
    if (this.#options.isEnding()) return;
    this.#handOff('no consent', false);
    this.#options.ending('no-consent');
  }

  #add(work: (signal: AbortSignal) => Promise<void>): boolean {
    const { over, notice } = this.#options;
    const added = this.#queue.add(async (signal) => {
      const paceMs = this.#options.parts.paceMs?.() ?? 0;
      // A person who goes on, and an end, cut the wait short.
      if (paceMs > 0) await delay(paceMs, AbortSignal.any([signal, over])).catch(() => {});
      if (!over.aborted && !this.#stopped) await work(signal);
    });
    if (!added) notice('conversation/busy', 'That was too much at once; some of it was not taken.');
    return added;
  }

  async #carryOut(turn: DialogueTurn, confidence: number, signal?: AbortSignal): Promise<void> {
    const { parts, tools, mind, emit, expectNow, ending, door } = this.#options;
    const whole = await carryOut(turn, {
      gateway: parts.gateway,
      ...(parts.phrase ? { phrase: parts.phrase } : {}),
      confidence,
      context: this.#context(signal),
      changesTheWorld: (proposalId) => tools.changesTheWorld(proposalId),
      say: (act) => this.#say(act),
      answered: (act, result) => door.answered(act, result),
      handOff: (reason, urgent) => this.#handOff(reason, urgent),
      end: ending,
    });
    if (!whole) return;
    this.#options.recording?.pause(pausesRecording(parts.desk.pack, mind.expectation));
    expectNow();
    emit({ type: 'flow', ...mind.snapshot() });
  }

  #context(signal?: AbortSignal): CallContext {
    const { parts, over, tools } = this.#options;
    const turn = this.#number;
    return {
      conversationId: parts.id,
      turn,
      memberId: parts.member?.id ?? null,
      roles: parts.member?.roles ?? ['staff'],
      signal: signal ? AbortSignal.any([signal, over]) : over,
      journal: (step) => tools.journal(step, turn),
    };
  }

  #say(act: Extract<DialogueAct, { act: 'say' }>): void {
    const { over, consent, replies, mind, door } = this.#options;
    const { flow, slots } = mind.snapshot();
    door.working(flow, slots);
    if (!over.aborted && !consent.hasSaid(act.disclosureId)) replies.say(this.#number, act);
  }

  #handOff(reason: string, urgent: boolean): void {
    const { parts, emit } = this.#options;
    this.#handedOver = true;
    emit({ type: 'handOff', reason, to: parts.desk.pack.desk.handOff.to, urgent });
  }

  /** Whatever a turn threw costs that turn and an apology, not the conversation. */
  async #failed(error: unknown): Promise<void> {
    const { parts, over, mind, notice, ending, isEnding } = this.#options;
    const code = codeOf(error);
    parts.log.warn('conversation.turnFailed', { code: logId(code) });
    notice(code, 'Something went wrong in this turn.');
    if (over.aborted || isEnding() || this.#stopped) return;
    try {
      await this.#carryOut(mind.take({ input: 'fault', code }), 1);
    } catch (again) {
      // Even the apology fails: nothing can be relied on any more.
      ending(codeOf(again));
    }
  }
}
