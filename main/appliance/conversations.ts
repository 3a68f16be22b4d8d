import { availableParallelism } from 'node:os';
import type { Origin } from '../api/index.ts';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, type Log, newId, SottoError } from '../base/index.ts';
import { type LiveConversation, startConversation, type TalkMode } from '../conversation/index.ts';
import { type CompiledDesk, createDialogue, type Knowledge } from '../dialogue/index.ts';
import type { Role } from '../identity/index.ts';
import type { SoundEndpoint, SoundProfile } from '../media/index.ts';
import { type Records, siteConsent } from '../records/index.ts';
import type { SupervisedSpeech } from '../speech/index.ts';
import type { ToolGateway } from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';
import type { Assistant } from './assistant.ts';
import type { Safeguards } from './safeguards.ts';

/**
 * So many are carried at once without anybody waiting noticeably longer (measured: docs/benchmarks.md, four on two cores);
 * the next one is refused, told so, and not dropped in its middle.
 */
export const MOST_CONVERSATIONS = Math.max(4, 2 * availableParallelism());

export interface ConverseOptions {
  readonly member: { readonly id: string; readonly roles: readonly Role[] } | null;
  /** Null for a typed conversation. */
  readonly endpoint: SoundEndpoint | null;
  readonly mode: TalkMode;
  /** Where the person who talks sits; unknown unless told. */
  readonly from?: Origin;
}

export interface ConversationsParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly desk: CompiledDesk;
  readonly knowledge: Knowledge;
  readonly gateway: ToolGateway;
  readonly guards: Safeguards;
  readonly assistant: Assistant;
  /** The desk's sound as it was measured last. */
  readonly sound?: SoundProfile | null;
  readonly speech: SupervisedSpeech;
  readonly clock: Clock;
  readonly log: Log;
}

/** The conversations that are being held at the desk. */
export class Conversations {
  /** Each with the member who began it. */
  readonly held = new Map<string, { readonly live: LiveConversation; readonly memberId: string | null }>();
  readonly #parts: ConversationsParts;

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  /** @throws SottoError `appliance/busy`, `standstill/stopped`. */
  begin({ member, endpoint, mode, from }: ConverseOptions): LiveConversation {
    const { desk, knowledge, gateway, guards, assistant, speech, records, vault, clock, log } = this.#parts;
    guards.admit();
    if (this.held.size >= MOST_CONVERSATIONS) throw busy();
    const id = newId();
    const memberId = member?.id ?? null;
    const carrier = endpoint?.kind ?? ('typed' as const);
    // A machine has one sound device that is its own.
    const who = { memberId, ...(from ?? { address: null, device: carrier === 'device' ? carrier : null }) };
    const { pack } = desk;
    const begun = {
      id,
      deskId: pack.desk.id,
      packHash: pack.hash,
      memberId,
      carrier,
      startedAt: clock.now(),
    };
    const understander = assistant.understanderOf(desk);
    const phrase = assistant.phraseOf(desk, knowledge);
    const live = startConversation({
      id,
      desk,
      dialogue: createDialogue({ desk, knowledge, clock }),
      freshDialogue: (at) => createDialogue({ desk, knowledge, clock: at }),
      ...(understander ? { understander } : {}),
      ...(phrase ? { phrase } : {}),
      think: (question) => knowledge.think(question),
      gateway,
      writer: records.begin(begun),
      consent: siteConsent(vault),
      member,
      sound: endpoint ? { endpoint, speech } : null,
      soundGuard: guards.sound,
      ...this.#echoOf(carrier),
      mode,
      paceMs: () => guards.watching.sentinel.paceMs({ ...who, conversationId: id }),
      clock,
      log,
    });
    guards.watch(live, who);
    this.held.set(id, { live, memberId });
    live.onEvent((event) => {
      if (event.type === 'handOff') this.#logHandOff(id, event.urgent);
    });
    void live.ended.then(() => {
      this.held.delete(id);
      gateway.endConversation(id);
    });
    return live;
  }

  async endAll(): Promise<void> {
    await Promise.allSettled([...this.held.values()].map(({ live }) => live.end('appliance-stopped')));
  }

  /** A measurement says something about the carrier that it was made on, and nothing about others. */
  #echoOf(carrier: string): { readonly echo?: boolean } {
    const { sound } = this.#parts;
    return sound?.carrier === carrier ? { echo: sound.settings.suppressEcho } : {};
  }

  #logHandOff(id: string, urgent: boolean): void {
    const conversation = `conversation:${id}`;
    this.#parts.audit.append({
      action: 'conversation.handOff',
      actor: conversation,
      target: conversation,
      outcome: 'success',
      detail: { urgent },
    });
  }
}

function busy(): SottoError {
  return new SottoError('appliance/busy', 'As many conversations are being held as this machine carries.', {
    remedy: 'End one of them, or wait until one has ended.',
  });
}
