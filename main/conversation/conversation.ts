import { type Clock, codeOf, type Log, logId } from '../base/index.ts';
import type { CompiledDesk, Dialogue, DialogueAct, DialogueTurn, Understanding } from '../dialogue/index.ts';
import { screenReply, screenTranscript } from '../guard/index.ts';
import type { SoundEndpoint } from '../media/index.ts';
import type { ConversationWriter } from '../records/index.ts';
import type { Speech } from '../speech/index.ts';
import type { CallContext, ToolGateway } from '../tools/index.ts';
import { carryOut } from './carry-out.ts';
import { Ears, type Utterance } from './ears.ts';
import { type EventBody, EventStream } from './event-stream.ts';
import type { AgentState, ConversationEvent } from './events.ts';
import { Keeper } from './keeper.ts';
import type { LiveConversation, TalkMode } from './live.ts';
import { Mouth } from './mouth.ts';
import { ToolWatch } from './tool-watch.ts';
import { outsideTheGrammar, touchesSensitive } from './understood.ts';

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

/** Quieter speech than this is recognised badly: the person is told. dBFS. */
const TOO_QUIET_DB = -48;
const PUNCTUAL = { endpointMs: null, finalMs: null } as const;

/** Begins a conversation: the agent opens with its disclosures and its greeting. */
export function startConversation(parts: ConversationParts): LiveConversation {
  const conversation = new Conversation(parts);
  void conversation.run();
  return conversation;
}

/** Times of the turn under way, epoch ms; null when the person typed. */
interface TurnTimes {
  readonly speechEndedAt: number | null;
  readonly endpointAt: number | null;
  readonly finalAt: number;
  replyAt: number | null;
  told: boolean;
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
  readonly #tools: ToolWatch;
  readonly #over = new AbortController();
  readonly #resolveEnded: (reason: string) => void;
  #mouth: Mouth | null = null;
  #ears: Ears | null = null;
  #turns: Promise<void> = Promise.resolve();
  #turn = 0;
  #times: TurnTimes | null = null;
  #state: AgentState | null = null;
  #thinking = 0;
  #hearing = false;
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
  }

  /** Opens ears and mouth, greets, and listens until the carrier ends. */
  async run(): Promise<void> {
    const { gateway, dialogue } = this.#parts;
    const deaf = gateway.onEvent((event) => {
      if (event.conversationId === this.id) this.#tools.on(event, this.#turn);
    });
    void this.ended.then(deaf);
    try {
      await this.#openSound();
      this.#take(dialogue.begin(), 1);
      await this.#listen();
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
    this.#interrupt();
    this.#hear(screened.text, { via: 'typed', confidence: 1, inGrammar: true }, null);
  }

  setMode(mode: TalkMode): void {
    this.#ears?.setMode(mode);
  }

  pushToTalk(down: boolean): void {
    if (down) this.#interrupt();
    this.#ears?.key(down);
  }

  decide(proposalId: string, decision: 'approve' | 'refuse'): void {
    if (this.#ending) return;
    this.#enqueue(async () => {
      if (this.#parts.dialogue.pendingProposal !== proposalId) return;
      this.#interrupt();
      this.#turn += 1;
      this.#times = this.#startTimes(null);
      await this.#carryOut(this.#parts.dialogue.decide(decision), 1);
    });
  }

  stopSpeaking(): void {
    this.#interrupt();
  }

  end(reason: string): Promise<void> {
    this.#ending ??= reason;
    this.#closed ??= this.#close(reason);
    return this.#closed;
  }

  async #openSound(): Promise<void> {
    const { sound, desk, clock, dialogue, mode } = this.#parts;
    if (!sound) return;
    const { agent, turnTaking } = desk.pack.desk;
    this.#mouth = new Mouth(sound.endpoint.playout, sound.speech.synthesiser, agent.voice, {
      started: () => this.#firstSound(),
      finished: (heard, interrupted) => this.#spoken(heard, interrupted),
      broke: (code, repeating) => {
        this.#notice(code, repeating ? 'The voice stopped; it was started again.' : 'The voice stopped.');
      },
    });
    this.#ears = await Ears.open({
      speech: sound.speech,
      grammar: desk.grammar(dialogue.expectation),
      pauses: turnTaking,
      clock,
      mode,
      isComplete: (text) => desk.understand(text, dialogue.expectation, clock.now()).complete,
      listener: {
        level: (level) => this.#emit({ type: 'level', ...level }),
        speechStarted: () => this.#speechStarted(),
        partial: (text) => this.#partial(text),
        utterance: (utterance) => this.#utterance(utterance),
        broke: (code) => this.#earsBroke(code),
      },
    });
  }

  async #listen(): Promise<void> {
    const { sound } = this.#parts;
    if (!sound || !this.#ears) return;
    await this.#ears.listen(sound.endpoint.frames());
    await this.end(this.#ending ?? 'carrier-closed');
  }

  // What the ears tell ------------------------------------------------------------------------------------------

  /** Speech holds the agent; whether it stops is decided by what is said. */
  #speechStarted(): void {
    this.#hearing = true;
    this.#restartSilence(false);
    this.#mouth?.pause();
    this.#show();
  }

  /** A recognised word is an interruption; a cough or a door is not. */
  #partial(text: string): void {
    if (text.length === 0) return;
    this.#mouth?.stop();
    this.#emit({ type: 'partial', text });
  }

  #utterance(utterance: Utterance): void {
    const { recognition, level } = utterance;
    this.#hearing = false;
    const { text } = screenTranscript(recognition.text);
    this.#noteLevel(level);
    if (text.length === 0) {
      this.#goOn();
      return;
    }
    this.#mouth?.stop();
    const { confidence, inGrammar } = recognition;
    this.#hear(text, { via: 'voice', confidence, inGrammar }, utterance);
  }

  /** It was no speech: the agent goes on where it was held. */
  #goOn(): void {
    this.#mouth?.resume();
    this.#restartSilence(true);
    this.#show();
  }

  #noteLevel(level: Utterance['level']): void {
    if (level.clipped) this.#notice('level-clipped', 'You are too loud for the microphone.');
    else if (level.rmsDb < TOO_QUIET_DB) this.#notice('level-low', 'I can hardly hear you.');
  }

  #earsBroke(code: string): void {
    this.#hearing = false;
    this.#interrupt();
    this.#notice(code, 'The hearing stopped for a moment; it was started again.');
    this.#take(this.#parts.dialogue.fault(code), 1);
  }

  // Turns -------------------------------------------------------------------------------------------------------

  #hear(
    text: string,
    how: { via: 'voice' | 'typed'; confidence: number; inGrammar: boolean },
    utterance: Utterance | null,
  ): void {
    this.#restartSilence(false);
    this.#enqueue(async () => {
      const { dialogue, desk, clock } = this.#parts;
      this.#turn += 1;
      this.#times = this.#startTimes(utterance);
      const expected = dialogue.expectation;
      const understanding: Understanding = how.inGrammar
        ? desk.understand(text, expected, clock.now())
        : outsideTheGrammar(text);
      const sensitive = touchesSensitive(desk.pack, dialogue, understanding);
      const { inScope, flow, confidence } = understanding;
      this.#emit({ type: 'final', text, ...how });
      this.#emit({ type: 'understood', inScope, flow, slots: sensitive.shown, confidence });
      const heard = { text, via: how.via, confidence: how.confidence, understanding };
      await this.#carryOut(dialogue.hear(heard), how.confidence);
      this.#keeper.person(this.#turn, text, flow, how.confidence, sensitive.any);
    });
  }

  /** Runs a turn of the dialogue that the person did not begin. */
  #take(turn: DialogueTurn, confidence: number): void {
    this.#enqueue(async () => {
      this.#times = null;
      await this.#carryOut(turn, confidence);
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#thinking += 1;
    this.#show();
    this.#turns = this.#turns.then(work).catch((error: unknown) => this.#turnFailed(error));
    void this.#turns.then(() => {
      this.#thinking -= 1;
      this.#afterTurn();
    });
  }

  async #carryOut(turn: DialogueTurn, confidence: number): Promise<void> {
    const { gateway, dialogue } = this.#parts;
    if (this.#over.signal.aborted) return;
    await carryOut(turn, {
      gateway,
      confidence,
      context: this.#context(),
      say: (act) => this.#say(act),
      handOff: (reason, urgent) => this.#handOff(reason, urgent),
      end: (reason) => {
        this.#ending ??= reason;
      },
      approved: (proposalId, by) => this.#tools.approved(proposalId, by),
    });
    this.#ears?.expect(this.#parts.desk.grammar(dialogue.expectation));
    this.#emit({ type: 'flow', ...dialogue.snapshot() });
  }

  #context(): CallContext {
    const { member } = this.#parts;
    return {
      conversationId: this.id,
      turn: this.#turn,
      memberId: member?.id ?? null,
      roles: member?.roles ?? ['staff'],
      signal: this.#over.signal,
    };
  }

  /** Whatever a turn threw costs that turn and an apology, not the conversation. */
  #turnFailed(error: unknown): void {
    const code = codeOf(error);
    this.#parts.log.warn('conversation.turnFailed', { code: logId(code) });
    this.#notice(code, 'Something went wrong in this turn.');
    if (this.#over.signal.aborted || this.#ending) return;
    const turn = this.#parts.dialogue.fault(code);
    for (const act of turn) if (act.act === 'say') this.#say(act);
  }

  #afterTurn(): void {
    if (this.#thinking > 0) return;
    if (!this.#mouth?.speaking) this.#quiet();
    this.#show();
  }

  // What the agent says -----------------------------------------------------------------------------------------

  #say(act: Extract<DialogueAct, { act: 'say' }>): void {
    const { text } = screenReply(act.text);
    if (text.length === 0) return;
    if (act.kind === 'disclosure') this.#noteDisclosure(text);
    if (this.#times) this.#times.replyAt ??= this.#parts.clock.now();
    this.#emit({ type: 'reply', kind: act.kind, text, source: act.source ?? null });
    if (this.#mouth) this.#mouth.say(text);
    else {
      this.#firstSound();
      this.#spoken(text, false);
    }
  }

  #noteDisclosure(text: string): void {
    const given = this.#parts.desk.pack.desk.disclosures.find(({ say }) => text.startsWith(say.slice(0, 20)));
    this.#keeper.disclosed(given?.id ?? 'disclosure', text);
  }

  #firstSound(): void {
    this.#show();
    const times = this.#times;
    if (!times || times.told || times.replyAt === null) return;
    times.told = true;
    const from = times.speechEndedAt ?? times.finalAt;
    const spoken = times.speechEndedAt !== null && times.endpointAt !== null;
    this.#emit({
      type: 'timing',
      ...(spoken
        ? { endpointMs: (times.endpointAt ?? from) - from, finalMs: times.finalAt - from }
        : PUNCTUAL),
      replyMs: times.replyAt - from,
      firstAudioMs: this.#mouth ? this.#parts.clock.now() - from : null,
    });
  }

  #spoken(heard: string, interrupted: boolean): void {
    this.#emit({ type: 'heard', text: heard, interrupted });
    this.#keeper.agent(this.#turn, heard, this.#parts.dialogue.snapshot().flow, interrupted);
    if (this.#mouth && this.#thinking === 0) this.#quiet();
    this.#show();
  }

  /** The agent has nothing more to say and nothing more to do. */
  #quiet(): void {
    if (this.#ending) void this.end(this.#ending);
    else this.#restartSilence(!this.#hearing);
  }

  #handOff(reason: string, urgent: boolean): void {
    this.#emit({ type: 'handOff', reason, to: this.#parts.desk.pack.desk.handOff.to, urgent });
  }

  #interrupt(): void {
    this.#mouth?.stop();
  }

  // Silence, state, end -----------------------------------------------------------------------------------------

  #restartSilence(on: boolean): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = null;
    if (!on || !this.#mouth || this.#ending) return;
    this.#silence = setTimeout(() => {
      this.#take(this.#parts.dialogue.silence(), 1);
    }, this.#parts.desk.pack.desk.turnTaking.silenceMs);
  }

  #show(): void {
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #stateNow(): AgentState {
    if (this.#over.signal.aborted) return 'ended';
    if (this.#hearing) return 'hearing';
    if (this.#mouth?.paused) return 'paused';
    if (this.#mouth?.speaking) return 'speaking';
    return this.#thinking > 0 ? 'thinking' : 'listening';
  }

  #startTimes(utterance: Utterance | null): TurnTimes {
    return {
      speechEndedAt: utterance?.speechEndedAt ?? null,
      endpointAt: utterance?.endpointAt ?? null,
      finalAt: utterance?.finalAt ?? this.#parts.clock.now(),
      replyAt: null,
      told: false,
    };
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

  async #close(reason: string): Promise<void> {
    this.#interrupt();
    this.#restartSilence(false);
    const pending = this.#parts.dialogue.pendingProposal;
    if (pending) this.#parts.gateway.withdraw(pending);
    this.#over.abort(new DOMException('The conversation ended.', 'AbortError'));
    await this.#parts.sound?.endpoint.close().catch(() => {});
    await this.#ears?.close();
    this.#keeper.end(reason);
    this.#show();
    this.#emit({ type: 'ended', reason });
    this.#resolveEnded(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && codeOf(error) !== 'internal'
    ? error.message
    : 'The conversation broke off.';
}
