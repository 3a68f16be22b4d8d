/** The model that a site has chosen, from the vault to what a conversation understands. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCore } from '../../main/appliance/core.ts';
import { openAuditLog } from '../../main/audit/index.ts';
import { installRoot, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import {
  chooseLanguageModel,
  type LanguageModelChoice,
  setAllowedModelServers,
} from '../../main/dialogue/index.ts';
import type { SupervisedSpeech } from '../../main/speech/index.ts';
import { makeCertificates } from '../support/certificates.ts';
import { temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

const STRANGE = 'the plastic rectangle in my wallet has gone walkabout';
const speech = {
  synthesiser: { prepare: async () => {} },
  onCrash: () => () => {},
} as unknown as SupervisedSpeech;

/** A server on this machine's LAN, in a process of its own. */
async function server() {
  const certificates = makeCertificates();
  const entry = join(import.meta.dirname, '../dialogue/lan-model-server.ts');
  const child = spawn(process.execPath, [entry, certificates.certificateFile, certificates.keyFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill();
    rmSync(certificates.folder, { recursive: true });
  });
  const [port] = await once(child.stdout, 'data');
  return { address: `localhost:${String(port).trim()}`, ca: certificates.ca };
}

/** What a site that has chosen this understands of words that no phrase knows. */
async function understood(
  choice: LanguageModelChoice,
  servers: readonly string[],
  after: readonly string[] = servers,
) {
  const vault = await throwaway();
  const audit = openAuditLog(vault, { clock: systemClock });
  const site = { vault, audit, clock: systemClock };
  setAllowedModelServers(site, servers, 'system');
  chooseLanguageModel(site, choice, 'system');
  setAllowedModelServers(site, after, 'system');
  const warnings: string[] = [];
  const paths = pathsIn(temporaryFolder());
  const core = await openCore({
    vault,
    deskFolder: join(installRoot, 'desks', 'bank-branch'),
    deskData: paths.deskData,
    models: paths.models,
    speech,
    clock: systemClock,
    log: { ...silentLog, warn: (event, detail) => void warnings.push(`${event} ${detail?.code ?? ''}`) },
  });
  onTestFinished(() => core.close('test'));
  await core.assistant.opened();
  const live = core.converse({ member: null, endpoint: null, mode: 'handsFree' });
  const flows: (string | null)[] = [];
  live.onEvent((event) => {
    if (event.type === 'understood') flows.push(event.flow);
  });
  live.type(STRANGE);
  await expect.poll(() => flows, { timeout: 5000 }).toHaveLength(1);
  return { flow: flows[0], warnings };
}

test('a server on the list is asked, with its key; off the list it is not, and the desk goes on', async () => {
  const { address, ca } = await server();
  const choice = {
    kind: 'lan',
    url: `https://${address}/v1`,
    model: 'good',
    ca,
    heldBy: 'json_schema',
    key: 'lan-secret-0123456789',
  } as const;
  expect(await understood(choice, [address])).toEqual({ flow: 'block_card', warnings: [] });
  expect(await understood(choice, [address], [])).toEqual({
    flow: null,
    warnings: ['model.notOpened model/not-allowed'],
  });
  expect(await understood({ ...choice, key: 'wrong' }, [address])).toMatchObject({ flow: null });
});

test('a pack that is not there leaves the desk as it is', async () => {
  expect(await understood({ kind: 'pack', id: 'gone' }, [])).toEqual({
    flow: null,
    warnings: ['model.notOpened models/not-installed'],
  });
});
