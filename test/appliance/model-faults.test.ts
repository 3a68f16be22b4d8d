/** What befalls the language model of a site on the disk or in its process: it stands in the log, and the desk goes on. */
import { expect, test } from 'vitest';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, systemClock } from '../../main/base/index.ts';
import { chooseLanguageModel } from '../../main/dialogue/index.ts';
import { openModels } from '../../main/models/index.ts';
import { pack, signer, tinyLanguageModel } from '../models/support.ts';
import { flipBit } from '../support/damage.ts';
import { openQuietCore } from '../support/quiet-core.ts';
import { serverProcesses, temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

/** A site that has chosen a small model, installed as a signed pack. */
async function site() {
  const paths = pathsIn(temporaryFolder());
  const vault = await throwaway();
  const audit = openAuditLog(vault, { clock: systemClock });
  const ports = { vault, audit, clock: systemClock, paths };
  const models = await openModels(ports);
  const by = signer();
  models.trust(by.publicKey, { name: 'the test' }, 'system');
  const { about, files } = tinyLanguageModel();
  const { id } = await models.install(await pack(by, about, { files }), { actor: 'system' });
  chooseLanguageModel(ports, { kind: 'pack', id }, 'system');
  const open = async () => {
    const opened = await openQuietCore({ vault, paths });
    await opened.core.assistant.opened();
    return opened;
  };
  return { open, folder: paths.models };
}

function entries(audit: AuditLog, action: string): readonly string[] {
  return audit.recent(100).flatMap(({ json }) => (json.includes(`"${action}"`) ? [json] : []));
}

test('a language model whose process is killed is in the log, and is started again', async () => {
  const { open } = await site();
  const { core } = await open();
  const running = () => serverProcesses('model/llama/worker.ts');
  await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
  const [pid = 0] = running();
  // Ready: it has loaded its model, so that this is no failure to start.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => entries(core.audit, 'engine.crash'), { timeout: 10_000 }).not.toEqual([]);
  expect(entries(core.audit, 'engine.crash')[0]).toContain('engine:llama');
  await expect.poll(() => running().filter((other) => other !== pid), { timeout: 15_000 }).toHaveLength(1);
}, 40_000);

test('one flipped bit in the installed model: not loaded, told in the log, and the desk serves without', async () => {
  const { open, folder } = await site();
  flipBit(folder, '.gguf');
  const { core, warnings } = await open();
  expect(warnings).toContain('model.notOpened models/damaged');
  const [refused = ''] = entries(core.audit, 'model.refuse');
  expect(refused).toContain('model:tiny-llm');
  expect(refused).toContain('models/damaged');
  expect(serverProcesses('model/llama/worker.ts')).toEqual([]);
  expect(core.desk.understand('block my card', { kind: 'open' }, Date.now()).flow).toBe('block_card');
  expect(core.audit.verify().ok).toBe(true);
});
