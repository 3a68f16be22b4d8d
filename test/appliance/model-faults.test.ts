/** What befalls the language model of a site on the disk or in its process: it stands in the log, and the desk goes on. */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCore } from '../../main/appliance.ts';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { installRoot, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { chooseLanguageModel } from '../../main/dialogue/index.ts';
import { openModels } from '../../main/models/index.ts';
import type { SupervisedSpeech } from '../../main/speech/index.ts';
import { pack, signer } from '../models/support.ts';
import { writeTinyGguf } from '../support/tiny-gguf.ts';
import { serverProcesses, temporaryFolder } from '../tools/support.ts';
import { throwaway } from '../vault/support.ts';

const speech = {
  synthesiser: { prepare: async () => {} },
  onCrash: () => () => {},
} as unknown as SupervisedSpeech;

/** A site that has chosen a small model, installed as a signed pack. */
async function site() {
  const folder = temporaryFolder();
  const paths = pathsIn(folder);
  const vault = await throwaway();
  const audit = openAuditLog(vault, { clock: systemClock });
  const ports = { vault, audit, clock: systemClock, paths };
  const models = await openModels(ports);
  const by = signer();
  models.trust(by.publicKey, { name: 'the test' }, 'system');
  const file = join(folder, 'tiny.gguf');
  writeTinyGguf(file);
  const engine = { family: 'gguf', files: { model: 'model.gguf' }, contextTokens: 2048 };
  const about = { id: 'tiny-llm', kind: 'languageModel', engine, sampleRate: undefined };
  const { id } = await models.install(
    await pack(by, about, { files: { 'model.gguf': readFileSync(file), LICENSE: 'any' } }),
    { actor: 'system' },
  );
  chooseLanguageModel(ports, { kind: 'pack', id }, 'system');
  const open = async () => {
    const warnings: string[] = [];
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
    return { core, warnings };
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
  const [name = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.gguf'),
  );
  const file = join(folder, name);
  chmodSync(file, 0o600);
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const { core, warnings } = await open();
  expect(warnings).toContain('model.notOpened models/damaged');
  const [refused = ''] = entries(core.audit, 'model.refuse');
  expect(refused).toContain('model:tiny-llm');
  expect(refused).toContain('models/damaged');
  expect(serverProcesses('model/llama/worker.ts')).toEqual([]);
  expect(core.desk.understand('block my card', { kind: 'open' }, Date.now()).flow).toBe('block_card');
  expect(core.audit.verify().ok).toBe(true);
});
