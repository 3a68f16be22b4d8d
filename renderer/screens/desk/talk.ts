import type { InputOf, WireError } from '../../../main/api/contract.ts';
import { type Appliance, wireErrorOf } from '../../api/appliance.ts';
import { MicrophoneError, type MicrophoneProblem } from '../../sound/microphone.ts';
import { openVoiceLine, type VoiceLine } from '../../sound/voice-line.ts';
import {
  type ConversationAction,
  type ConversationView,
  emptyConversation,
  reduceConversation,
} from '../../state/conversation.ts';
import { LevelSource, silence } from '../../state/level.ts';

/** What the window tells of its sound while a conversation goes on. */
type Aside = 'conversation.soundTrace' | 'conversation.playout' | 'conversation.silenced';

/** What was heard within this time is what silenced the agent. */
const HEARD_LATELY_MS = 1_300;

export type TalkMode = InputOf<'conversation.start'>['mode'];

export interface TalkView {
  readonly stage: 'idle' | 'connecting' | 'live' | 'over';
  readonly mode: TalkMode;
  /** False in a typed conversation. */
  readonly withVoice: boolean;
  /** The push-to-talk key is down. */
  readonly talking: boolean;
  readonly conversation: ConversationView;
  readonly microphone: MicrophoneProblem | null;
  /** Why starting or the last action failed. */
  readonly error: WireError | null;
  /** The agent's voice, for the audio element. */
  readonly voice: MediaStream | null;
}

const IDLE: TalkView = {
  stage: 'idle',
  mode: 'handsFree',
  withVoice: true,
  talking: false,
  conversation: emptyConversation,
  microphone: null,
  error: null,
  voice: null,
};

/** One Desk's conversation, from the press of "Start" to its end: the connection, the sound and what is shown. */
export class Talk {
  readonly levels = new LevelSource();
  readonly #appliance: Appliance;
  readonly #listeners = new Set<() => void>();
  #view: TalkView = IDLE;
  #line: VoiceLine | null = null;
  #id: string | null = null;
  #reading: AbortController | null = null;
  /** When the appliance last heard somebody begin to speak, on the page's clock. */
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(appliance: Appliance) {
    this.#appliance = appliance;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly view = (): TalkView => this.#view;

  async start(options: { readonly voice: boolean; readonly deviceId: string | null }): Promise<void> {
    if (this.#view.stage === 'connecting' || this.#view.stage === 'live') return;
    this.#set({ ...IDLE, mode: this.#view.mode, withVoice: options.voice, stage: 'connecting' });
    try {
      if (options.voice) await this.#startWithVoice(options.deviceId);
      else await this.#begin(null);
      this.#set({ stage: 'live' });
    } catch (error) {
      this.#release();
      const microphone = error instanceof MicrophoneError ? error.problem : null;
      this.#set({ stage: 'idle', microphone, error: microphone === null ? wireErrorOf(error) : null });
    }
  }

  async end(): Promise<void> {
    await this.#do((conversationId) => this.#appliance.call('conversation.end', { conversationId }));
    this.#over('member');
  }

  /** Puts the last conversation away. */
  clear(): void {
    this.#set({ ...IDLE, mode: this.#view.mode });
  }

  type(text: string): Promise<boolean> {
    return this.#do((conversationId) => this.#appliance.call('conversation.type', { conversationId, text }));
  }

  async decide(proposalId: string, decision: 'approve' | 'refuse'): Promise<void> {
    if (this.#view.conversation.proposal?.decided) return;
    this.#tell({ type: 'decided', proposalId, decision });
    const sent = await this.#do((conversationId) =>
      this.#appliance.call('conversation.decide', { conversationId, proposalId, decision }),
    );
    if (!sent) this.#tell({ type: 'undecided', proposalId });
  }

  /** The further check on a proposal; throws what the appliance says of it. @throws CallError */
  async stepUp(proposalId: string, proof: InputOf<'conversation.stepUp'>['proof']): Promise<void> {
    const conversationId = this.#id;
    if (conversationId === null) return;
    await this.#appliance.call('conversation.stepUp', { conversationId, proposalId, proof });
    this.#tell({ type: 'steppedUp', proposalId });
  }

  /** The person withdraws consent. */
  async withdraw(purpose: 'recording' | 'processing'): Promise<void> {
    await this.#do((conversationId) =>
      this.#appliance.call('conversation.withdraw', { conversationId, purpose }),
    );
  }

  async setMode(mode: TalkMode): Promise<void> {
    const { mode: previous, stage } = this.#view;
    if (stage === 'connecting') return;
    await this.pushToTalk(false);
    this.#set({ mode });
    if (stage !== 'live') return;
    const sent = await this.#do((conversationId) =>
      this.#appliance.call('conversation.setMode', { conversationId, mode }),
    );
    if (!sent) this.#set({ mode: previous });
  }

  async pushToTalk(down: boolean): Promise<void> {
    const { talking, stage, mode } = this.#view;
    if (talking === down || (down && (stage !== 'live' || mode !== 'pushToTalk'))) return;
    this.#set({ talking: down });
    await this.#do((conversationId) =>
      this.#appliance.call('conversation.pushToTalk', { conversationId, down }),
    );
  }

  async stopSpeaking(): Promise<void> {
    if (this.#view.conversation.state !== 'speaking') return;
    await this.#do((conversationId) => this.#appliance.call('conversation.stopSpeaking', { conversationId }));
  }

  async switchMicrophone(deviceId: string | null): Promise<void> {
    if (this.#line === null) return;
    try {
      await this.#line.switchMicrophone(deviceId);
      this.#set({ microphone: null });
    } catch (error) {
      if (error instanceof MicrophoneError) this.#set({ microphone: error.problem });
    }
  }

  dismiss(key: number): void {
    this.#tell({ type: 'dismiss', key });
  }

  forgetError(): void {
    this.#set({ error: null });
  }

  /** The connection went away; the appliance ends conversations whose window is gone. */
  connectionLost(): void {
    this.#over('connection-lost');
  }

  async #startWithVoice(deviceId: string | null): Promise<void> {
    this.#line = await openVoiceLine({
      deviceId,
      exchange: async (sdp) => (await this.#begin(sdp)) ?? '',
      onVoice: (voice) => this.#set({ voice }),
      onProblem: (microphone) => this.#set({ microphone }),
      onTrace: (trace) => this.#aside('conversation.soundTrace', { trace }),
      onPlayout: (bufferMs) => this.#aside('conversation.playout', { bufferMs }),
      hush: {
        agentSpeaks: () => this.#view.mode === 'handsFree' && this.#view.conversation.state === 'speaking',
        hearing: () => this.#view.conversation.state === 'hearing',
        personSpoke: () => performance.now() - this.#heardAt < HEARD_LATELY_MS,
        tell: () => this.#aside('conversation.silenced', {}),
      },
      onBroken: () =>
        this.#tell({
          type: 'tell',
          code: 'window/voice-line',
          message: 'The sound connection broke. Type, or end the conversation and start again.',
        }),
    });
    if (this.#id === null) this.#release();
  }

  /** Beside the conversation: when it does not get through, nothing is shown. */
  async #aside<N extends Aside>(name: N, input: Omit<InputOf<N>, 'conversationId'>): Promise<void> {
    const conversationId = this.#id;
    if (conversationId === null) return;
    await this.#appliance.call(name, { ...input, conversationId } as InputOf<N>).catch(() => {});
  }

  async #begin(sdp: string | null): Promise<string | null> {
    const answer = await this.#appliance.call('conversation.start', { sdp, mode: this.#view.mode });
    this.#id = answer.conversationId;
    void this.#read(answer.conversationId);
    return answer.sdp;
  }

  async #read(conversationId: string): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const events = this.#appliance.listen('conversation.events', { conversationId }, reading.signal);
      for await (const event of events) {
        if (event.type === 'state' && event.state === 'hearing') this.#heardAt = performance.now();
        if (event.type === 'level') this.levels.set(event);
        else this.#tell(event);
      }
    } catch {
      // What became of the conversation shows below: it is over for this window in either case.
    }
    if (!reading.signal.aborted) this.#over(this.#view.conversation.endedBecause ?? 'connection-lost');
  }

  #over(reason: string): void {
    if (this.#id === null) return;
    this.#release();
    const { conversation } = this.#view;
    const ended = reduceEnd(conversation, reason);
    this.#set({ stage: 'over', talking: false, conversation: ended });
  }

  #release(): void {
    this.#id = null;
    this.#reading?.abort();
    this.#reading = null;
    this.#line?.close();
    this.#line = null;
    this.levels.set(silence);
    this.#set({ voice: null });
  }

  /** True when the appliance took it. */
  async #do(action: (conversationId: string) => Promise<unknown>): Promise<boolean> {
    if (this.#id === null) return false;
    try {
      await action(this.#id);
      return true;
    } catch (error) {
      this.#set({ error: wireErrorOf(error) });
      return false;
    }
  }

  #tell(action: ConversationAction): void {
    const conversation = reduceConversation(this.#view.conversation, action);
    if (conversation !== this.#view.conversation) this.#set({ conversation });
  }

  #set(change: Partial<TalkView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

function reduceEnd(view: ConversationView, reason: string): ConversationView {
  if (view.endedBecause !== null) return view;
  return { ...view, state: 'ended', partial: '', proposal: null, endedBecause: reason };
}
