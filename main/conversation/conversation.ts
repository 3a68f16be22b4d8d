import { type Clock, codeOf, type Log, logId } from '../base/index.ts';
import type { CompiledDesk, Dialogue, DialogueAct, DialogueTurn, Understanding } from '../dialogue/index.ts';
import { createScreen, screenReply, screenTranscript } from '../guard/index.ts';
import type { SoundEndpoint } from '../media/index.ts';
import type { ConversationWriter } from '../records/index.ts';
import type { Speech } from '../speech/index.ts';
import type { CallContext, ToolGateway } from '../tools/index.ts';
import { carryOut } from './carry-out.ts';
import { Disclosures } from './disclosures.ts';
import { type EventBody, EventStream } from './event-stream.ts';
import type { AgentState, ConversationEvent } from './events.ts';
import { Floor } from './floor.ts';
import { Keeper } from './keeper.ts';
import type { LiveConversation, TalkMode } from './live.ts';
import { ToolWatch } from './tool-watch.ts';
import { TurnQueue } from './turn-queue.ts';
import { type HeardAt, TurnTimes } from './turn-times.ts';
import { asSureAsHeard, outsideTheGrammar, touchesSensitive, WITHHELD } from './understood.ts';

/** What a conversation is made of; the composition root provides it. */
export interface ConversationParts {
  readonly id: string;
  readonly desk: CompiledDesk;
  readonly dialogue: Dialogue;
  readonly gateway: ToolGateway;
  readonly writer: ConversationWriter;
  readonly member: { readonly id: string; readonly roles: readonly string[] } | null;
  /** Ears and mouth; without them the conversation is typed. */
  readonly sound: { readonly endpoint: SoundEndpoint; readonly speech: Speech } | null;
  readonly mode: TalkMode;
  readonly clock: Clock;
  readonly log: Log;
}

const CANNOT_RECORD =
  'I am sorry, I cannot keep a record just now, so I have to stop here. Please ask a member of staff.';

/** Begins a conversation: the agent opens with its disclosures and its greeting. */
export function startConversation(parts: ConversationParts): LiveConversation {
  const conversation = new Conversation(parts);
  void conversation.run();
  return conversation;
}

/** One way in for what the person says. */
interface How {
  readonly via: 'voice' | 'typed';
  readonly confidence: number;
  readonly inGrammar: boolean;
}

/**
 * One live conversation. What comes in (an utterance, a typed line, a click, a silence) becomes a turn of the
 * dialogue; turns run one after the other; what a turn says is spoken while the next may already be heard.
 */
class Conversation implements LiveConversation {
  readonly id: string;
  readonly ended: Promise<string>;
  readonly #parts: ConversationParts;
  readonly #events: EventStream;
  readonly #keeper: Keeper;
  readonly #screen = createScreen();
  readonly #tools: ToolWatch;
  readonly #turns: TurnQueue;
  readonly #disclosures: Disclosures;
  readonly #floor: Floor | null;
  readonly #over = new AbortController();
  readonly #resolveEnded: (reason: string) => void;
  #turn = 0;
  /** The turn whose reply is being spoken. */
  #spokenTurn = 0;
  #times: TurnTimes | null = null;
  #state: AgentState | null = null;
  #handedOver = false;
  #ending: string | null = null;
  #closed: Promise<void> | null = null;
  #silence: NodeJS.Timeout | null = null;

  constructor(parts: ConversationParts) {
    this.id = parts.id;
    this.#parts = parts;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#events = new EventStream((error) =>
      parts.log.warn('conversation.listenerFailed', { code: logId(codeOf(error)) }),
    );
    this.#keeper = new Keeper(parts.writer, parts.clock);
    this.#tools = new ToolWatch(this.#keeper, (event) => this.#emit(event));
    this.#turns = new TurnQueue(
      (error) => this.#turnFailed(error),
      () => this.#settle(),
    );
    this.#disclosures = new Disclosures(({ id, text }) =>
      this.#record(() => this.#keeper.disclosed(id, text)),
    );
    this.#floor = parts.sound ? this.#makeFloor(parts.sound) : null;
  }

  /** Greets while the ears open, and listens until the carrier ends. */
  async run(): Promise<void> {
    const { gateway, dialogue } = this.#parts;
    const deaf = gateway.onEvent((event) => {
      if (event.conversationId === this.id) this.#tools.show(event);
    });
    void this.ended.then(deaf);
    this.#turns.add(() => this.#carryOut(dialogue.begin(), 1));
    if (!this.#floor) return;
    try {
      await this.#floor.listen();
      await this.end(this.#ending ?? 'carrier-closed');
    } catch (error) {
      this.#notice(codeOf(error), messageOf(error));
      await this.end(codeOf(error));
    }
  }

  events(): AsyncIterable<ConversationEvent> {
    return this.#events;
  }

  onEvent(listener: (event: ConversationEvent) => void): () => void {
    return this.#events.on(listener);
  }

  type(text: string): void {
    if (this.#ending) return;
    const screened = screenTranscript(text);
    if (screened.text.length === 0) return;
    this.#floor?.stop();
    this.#hear(screened.text, { via: 'typed', confidence: 1, inGrammar: screened.verdict !== 'block' }, null);
  }

  setMode(mode: TalkMode): void {
    this.#floor?.setMode(mode);
  }

  pushToTalk(down: boolean): void {
    this.#floor?.key(down);
  }

  decide(proposalId: string, decision: 'approve' | 'refuse'): void {
    const { dialogue, clock } = this.#parts;
    if (this.#ending || dialogue.pendingProposal !== proposalId) return;
    this.#add(async (signal) => {
      if (dialogue.pendingProposal !== proposalId) return;
      this.#floor?.stop();
      this.#turn += 1;
      this.#times = new TurnTimes({ speechEndedAt: null, endpointAt: null, finalAt: clock.now() });
      await this.#carryOut(dialogue.decide(decision), 1, signal);
    });
  }

  stopSpeaking(): void {
    this.#floor?.stop();
  }

  end(reason: string): Promise<void> {
    this.#ending ??= reason;
    this.#closed ??= this.#close(this.#ending);
    return this.#closed;
  }

  #makeFloor({ endpoint, speech }: NonNullable<ConversationParts['sound']>): Floor {
    const { desk, dialogue, mode, clock } = this.#parts;
    return new Floor({
      endpoint,
      speech,
      desk,
      expectation: () => dialogue.expectation,
      mode,
      clock,
      listener: {
        emit: (event) => this.#emit(event),
        changed: () => this.#settle(),
        heard: (text, { recognition: { confidence, inGrammar }, ...at }) =>
          this.#hear(text, { via: 'voice', confidence, inGrammar }, at),
        lost: (code) => this.#take(dialogue.fault(code)),
        sounded: () => this.#sounded(true),
        spoken: (heard, interrupted) => this.#spoken(heard, interrupted),
      },
    });
  }

  // Turns -------------------------------------------------------------------------------------------------------

  #hear(text: string, how: How, at: HeardAt | null): void {
    const { dialogue, desk, clock } = this.#parts;
    const heardAt = at ?? { speechEndedAt: null, endpointAt: null, finalAt: clock.now() };
    this.#turns.abortCurrent();
    this.#add(async (signal) => {
      this.#turn += 1;
      this.#handedOver = false;
      this.#times = new TurnTimes(heardAt);
      // What the guard stops is not understood at all: it is answered as out of scope.
      const passes = this.#screen.screen(text).verdict !== 'block';
      const understanding: Understanding =
        how.inGrammar && passes
          ? asSureAsHeard(desk.understand(text, dialogue.expectation, clock.now()), how.confidence)
          : outsideTheGrammar(text);
      const sensitive = touchesSensitive(desk.pack, dialogue, understanding);
      const { inScope, flow, confidence } = understanding;
      this.#emit({ type: 'final', text: sensitive.any ? WITHHELD : text, ...how });
      this.#emit({ type: 'understood', inScope, flow, slots: sensitive.shown, confidence });
      // The words stand in the record before anything comes of them.
      if (!this.#record(() => this.#keeper.person(this.#turn, text, flow, how.confidence, sensitive.any)))
        return;
      for (const { id, text } of this.#disclosures.takeOwed()) {
        this.#say({ act: 'say', kind: 'disclosure', text, disclosureId: id });
      }
      const heard = { text, via: how.via, confidence: how.confidence, understanding };
      await this.#carryOut(dialogue.hear(heard), how.confidence, signal);
    });
  }

  /** Runs a turn of the dialogue that the person did not begin. */
  #take(turn: DialogueTurn): void {
    this.#add(async (signal) => {
      this.#times = null;
      await this.#carryOut(turn, 1, signal);
    });
  }

  #add(work: (signal: AbortSignal) => Promise<void>): void {
    const added = this.#turns.add(async (signal) => {
      if (!this.#over.signal.aborted) await work(signal);
    });
    if (!added) this.#notice('conversation/busy', 'That was too much at once; some of it was not taken.');
  }

  async #carryOut(turn: DialogueTurn, confidence: number, signal?: AbortSignal): Promise<void> {
    const whole = await carryOut(turn, {
      gateway: this.#parts.gateway,
      confidence,
      context: this.#context(signal),
      changesTheWorld: (proposalId) => this.#tools.changesTheWorld(proposalId),
      say: (act) => this.#say(act),
      handOff: (reason, urgent) => this.#handOff(reason, urgent),
      end: (reason) => {
        this.#ending ??= reason;
      },
    });
    if (!whole) return;
    this.#floor?.expectNow();
    this.#emit({ type: 'flow', ...this.#parts.dialogue.snapshot() });
  }

  #context(signal?: AbortSignal): CallContext {
    const { member } = this.#parts;
    const turn = this.#turn;
    return {
      conversationId: this.id,
      turn,
      memberId: member?.id ?? null,
      roles: member?.roles ?? ['staff'],
      signal: signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal,
      journal: (step) => this.#tools.journal(step, turn),
    };
  }

  /** Whatever a turn threw costs that turn and an apology, not the conversation. */
  async #turnFailed(error: unknown): Promise<void> {
    const code = codeOf(error);
    this.#parts.log.warn('conversation.turnFailed', { code: logId(code) });
    this.#notice(code, 'Something went wrong in this turn.');
    if (this.#over.signal.aborted || this.#ending) return;
    try {
      await this.#carryOut(this.#parts.dialogue.fault(code), 1);
    } catch (again) {
      // Even the apology fails: nothing can be relied on any more.
      this.#ending ??= codeOf(again);
    }
  }

  /** True when it is in the record. What cannot be recorded must not go on: the conversation says so and ends. */
  #record(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      const code = codeOf(error);
      this.#parts.log.warn('conversation.notRecorded', { code: logId(code) });
      if (this.#ending === null) {
        this.#ending = 'not-recorded';
        this.#notice(code, 'The record cannot be written; the conversation ends.');
        this.#say({ act: 'say', kind: 'apology', text: CANNOT_RECORD });
      }
      return false;
    }
  }

  // What the agent says -----------------------------------------------------------------------------------------

  #say(act: Extract<DialogueAct, { act: 'say' }>): void {
    const { text } = screenReply(act.text);
    if (text.length === 0 || this.#over.signal.aborted) return;
    if (act.disclosureId) this.#disclosures.say({ id: act.disclosureId, text });
    this.#times?.replied(this.#parts.clock.now());
    this.#emit({ type: 'reply', kind: act.kind, text, source: act.source ?? null });
    if (!this.#floor?.speaking) this.#spokenTurn = this.#turn;
    if (this.#floor) this.#floor.say(text);
    else {
      this.#sounded(false);
      this.#spoken(text, false);
    }
  }

  #sounded(audible: boolean): void {
    this.#settle();
    const timing = this.#times?.sounded(this.#parts.clock.now(), audible);
    if (timing) this.#emit(timing);
  }

  #spoken(heard: string, interrupted: boolean): void {
    const { dialogue } = this.#parts;
    this.#emit({ type: 'heard', text: heard, interrupted });
    this.#disclosures.heard(heard);
    this.#record(() => this.#keeper.agent(this.#spokenTurn, heard, dialogue.snapshot().flow, interrupted));
    this.#settle();
  }

  #handOff(reason: string, urgent: boolean): void {
    this.#handedOver = true;
    this.#emit({ type: 'handOff', reason, to: this.#parts.desk.pack.desk.handOff.to, urgent });
  }

  // State, silence, end -----------------------------------------------------------------------------------------

  /** Something changed: shows who does what, and when nobody does anything, waits for the person or ends. */
  #settle(): void {
    this.#show();
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = null;
    if (this.#over.signal.aborted || this.#turns.busy || this.#floor?.speaking) return;
    if (this.#ending) void this.end(this.#ending);
    else if (this.#floor && !this.#floor.hearing) {
      this.#silence = setTimeout(() => this.#silent(), this.#parts.desk.pack.desk.turnTaking.silenceMs);
    }
  }

  /** After a hand-off, silence means that the person has left with whom they were handed to. */
  #silent(): void {
    if (this.#handedOver) void this.end('handed-off');
    else this.#take(this.#parts.dialogue.silence());
  }

  #show(): void {
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #stateNow(): AgentState {
    if (this.#over.signal.aborted) return 'ended';
    if (this.#floor?.hearing) return 'hearing';
    if (this.#floor?.paused) return 'paused';
    if (this.#floor?.speaking) return 'speaking';
    return this.#turns.busy ? 'thinking' : 'listening';
  }

  #notice(code: string, message: string): void {
    this.#emit({ type: 'notice', code, message });
  }

  #emit(event: EventBody): void {
    this.#events.emit({
      at: this.#parts.clock.now(),
      conversationId: this.id,
      turn: this.#turn,
      ...event,
    } as ConversationEvent);
  }

  /** Never rejects. What was told to change the world is waited for, so that its outcome is in the record. */
  async #close(reason: string): Promise<void> {
    const { gateway, dialogue, sound, log } = this.#parts;
    this.#floor?.stop();
    this.#over.abort(new DOMException('The conversation ended.', 'AbortError'));
    this.#settle();
    const closed = await Promise.allSettled([this.#floor?.close(), sound?.endpoint.close()]);
    for (const each of closed) {
      if (each.status === 'rejected') {
        log.warn('conversation.notClosed', { code: logId(codeOf(each.reason)) });
      }
    }
    await this.#turns.idle();
    const pending = dialogue.pendingProposal;
    if (pending) gateway.withdraw(pending);
    this.#record(() => this.#keeper.end(reason));
    this.#emit({ type: 'ended', reason });
    this.#resolveEnded(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && codeOf(error) !== 'internal'
    ? error.message
    : 'The conversation broke off.';
}
