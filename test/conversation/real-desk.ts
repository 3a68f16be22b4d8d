import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '../../main/audit/index.ts';
import { installRoot, newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { type ConversationEvent, startConversation } from '../../main/conversation/index.ts';
import { buildKnowledge, compileDesk, createDialogue, loadDeskPack } from '../../main/dialogue/index.ts';
import type { SoundGuard } from '../../main/guard/index.ts';
import { openWavEndpoint, type SoundEndpoint, type WavEndpoint } from '../../main/media/index.ts';
import { openRecords, type SiteConsent } from '../../main/records/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { openToolGateway } from '../../main/tools/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { type PersonVoice, personSays } from './person.ts';

/** A desk, the bank branch as it ships unless another is given, with everything real: engines, tool server, vault, log and records. */
export async function openBranch(deskFolder = join(installRoot, 'desks', 'bank-branch')) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-conversation-'));
  const paths = pathsIn(join(folder, 'data'));
  const pack = await loadDeskPack(deskFolder);
  const desk = compileDesk(pack);
  const knowledge = buildKnowledge(pack.knowledge);
  const vault = await createVault(paths, { kind: 'ephemeral' }, { clock: systemClock, log: silentLog });
  const audit = openAuditLog(vault, { clock: systemClock, site: 'branch.example/audit' });
  const records = openRecords(vault, audit, { clock: systemClock });
  const gateway = openToolGateway({
    desk: { ...pack, id: pack.desk.id },
    deskData: paths.deskData,
    signingKey: randomBytes(32),
    clock: systemClock,
    log: silentLog,
  });
  const speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
  return {
    folder,
    pack,
    desk,
    vault,
    audit,
    records,
    gateway,
    speech,
    /** Someone comes to the desk. */
    async begin(
      options: {
        readonly typed?: boolean;
        readonly consent?: SiteConsent;
        /** What screens the sound; nothing unless it is given. */
        readonly soundGuard?: SoundGuard;
        /** What stands between the endpoint and the conversation. */
        readonly around?: (endpoint: WavEndpoint) => Promise<SoundEndpoint>;
      } = {},
    ) {
      const id = newId();
      const endpoint = await openWavEndpoint({ outFolder: folder, label: 'test' });
      const sound = (await options.around?.(endpoint)) ?? endpoint;
      const writer = records.begin({
        id,
        deskId: pack.desk.id,
        packHash: pack.hash,
        memberId: null,
        carrier: 'wav',
        startedAt: Date.now(),
      });
      const dialogue = createDialogue({ desk, knowledge, clock: systemClock });
      const conversation = startConversation({
        id,
        desk,
        dialogue,
        freshDialogue: (clock) => createDialogue({ desk, knowledge, clock }),
        gateway,
        writer,
        ...(options.consent ? { consent: options.consent } : {}),
        ...(options.soundGuard ? { soundGuard: options.soundGuard } : {}),
        member: null,
        sound: options.typed ? null : { endpoint: sound, speech },
        mode: 'handsFree',
        clock: systemClock,
        log: silentLog,
      });
      const events: ConversationEvent[] = [];
      conversation.onEvent((event) => events.push(event));
      return { id, endpoint, conversation, events, dialogue };
    },
    async close() {
      await speech.close();
      await gateway.close();
      audit.close();
      vault.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Branch = Awaited<ReturnType<typeof openBranch>>;
export type Visit = Awaited<ReturnType<Branch['begin']>>;

/** Speaks a sentence as the person. */
export async function say(visit: Visit, text: string, voice?: PersonVoice): Promise<void> {
  const { samples, sampleRate } = await personSays(text, voice);
  await visit.endpoint.say(samples, sampleRate);
}
