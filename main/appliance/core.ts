import { randomBytes } from 'node:crypto';
import { type AuditLog, openAuditLog, streamToCollector } from '../audit/index.ts';
import { type Clock, type Log, logId, newId, SottoError } from '../base/index.ts';
import { type LiveConversation, startConversation, type TalkMode } from '../conversation/index.ts';
import {
  buildKnowledge,
  type CompiledDesk,
  compileDesk,
  createDialogue,
  loadDeskPack,
} from '../dialogue/index.ts';
import { type Identity, type Members, openIdentity, openMembers, type Role } from '../identity/index.ts';
import type { SoundEndpoint } from '../media/index.ts';
import { openRecords, type Records, siteConsent } from '../records/index.ts';
import type { SupervisedSpeech } from '../speech/index.ts';
import {
  type KillSwitches,
  openKillSwitches,
  openToolGateway,
  openToolLedger,
  stopFolder,
  type ToolGateway,
  type ToolLedger,
} from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';
import { Safeguards } from './safeguards.ts';

/** Two cores carry this many at once; the next one is refused, told so, and not dropped in its middle. */
const MOST_CONVERSATIONS = 8;

export interface CoreParts {
  readonly vault: Vault;
  readonly deskFolder: string;
  /** Where tool servers keep their data. */
  readonly deskData: string;
  readonly speech: SupervisedSpeech;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConverseOptions {
  readonly member: { readonly id: string; readonly roles: readonly Role[] } | null;
  /** Null for a typed conversation. */
  readonly endpoint: SoundEndpoint | null;
  readonly mode: TalkMode;
}

/** What stands on an open vault: the log, the records, the members, and one desk with its tools. */
export interface Core {
  readonly audit: AuditLog;
  readonly records: Records;
  readonly identity: Identity;
  readonly desk: CompiledDesk;
  readonly gateway: ToolGateway;
  /** What went out and nobody can vouch for. */
  readonly ledger: ToolLedger;
  readonly switches: KillSwitches;
  readonly members: Members;
  readonly safeguards: Safeguards;
  /** @throws SottoError `appliance/busy`, `standstill/stopped` */
  converse(options: ConverseOptions): LiveConversation;
  /** The conversations that are being held, each with the member who began it. */
  readonly conversations: ReadonlyMap<
    string,
    { readonly live: LiveConversation; readonly memberId: string | null }
  >;
  /** Ends what is being held, then the tools, then the log and the vault. */
  close(reason: string): Promise<void>;
}

/**
 * Opens the rooms that stand on the vault, from the ground up. Owns the vault from here: a failure closes it.
 * @throws SottoError of the room that refuses: `desk/invalid`, `tools/…`, `audit/…`
 */
export async function openCore(parts: CoreParts): Promise<Core> {
  const { vault, clock, log, speech } = parts;
  let opened: ToolGateway | null = null;
  let safeguards: Safeguards | null = null;
  try {
    const audit = openAuditLog(vault, { clock });
    const collector = streamToCollector(vault, audit.origin, { clock, log });
    const records = openRecords(vault, audit, { clock });
    const identity = openIdentity(vault, audit, { clock });
    const members = openMembers(vault, audit, { clock });
    const pack = await loadDeskPack(parts.deskFolder);
    const desk = compileDesk(pack);
    // The classifier is trained at its first sentence: now, and not while the first person waits.
    desk.understand('hello', { kind: 'open' }, clock.now());
    desk.grammar({ kind: 'open' });
    const knowledge = buildKnowledge(pack.knowledge);
    const ledger = openToolLedger(vault, audit, { clock });
    const switches = openKillSwitches(vault, audit, { clock, requests: stopFolder(parts.deskData) });
    const deskId = pack.desk.id;
    const { to: handOffTo } = pack.desk.handOff;
    const guards = new Safeguards({ ...parts, audit, members, deskId, handOffTo });
    safeguards = guards;
    const gateway = openToolGateway({
      desk: { ...pack, id: pack.desk.id },
      deskData: parts.deskData,
      signingKey: vault.secret('tools.capability-key', () => randomBytes(32)),
      currency: pack.desk.currency,
      clock,
      log,
      ledger,
      switches: guards.switches(switches),
      stepUp: members,
    });
    opened = gateway;
    guards.watching.people(identity);
    guards.watching.tools(gateway, ledger);
    const stopCrashes = speech.onCrash(({ engine }) => {
      audit.append({
        action: 'engine.crash',
        actor: 'system',
        target: `engine:${engine}`,
        outcome: 'failure',
      });
    });
    const abandoned = records.closeAbandoned(clock.now());
    if (abandoned > 0) log.warn('records.abandonedClosed', { conversations: abandoned });
    audit.append({
      action: 'appliance.start',
      actor: 'system',
      outcome: 'success',
      detail: { desk: pack.desk.id, packHash: pack.hash, keySource: vault.keySource },
    });

    const conversations = new Map<string, { live: LiveConversation; memberId: string | null }>();
    const converse = ({ member, endpoint, mode }: ConverseOptions): LiveConversation => {
      guards.admit();
      if (conversations.size >= MOST_CONVERSATIONS) throw busy();
      const id = newId();
      const writer = records.begin({
        id,
        deskId: pack.desk.id,
        packHash: pack.hash,
        memberId: member?.id ?? null,
        carrier: endpoint?.kind ?? 'typed',
        startedAt: clock.now(),
      });
      const live = startConversation({
        id,
        desk,
        dialogue: createDialogue({ desk, knowledge, clock }),
        gateway,
        writer,
        consent: siteConsent(vault),
        member,
        sound: endpoint ? { endpoint, speech } : null,
        mode,
        paceMs: () => guards.watching.sentinel.paceMs({ conversationId: id, memberId: member?.id ?? null }),
        clock,
        log,
      });
      guards.watch(live, member?.id ?? null, endpoint?.kind ?? 'typed');
      conversations.set(id, { live, memberId: member?.id ?? null });
      live.onEvent((event) => {
        if (event.type === 'handOff') logHandOff(audit, id, event.urgent);
      });
      void live.ended.then(() => {
        conversations.delete(id);
        gateway.endConversation(id);
      });
      return live;
    };

    const close = async (reason: string): Promise<void> => {
      await Promise.allSettled([...conversations.values()].map(({ live }) => live.end('appliance-stopped')));
      stopCrashes();
      await guards.close();
      await gateway.close();
      audit.append({ action: 'appliance.stop', actor: 'system', outcome: 'success', detail: { reason } });
      audit.close();
      collector?.close();
      vault.close();
    };
    const held = { converse, conversations, close };
    return {
      audit,
      records,
      identity,
      members,
      desk,
      gateway,
      ledger,
      switches,
      safeguards: guards,
      ...held,
    };
  } catch (error) {
    log.warn('appliance.coreFailed', { code: logId(error instanceof SottoError ? error.code : 'internal') });
    await safeguards?.close().catch(() => {});
    await opened?.close().catch(() => {});
    vault.close();
    throw error;
  }
}

function logHandOff(audit: AuditLog, conversationId: string, urgent: boolean): void {
  const conversation = `conversation:${conversationId}`;
  audit.append({
    action: 'conversation.handOff',
    actor: conversation,
    target: conversation,
    outcome: 'success',
    detail: { urgent },
  });
}

function busy(): SottoError {
  return new SottoError('appliance/busy', 'As many conversations are being held as this machine carries.', {
    remedy: 'End one of them, or wait until one has ended.',
  });
}
