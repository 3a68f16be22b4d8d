import { codeOf, logId } from '../base/index.ts';
import { type ClientTrace, screenTranscript, type Verdict } from '../guard/index.ts';
import { defaultConsent } from '../records/index.ts';
import type { GatewayEvent } from '../tools/index.ts';
import { Attention } from './attention.ts';
import { Consent } from './consent.ts';
import { type EventBody, EventStream } from './event-stream.ts';
import type { ConversationEvent } from './events.ts';
import { Floor } from './floor.ts';
import { Keeper } from './keeper.ts';
import type { LiveConversation, TalkMode } from './live.ts';
import { Mind } from './mind.ts';
import type { ConversationParts } from './parts.ts';
import { Recording } from './recording.ts';
import { type ReplayLog, replayLog } from './replay.ts';
import { Replies } from './replies.ts';
import { ReplyDoor } from './reply-door.ts';
import { ToolWatch } from './tool-watch.ts';
import { Turns } from './turns.ts';

const CANNOT_RECORD =
  'I am sorry, I cannot keep a record just now, so I have to stop here. Please ask a member of staff.';

/** A farewell that nobody gets to hear the end of (a stuck device) must not keep a conversation open. */
const FAREWELL_WITHIN_MS = 20_000;

/** What thinks in the conversations that are held: not on their contract, so that nothing that serves people has it. */
const minds = new WeakMap<LiveConversation, Mind>();

/** Begins a conversation: the agent opens with its disclosures and its greeting. */
export function startConversation(parts: ConversationParts): LiveConversation {
  const mind = new Mind(parts.desk, parts.dialogue, parts.clock);
  const conversation = new Conversation(parts, mind);
  minds.set(conversation, mind);
  void conversation.run();
  return conversation;
}

/**
 * All that came into a conversation so far, with what tools answered: enough to run it again. It holds what was said
 * in clear, sensitive answers too: never show, log or keep it where people are served. Null when there was too much.
 */
export function replayLogOf(conversation: LiveConversation): ReplayLog | null {
  const mind = minds.get(conversation);
  return mind ? replayLog(mind) : null;
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
  readonly #mind: Mind;
  readonly #tools: ToolWatch;
  readonly #floor: Floor | null;
  readonly #consent: Consent;
  readonly #recording: Recording | null;
  readonly #door: ReplyDoor;
  readonly #replies: Replies;
  readonly #turns: Turns;
  readonly #attention: Attention;
  readonly #over = new AbortController();
  readonly #resolveEnded: (reason: string) => void;
  #ending: string | null = null;
  #closed: Promise<void> | null = null;

  constructor(parts: ConversationParts, mind: Mind) {
    this.id = parts.id;
    this.#parts = parts;
    this.#mind = mind;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#events = new EventStream((error) =>
      parts.log.warn('conversation.listenerFailed', { code: logId(codeOf(error)) }),
    );
    this.#keeper = new Keeper(parts.writer, parts.clock, parts.desk.pack.desk.sensitiveTypes);
    this.#tools = new ToolWatch(this.#keeper, (event) => this.#emit(event));
    this.#door = new ReplyDoor(parts.desk, parts.understander);
    this.#recording = this.#makeRecording();
    this.#consent = this.#makeConsent();
    this.#floor = parts.sound ? this.#makeFloor(parts.sound) : null;
    this.#replies = this.#makeReplies(this.#floor);
    this.#turns = this.#makeTurns();
    this.#attention = this.#makeAttention();
  }

  /** Greets while the ears open, and listens until the carrier ends. */
  async run(): Promise<void> {
    const { gateway } = this.#parts;
    const deaf = gateway.onEvent((event) => {
      if (event.conversationId === this.id) this.#followTool(event);
    });
    void this.ended.then(deaf);
    this.#turns.begin();
    if (!this.#floor) return;
    try {
      await this.#floor.listen();
      await this.end(this.#ending ?? 'carrier-closed');
    } catch (error) {
      this.#notice(codeOf(error), messageOf(error));
      await this.end(codeOf(error));
    }
  }

  /** Onto the screen; and what happened to a proposal on the screen or in the gateway, into the conversation. */
  #followTool(event: GatewayEvent): void {
    this.#tools.show(event);
    if (this.#ending || this.#over.signal.aborted) return;
    if (event.event === 'steppedUp') this.#turns.checked(event.proposalId, 'proven');
    if (event.event === 'withdrawn') this.#turns.checked(event.proposalId, 'withdrawn');
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
    const inGrammar = screened.verdict !== 'block';
    const at = { speechEndedAt: null, endpointAt: null, finalAt: this.#parts.clock.now() };
    this.#turns.hear({ text: screened.text, via: 'typed', confidence: 1, inGrammar }, at);
  }

  setMode(mode: TalkMode): void {
    this.#floor?.setMode(mode);
  }

  pushToTalk(down: boolean): void {
    this.#floor?.key(down);
  }

  decide(proposalId: string, decision: 'approve' | 'refuse'): void {
    if (!this.#ending) this.#turns.decide(proposalId, decision);
  }

  soundTrace(trace: ClientTrace): void {
    this.#floor?.soundTrace(trace);
  }

  silenced(): void {
    this.#floor?.silenced();
  }

  reportPlayout(bufferMs: number): void {
    this.#parts.sound?.endpoint.reportPlayout?.(bufferMs);
  }

  stopSpeaking(): void {
    this.#floor?.stop();
  }

  withdraw(purpose: 'processing' | 'recording'): void {
    if (!this.#ending) this.#turns.withdraw(purpose);
  }

  end(reason: string): Promise<void> {
    this.#ending ??= reason;
    this.#closed ??= this.#close(this.#ending);
    return this.#closed;
  }

  dismiss(reason: string, farewell: string): void {
    if (this.#ending) return;
    this.#ending = reason;
    this.#turns.stop();
    this.#floor?.stop();
    this.#replies.sayOfHouse(this.#turns.number, { act: 'say', kind: 'apology', text: farewell });
    this.#attention.settle();
    const late = setTimeout(() => void this.end(reason), FAREWELL_WITHIN_MS);
    void this.ended.then(() => clearTimeout(late));
  }

  // Parts -------------------------------------------------------------------------------------------------------

  #makeFloor({ endpoint, speech }: NonNullable<ConversationParts['sound']>): Floor {
    const { desk, mode, echo, clock, soundGuard } = this.#parts;
    return new Floor({
      endpoint,
      speech,
      desk,
      expectation: () => this.#consent.expectation(this.#mind.expectation),
      grammar: () => this.#consent.grammar(this.#mind.expectation),
      recording: this.#recording,
      soundWatch: soundGuard?.watch(this.id) ?? null,
      mode,
      echo,
      clock,
      listener: {
        emit: (event) => this.#emit(event),
        changed: () => this.#attention.settle(),
        foresee: (text) => this.#turns.foresee(text),
        heard: (text, { recognition, ...at }) => {
          const { confidence, inGrammar, words } = recognition;
          const stretch = this.#recording?.claim(recognition) ?? null;
          const wordConfidences = words.map((word) => word.confidence);
          this.#turns.hear({ text, via: 'voice', confidence, inGrammar, wordConfidences }, at, stretch);
        },
        lost: (code) => this.#turns.take({ input: 'fault', code }),
        sounded: () => {
          this.#attention.settle();
          this.#replies.sounded(true);
        },
        spoken: (heard, interrupted) => this.#replies.spoken(heard, interrupted),
      },
    });
  }

  #makeReplies(floor: Floor | null): Replies {
    return new Replies({
      floor,
      clock: this.#parts.clock,
      door: this.#door,
      withheld: (verdict) => this.#found(verdict),
      emit: (event) => this.#emit(event),
      disclosed: (id, text, kind) => this.#consent.heard(id, text, kind),
      heard: (turn, text, interrupted) => {
        this.#record(() => this.#keeper.agent(turn, text, this.#mind.snapshot().flow, interrupted));
        this.#attention.settle();
      },
    });
  }

  #makeTurns(): Turns {
    return new Turns({
      parts: this.#parts,
      mind: this.#mind,
      replies: this.#replies,
      door: this.#door,
      tools: this.#tools,
      keeper: this.#keeper,
      consent: this.#consent,
      recording: this.#recording,
      over: this.#over.signal,
      emit: (event) => this.#emit(event),
      notice: (code, message) => this.#notice(code, message),
      stopped: (verdict) => this.#found(verdict),
      record: (write) => this.#record(write),
      hush: () => this.#floor?.stop(),
      expectNow: () => this.#floor?.expectNow(),
      changed: () => this.#attention.settle(),
      ending: (reason) => {
        this.#ending ??= reason;
      },
      isEnding: () => this.#ending !== null,
    });
  }

  #makeConsent(): Consent {
    const { consent, desk } = this.#parts;
    return new Consent({
      site: consent ?? defaultConsent(),
      desk,
      keeper: this.#keeper,
      replies: () => this.#replies,
      record: (write) => this.#record(write),
      recordingAllowed: (allowed) => this.#recording?.allow(allowed),
      notice: (code, message) => this.#notice(code, message),
    });
  }

  /** Only where the site records at all; it waits for consent. */
  #makeRecording(): Recording | null {
    const { consent, sound, writer, clock, log, desk } = this.#parts;
    if (!consent?.recording || !sound) return null;
    const { playout } = sound.endpoint;
    return new Recording({
      writer,
      speech: sound.speech,
      playout,
      packTypes: desk.pack.desk.sensitiveTypes,
      startedAt: clock.now(),
      clock,
      log,
    });
  }

  #makeAttention(): Attention {
    const look = () => ({
      over: this.#over.signal.aborted,
      ending: this.#ending !== null,
      hearing: this.#floor?.hearing ?? false,
      paused: this.#floor?.paused ?? false,
      speaking: this.#floor?.speaking ?? false,
      thinking: this.#turns.busy,
      listening: this.#floor !== null,
    });
    return new Attention(look, this.#parts.desk.pack.desk.turnTaking.silenceMs, {
      show: (state) => this.#emit({ type: 'state', state }),
      silent: () => this.#silent(),
      done: () => void this.end(this.#ending ?? 'done'),
    });
  }

  // Record, silence, end ----------------------------------------------------------------------------------------

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
        this.#replies.sayOfHouse(this.#turns.number, { act: 'say', kind: 'apology', text: CANNOT_RECORD });
      }
      return false;
    }
  }

  /** After a hand-off, silence means that the person has left with whom they were handed to. */
  #silent(): void {
    if (this.#turns.handedOver) void this.end('handed-off');
    else this.#turns.take({ input: 'silence' });
  }

  /** The guard stopped words or a reply: in the log with its reasons, never with the words, and seen by the staff. */
  #found(verdict: Verdict): void {
    const turn = this.#turns.number;
    this.#record(() => this.#keeper.stopped(turn, verdict));
    const what = verdict.layer === 'reply' ? 'A reply was withheld' : 'What was said was not acted on';
    this.#notice(`guard/${verdict.layer}-stopped`, `${what}: ${verdict.reasons.join(', ')}.`);
  }

  #notice(code: string, message: string): void {
    this.#emit({ type: 'notice', code, message });
  }

  #emit(event: EventBody): void {
    this.#events.emit({
      at: this.#parts.clock.now(),
      conversationId: this.id,
      turn: this.#turns?.number ?? 0,
      ...event,
    } as ConversationEvent);
  }

  /** Never rejects. What was told to change the world is waited for, so that its outcome is in the record. */
  async #close(reason: string): Promise<void> {
    const { gateway, sound, log } = this.#parts;
    this.#floor?.stop();
    this.#over.abort(new DOMException('The conversation ended.', 'AbortError'));
    this.#attention.settle();
    const closed = await Promise.allSettled([this.#floor?.close(), sound?.endpoint.close()]);
    for (const each of closed) {
      if (each.status === 'rejected') {
        log.warn('conversation.notClosed', { code: logId(codeOf(each.reason)) });
      }
    }
    await this.#turns.idle();
    await this.#recording?.close();
    const pending = this.#mind.pendingProposal;
    if (pending) gateway.withdraw(pending);
    this.#record(() => this.#keeper.end(reason));
    // What was said after consent was withdrawn goes too.
    if (this.#consent.erases) this.#record(() => void this.#keeper.forget('words'));
    this.#emit({ type: 'ended', reason });
    this.#resolveEnded(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && codeOf(error) !== 'internal'
    ? error.message
    : 'The conversation broke off.';
}
