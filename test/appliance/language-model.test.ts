/** The model that a site has chosen, from the vault to what a conversation understands. */
import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, systemClock } from '../../main/base/index.ts';
import {
  chooseLanguageModel,
  type LanguageModelChoice,
  setAllowedModelServers,
} from '../../main/dialogue/index.ts';
import { makeCertificates } from '../support/certificates.ts';
import { startLanModel } from '../support/lan-model.ts';
import { openQuietCore } from '../support/quiet-core.ts';
import { temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

const STRANGE = 'the plastic rectangle in my wallet has gone walkabout';

async function server() {
  const certificates = makeCertificates();
  const { address, stop } = await startLanModel(certificates);
  onTestFinished(() => {
    stop();
    rmSync(certificates.folder, { recursive: true });
  });
  return { address, ca: certificates.ca };
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
  const { core, warnings } = await openQuietCore({ vault, paths: pathsIn(temporaryFolder()) });
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
