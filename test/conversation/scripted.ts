/** Stand-ins that do what the test tells them, so that turn taking can be shown step by step. No sound is real here. */
import { join } from 'node:path';
import { BoundedQueue, type Clock, installRoot, SottoError, silentLog } from '../../main/base/index.ts';
import {
  type ConversationEvent,
  type FreshDialogue,
  type LiveConversation,
  type Phrase,
  startConversation,
  type TalkMode,
} from '../../main/conversation/index.ts';
import {
  buildKnowledge,
  compileDesk,
  createDialogue,
  loadDeskPack,
  type Understander,
} from '../../main/dialogue/index.ts';
import type { AudioFrame, Playout, SoundEndpoint } from '../../main/media/index.ts';
import { receiptOf } from '../../main/records/consent/receipt.ts';
import type {
  ConsentDecision,
  ConsentReceipt,
  ConversationWriter,
  SiteConsent,
  ToolCallRecord,
  TurnRecord,
} from '../../main/records/index.ts';
import type { Recognition, Speech, SynthesisedSound } from '../../main/speech/index.ts';
import type { CallContext, CallOutcome, GatewayEvent, ToolGateway } from '../../main/tools/index.ts';

const FRAME = 512;
export const FRAME_MS = 32;
/** How long the scripted voice takes for a letter. */
export const LETTER_MS = 50;

const pack = await loadDeskPack(join(installRoot, 'desks', 'bank-branch'));
export const desk = compileDesk(pack);
const knowledge = buildKnowledge(pack.knowledge);
export const turnTaking = pack.desk.turnTaking;
export const freshDialogue: FreshDialogue = (clock) => createDialogue({ desk, knowledge, clock });

/** Lets everything that waits go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

export class ScriptedClock implements Clock {
  #now = Date.UTC(2026, 4, 4, 10);
  now(): number {
    return this.#now;
  }
  monotonicMs(): number {
    return this.#now;
  }
  pass(ms: number): void {
    this.#now += ms;
  }
}

/** A playout whose time passes when the test says so. */
export class ScriptedPlayout implements Playout {
  writtenMs = 0;
  heardMs = 0;
  paused = false;
  mostQueuedMs = 0;
  #room: (() => void)[] = [];
  #drained: (() => void)[] = [];

  async write(samples: Float32Array, sampleRate: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.writtenMs += (samples.length * 1000) / sampleRate;
    this.mostQueuedMs = Math.max(this.mostQueuedMs, this.writtenMs - this.heardMs);
    if (this.writtenMs - this.heardMs <= 200) return;
    await this.#until(this.#room, signal);
  }
  /** How often a client said that it had silenced itself. */
  takenBack = 0;
  pause({ silenced = false }: { readonly silenced?: boolean } = {}): void {
    if (silenced) this.takenBack += 1;
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  flush(): number {
    const heard = this.heardMs;
    // As in media: what was dropped keeps its positions.
    this.heardMs = this.writtenMs;
    this.#wake();
    return heard;
  }
  async drained(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.heardMs < this.writtenMs) await this.#until(this.#drained, signal);
  }
  /** The person hears so much more. */
  async hears(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      await settle();
      if (!this.paused) this.heardMs = Math.min(this.writtenMs, this.heardMs + Math.min(50, left));
      this.#wake();
    }
    await settle();
  }
  #wake(): void {
    if (this.writtenMs - this.heardMs <= 200) for (const go of this.#room.splice(0)) go();
    if (this.heardMs >= this.writtenMs) for (const go of this.#drained.splice(0)) go();
  }
  #until(list: (() => void)[], signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      list.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
}

export const crash = () => new SottoError('speech/engine-crashed', 'The engine stopped.');

/** Engines that hear and speak what the test says. A frame's samples are its probability of speech. */
export class ScriptedSpeech implements Speech {
  /** What the next utterances turn out to be; an error is thrown instead. */
  readonly recognitions: (Partial<Recognition> | Error)[] = [];
  /** Sentences that crash the synthesiser when they are spoken next. */
  readonly unspeakable: string[] = [];
  readonly grammars: string[] = [];
  /** Sentences whose sound was begun, and those of them that were given up. */
  readonly made: string[] = [];
  readonly dropped: string[] = [];
  /** While set, the recogniser is not open. */
  notOpen: Promise<void> | null = null;
  /** While set, the recogniser is not ready to begin. */
  notReady: Promise<void> | null = null;
  /** Frames that the recogniser was given, of the utterance under way. */
  written = 0;
  /** The most that any utterance had. */
  mostWritten = 0;
  open = 0;
  #partial: (text: string) => void = () => {};

  partial(text: string): void {
    this.#partial(text);
  }

  readonly vad = {
    engine: 'scripted',
    open: async () => {
      this.open += 1;
      return {
        write: async (samples: Float32Array) => [samples[0] ?? 0],
        reset: () => {},
        close: async () => {
          this.open -= 1;
        },
      };
    },
    close: async () => {},
  };

  readonly recogniser = {
    engine: 'scripted',
    open: async () => {
      await this.notOpen;
      this.open += 1;
      return {
        setGrammar: async (grammar: { readonly id: string }) => {
          this.grammars.push(grammar.id);
        },
        begin: async () => {
          await this.notReady;
          this.written = 0;
        },
        write: () => {
          this.written += 1;
          this.mostWritten = Math.max(this.mostWritten, this.written);
        },
        onPartial: (listener: (text: string) => void) => {
          this.#partial = listener;
          return () => {
            this.#partial = () => {};
          };
        },
        finish: async (): Promise<Recognition> => {
          const next = this.recognitions.shift();
          if (next instanceof Error) throw next;
          return { ...NOTHING, ...next };
        },
        abandon: () => {},
        close: async () => {
          this.open -= 1;
        },
      };
    },
    close: async () => {},
  };

  readonly synthesiser = {
    engine: 'scripted',
    synthesise: (text: string, _voice: unknown, signal?: AbortSignal) => this.#speak(text, signal),
    phonemes: async () => '',
    close: async () => {},
  };

  async *#speak(text: string, signal?: AbortSignal): AsyncGenerator<SynthesisedSound> {
    const crashes = this.unspeakable.indexOf(text);
    this.made.push(text);
    signal?.addEventListener('abort', () => this.dropped.push(text), { once: true });
    const blocks = Math.ceil((text.length * LETTER_MS) / 50);
    for (let block = 0; block < blocks; block += 1) {
      signal?.throwIfAborted();
      if (crashes >= 0 && block >= 4) {
        this.unspeakable.splice(crashes, 1);
        throw crash();
      }
      yield { samples: new Float32Array(800), sampleRate: 16_000 };
    }
  }

  async close(): Promise<void> {}
}

const NOTHING: Recognition = {
  text: '',
  confidence: 0.9,
  words: [],
  competition: 0,
  inGrammar: true,
  audioMs: 0,
  finalisedInMs: 0,
  processMs: 0,
};

/** A gateway that answers what the test says; `hold` keeps a call under way until `release`. */
export class ScriptedGateway implements ToolGateway {
  readonly results = new Map<string, CallOutcome>();
  readonly calls: string[] = [];
  readonly withdrawn: string[] = [];
  hold = false;
  listeners = 0;
  #release: (() => void) | null = null;
  #listener: (event: GatewayEvent & { conversationId: string; at: number }) => void = () => {};
  #open = new Map<string, { tool: string; context: CallContext }>();

  propose(tool: string, _args: unknown, context: CallContext) {
    const proposalId = `p${this.#open.size + 1}`;
    const declared = pack.tools[tool];
    const needs = declared?.confirm ?? 'none';
    this.#open.set(proposalId, { tool, context });
    this.#tell(context, {
      event: 'proposed',
      proposalId,
      tool,
      risk: declared?.risk ?? 'read',
      text: 'Shall I do it?',
      needs,
    });
    if (needs === 'none') return { kind: 'ready', proposalId } as const;
    return { kind: 'confirm', proposalId, text: 'Shall I do it?', onScreenOnly: false } as const;
  }

  async execute(
    proposalId: string,
    approval: { readonly by: 'voice' | 'typed' | 'screen' } | null,
    context: CallContext,
  ): Promise<CallOutcome> {
    const tool = this.#open.get(proposalId)?.tool ?? '';
    const risk = pack.tools[tool]?.risk ?? 'read';
    const approvedBy = approval?.by ?? 'none';
    this.#tell(context, { event: 'called', proposalId, tool, risk, approvedBy, argumentsHash: '' });
    this.calls.push(`${tool} ${approvedBy}`);
    if (this.hold) {
      await new Promise<void>((resolve) => {
        this.#release = resolve;
        if (risk === 'read') context.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    const aborted = risk === 'read' && context.signal.aborted;
    const outcome: CallOutcome = aborted
      ? { kind: 'failed', code: 'tools/aborted', say: 'That did not work.' }
      : (this.results.get(tool) ?? { kind: 'ok', result: {} });
    const code = outcome.kind === 'ok' ? null : outcome.code;
    this.#tell(context, { event: 'answered', proposalId, tool, outcome: outcome.kind, code, tookMs: 1 });
    return outcome;
  }

  release(): void {
    this.hold = false;
    this.#release?.();
  }

  withdraw(proposalId: string): void {
    this.withdrawn.push(proposalId);
    const call = this.#open.get(proposalId);
    if (call) this.#tell(call.context, { event: 'withdrawn', proposalId, tool: call.tool });
  }

  stepUp() {
    return { kind: 'ok' } as const;
  }
  endConversation(): void {}
  unresolved() {
    return [];
  }

  onEvent(listener: (event: GatewayEvent & { conversationId: string; at: number }) => void) {
    this.listeners += 1;
    this.#listener = listener;
    return () => {
      this.listeners -= 1;
    };
  }

  async health() {
    return [];
  }
  async close() {}

  #tell(context: CallContext, event: GatewayEvent): void {
    context.journal(event);
    this.#listener({ ...event, conversationId: context.conversationId, at: 0 });
  }
}

/** A record in memory; `full` refuses as a full disk does. */
export class ScriptedWriter implements ConversationWriter {
  readonly id = 'c1';
  readonly turns: TurnRecord[] = [];
  readonly toolCalls: ToolCallRecord[] = [];
  readonly disclosures: string[] = [];
  readonly ends: string[] = [];
  full = false;
  #write(act: () => void): void {
    if (this.full) throw new SottoError('vault/disk-full', 'The disk is full.');
    act();
  }
  disclosed(id: string, _hash: string, _at: number, receipt?: ConsentDecision): void {
    this.#write(() => this.disclosures.push(id));
    if (receipt) this.receipts.push(this.#receipt(receipt));
  }
  turn(turn: TurnRecord): void {
    this.#write(() => this.turns.push(turn));
  }
  toolCall(call: ToolCallRecord): void {
    this.#write(() => this.toolCalls.push(call));
  }
  about(): string {
    return 's1';
  }
  readonly decisions: string[] = [];
  readonly receipts: ConsentReceipt[] = [];
  readonly forgotten: string[] = [];
  readonly findings: string[] = [];
  decide(decision: ConsentDecision): ConsentReceipt {
    this.#write(() => this.decisions.push(`${decision.purpose} ${decision.decision} ${decision.by}`));
    return this.#receipt(decision);
  }
  #receipt(decision: ConsentDecision): ConsentReceipt {
    return receiptOf(decision, { conversationId: this.id, deskId: 'd', subjectId: null, keepDays: 30 });
  }
  forget(what: 'sound' | 'words'): 'forgotten' {
    this.forgotten.push(what);
    return 'forgotten';
  }
  finding(code: string): void {
    this.findings.push(code);
  }
  record(): never {
    throw new SottoError('stand-in/none', 'The stand-in records no sound.');
  }
  end(reason: string): void {
    this.#write(() => this.ends.push(reason));
  }
  /** `person: …`, `agent: …`, in the order of the record. */
  get lines(): string[] {
    return this.turns.map(
      ({ speaker, text, interrupted }) => `${speaker}: ${text}${interrupted ? ' —' : ''}`,
    );
  }
}

/** A conversation whose every part is scripted but the dialogue and the desk, which are the bank's own. */
export class Scene {
  readonly clock = new ScriptedClock();
  readonly playout = new ScriptedPlayout();
  readonly speech = new ScriptedSpeech();
  readonly gateway = new ScriptedGateway();
  readonly writer = new ScriptedWriter();
  readonly events: ConversationEvent[] = [];
  readonly live: LiveConversation;
  readonly #frames = new BoundedQueue<AudioFrame>(50);
  closed = false;

  constructor(
    options: {
      readonly typed?: boolean;
      readonly mode?: TalkMode;
      readonly consent?: SiteConsent;
      readonly understander?: Understander;
      readonly phrase?: Phrase;
      /** When the recogniser has opened. */
      readonly opened?: Promise<void>;
    } = {},
  ) {
    this.speech.notOpen = options.opened ?? null;
    const endpoint: SoundEndpoint = {
      kind: 'wav',
      label: 'scripted',
      frames: () => this.#frames,
      playout: this.playout,
      close: async () => {
        this.closed = true;
        this.#frames.close();
      },
    };
    this.live = startConversation({
      id: 'c1',
      desk,
      dialogue: createDialogue({ desk, knowledge, clock: this.clock }),
      freshDialogue,
      gateway: this.gateway,
      writer: this.writer,
      ...(options.consent ? { consent: options.consent } : {}),
      ...(options.understander ? { understander: options.understander } : {}),
      ...(options.phrase ? { phrase: options.phrase } : {}),
      member: null,
      sound: options.typed ? null : { endpoint, speech: this.speech },
      mode: options.mode ?? 'handsFree',
      clock: this.clock,
      log: silentLog,
    });
    this.live.onEvent((event) => this.events.push(event));
  }

  /** The carrier breaks. */
  lose(error: Error): void {
    this.#frames.close(error);
  }

  /** So much sound comes in, speech or not. */
  async sound(ms: number, speech: boolean): Promise<void> {
    for (let at = 0; at < ms; at += FRAME_MS) {
      const samples = new Float32Array(FRAME).fill(speech ? 0.9 : 0.0001);
      this.#frames.push({ samples, sampleRate: 16_000, capturedAt: this.clock.now() });
      this.clock.pass(FRAME_MS);
      await settle();
    }
  }

  /** Someone speaks, and it is recognised as this. */
  async says(
    text: string,
    options: { readonly ms?: number; readonly partials?: readonly string[] } & Partial<Recognition> = {},
  ): Promise<void> {
    const { ms = 960, partials = [], ...recognition } = options;
    this.speech.recognitions.push({ text, ...recognition });
    await this.sound(ms, true);
    for (const partial of partials) {
      this.speech.partial(partial);
      await settle();
    }
    await this.sound(turnTaking.incompleteMs + FRAME_MS, false);
  }

  /** The agent speaks until it has nothing more to say. */
  async listens(): Promise<void> {
    await settle();
    for (let i = 0; i < 200 && this.state === 'speaking'; i += 1) await this.playout.hears(500);
  }

  of<T extends ConversationEvent['type']>(type: T): Extract<ConversationEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<ConversationEvent, { type: T }> => event.type === type,
    );
  }

  get state(): string | undefined {
    return this.of('state').at(-1)?.state;
  }

  get replies(): string[] {
    return this.of('reply').map(({ text }) => text);
  }
}
