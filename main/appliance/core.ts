import { randomBytes } from 'node:crypto';
import { type AuditLog, openAuditLog, streamToCollector } from '../audit/index.ts';
import { type Clock, type Log, logId, SottoError } from '../base/index.ts';
import { deskVoice, type LiveConversation, promptSentences } from '../conversation/index.ts';
import { buildKnowledge, type CompiledDesk, compileDesk, loadDeskPack } from '../dialogue/index.ts';
import { type Identity, type Members, openIdentity, openMembers } from '../identity/index.ts';
import type { SoundProfile } from '../media/index.ts';
import { type Models, openModels } from '../models/index.ts';
import { openRecords, type Records } from '../records/index.ts';
import type { SupervisedSpeech } from '../speech/index.ts';
import {
  type KillSwitches,
  lanPort,
  openKillSwitches,
  openToolGateway,
  openToolLedger,
  stopFolder,
  type ToolGateway,
  type ToolLedger,
} from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';
import { Assistant } from './assistant.ts';
import { Conversations, type ConverseOptions } from './conversations.ts';
import { logCrash } from './crashes.ts';
import { chosenEmbedder } from './meaning.ts';
import { Safeguards } from './safeguards.ts';
import { speechWithPacks } from './speech-packs.ts';
import { syntheticVoices } from './synthetic-voices.ts';

/** What an embedding model has not learnt of a desk's pages by then is found by its words alone. */
const LEARN_PAGES_MS = 120_000;

export interface CoreParts {
  readonly vault: Vault;
  readonly deskFolder: string;
  /** Where tool servers keep their data. */
  readonly deskData: string;
  /** Where model packs are installed. */
  readonly models: string;
  readonly speech: SupervisedSpeech;
  /** The desk's sound as `sotto soundcheck` or the window measured it. */
  readonly sound?: SoundProfile | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What stands on an open vault: the log, the records, the members, and one desk with its tools. */
export interface Core {
  readonly vault: Vault;
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
  readonly assistant: Assistant;
  readonly models: Models;
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
 * Opens the rooms that stand on the vault, from the ground up. Owns the vault from here: a failure closes it, and what was
 * opened on it.
 * @throws SottoError of the room that refuses: `desk/invalid`, `tools/…`, `audit/…`
 */
export async function openCore(parts: CoreParts): Promise<Core> {
  const { vault, clock, log } = parts;
  /** Closed from the last to the first; what one of them throws keeps none of the others open. */
  const closing = new AsyncDisposableStack();
  closing.defer(() => vault.close());
  try {
    const audit = openAuditLog(vault, { clock });
    const collector = streamToCollector(vault, audit.origin, { clock, log });
    closing.defer(() => collector?.close());
    closing.defer(() => audit.close());
    let stopped: string | null = null;
    // After all that it ends, and before the log is closed.
    closing.defer(() => (stopped === null ? undefined : logStop(audit, stopped)));
    const records = openRecords(vault, audit, { clock });
    const identity = openIdentity(vault, audit, { clock });
    const members = openMembers(vault, audit, { clock });
    const models = await openModels({ vault, audit, clock, paths: parts });
    const speech = await speechWithPacks({ log, speech: parts.speech, models });
    if (speech !== parts.speech) closing.defer(() => speech.close());
    const desk = await openDesk({ ...parts, speech });
    const { pack } = desk;
    const embedder = await chosenEmbedder({ models, audit, log });
    closing.defer(() => embedder?.close());
    const knowledge = buildKnowledge(pack.knowledge, embedder ? { embedder } : {});
    void knowledge.ready(AbortSignal.timeout(LEARN_PAGES_MS));
    const ledger = openToolLedger(vault, audit, { clock });
    const switches = openKillSwitches(vault, audit, { clock, requests: stopFolder(parts.deskData) });
    const deskId = pack.desk.id;
    const voices = await syntheticVoices({ models, log });
    closing.defer(() => voices?.model.close());
    const handOffTo = pack.desk.handOff.to;
    const guards = new Safeguards({ ...parts, audit, members, deskId, handOffTo, voices });
    closing.defer(() => guards.close());
    const gateway = openToolGateway({
      desk: { ...pack, id: deskId },
      deskData: parts.deskData,
      signingKey: vault.secret('tools.capability-key', () => randomBytes(32)),
      currency: pack.desk.currency,
      clock,
      log,
      ledger,
      switches: guards.switches(switches),
      stepUp: members,
      lan: lanPort(vault),
    });
    closing.defer(() => gateway.close());
    guards.watching.people(identity);
    guards.watching.tools(gateway, ledger);
    closing.defer(speech.onCrash(({ engine }) => logCrash(audit, engine)));
    const abandoned = records.closeAbandoned(clock.now());
    if (abandoned > 0) log.warn('records.abandonedClosed', { conversations: abandoned });
    const started = { desk: deskId, packHash: pack.hash, keySource: vault.keySource };
    audit.append({ action: 'appliance.start', actor: 'system', outcome: 'success', detail: started });
    const assistant = new Assistant({ vault, audit, clock, log, models });
    closing.defer(() => assistant.close());
    const conversations = new Conversations({
      ...parts,
      speech,
      assistant,
      desk,
      knowledge,
      audit,
      records,
      gateway,
      guards,
    });
    return {
      vault,
      audit,
      records,
      identity,
      members,
      desk,
      gateway,
      ledger,
      switches,
      safeguards: guards,
      assistant,
      models,
      converse: (options) => conversations.begin(options),
      conversations: conversations.held,
      close: async (reason) => {
        await conversations.endAll();
        stopped = reason;
        await closing.disposeAsync();
      },
    };
  } catch (error) {
    log.warn('appliance.coreFailed', { code: logId(error instanceof SottoError ? error.code : 'internal') });
    await closing.disposeAsync().catch(() => {});
    throw error;
  }
}

/** Reads and compiles the desk's pack, and gets ready what the first person would else wait for. */
async function openDesk({ deskFolder, speech }: CoreParts): Promise<CompiledDesk> {
  const desk = compileDesk(await loadDeskPack(deskFolder));
  desk.learn();
  desk.grammar({ kind: 'open' });
  // The first words of the first person are lost while ears are got ready that never heard this desk's grammar.
  void readyEars(speech, desk).catch(() => {});
  // What the desk always says is made ahead; a voice that fails now is told when it is needed.
  void speech.synthesiser.prepare(promptSentences(desk), deskVoice(desk)).catch(() => {});
  return desk;
}

async function readyEars(speech: SupervisedSpeech, desk: CompiledDesk): Promise<void> {
  const [stream, vad] = await Promise.all([
    speech.recogniser.open(desk.grammar({ kind: 'open' })),
    speech.vad.open(),
  ]);
  await Promise.all([stream.close(), vad.close()]);
}

function logStop(audit: AuditLog, reason: string): void {
  audit.append({ action: 'appliance.stop', actor: 'system', outcome: 'success', detail: { reason } });
}
