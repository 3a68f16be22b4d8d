/** What the doctor says of an open site: real packs, a real collector, a real model server, old records. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { examineSite, type SiteParts } from '../../main/appliance.ts';
import { openAuditLog, setCollector } from '../../main/audit/index.ts';
import { type Clock, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { chooseLanguageModel, setAllowedModelServers } from '../../main/dialogue/index.ts';
import { openModels } from '../../main/models/index.ts';
import { openRetention } from '../../main/records/index.ts';
import { pack, signer, tinyLanguageModel } from '../models/support.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { flipBit } from '../support/damage.ts';
import { keepConversation } from '../support/kept-conversation.ts';
import { startLanModel } from '../support/lan-model.ts';
import { syslogCollector } from '../support/syslog-collector.ts';
import { temporaryFolder } from '../tools/support.ts';
import { testClock, throwaway } from '../vault/support.ts';

const DAY_MS = 86_400_000;
let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => rmSync(certificates.folder, { recursive: true }));

async function site(clock: Clock = systemClock) {
  const paths = pathsIn(temporaryFolder());
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  onTestFinished(() => audit.close());
  const models = await openModels({ vault, audit, clock, paths });
  const parts: SiteParts = {
    vault,
    models,
    retention: openRetention(vault, audit, { clock }),
    toolServers: async () => [],
    clock,
    log: silentLog,
    load: true,
  };
  return {
    ...{ vault, audit, models, clock, folder: paths.models },
    /** One line of the doctor, in one. */
    line: async (id: string, more: Partial<SiteParts> = {}) => {
      const checks = await examineSite({ ...parts, ...more });
      const check = checks.find((one) => one.id === id);
      return `${check?.state}: ${check?.message} ${check?.remedy ?? ''}`.trim();
    },
  };
}

/** A site with one pack, trusted and installed. */
async function siteWithPack(...[about, files]: [about?: object, files?: Record<string, string | Buffer>]) {
  const at = await site();
  const by = signer();
  at.models.trust(by.publicKey, { name: 'the test' }, 'system');
  const made = await pack(by, { ...about }, files === undefined ? {} : { files });
  return { ...at, id: (await at.models.install(made, { actor: 'system' })).id };
}

test('a new site: nothing is chosen, and there is neither a recovery key nor a backup', async () => {
  const { line } = await site();
  expect(await line('model-packs')).toMatch(/^ok: None is installed/);
  expect(await line('language-model')).toMatch(/^ok: None is chosen/);
  expect(await line('tool-servers')).toMatch(/^ok: The desk declares none/);
  expect(await line('audit-collector')).toMatch(/^ok: None is named/);
  expect(await line('backups')).toMatch(
    /^warn: There is no recovery key.*sotto vault recovery-key --out FILE/,
  );
  expect(await line('retention')).toBe('ok: Nothing is beyond its time.');
}, 30_000);

test('packs: as they were signed; not loading; one bit flipped', async () => {
  const { line, models, id, folder } = await siteWithPack();
  expect(await line('model-packs')).toBe('ok: As they were signed: tiny-voice 1.2.0.');
  models.choose(id, 'system');
  // Signed, and no model at all.
  expect(await line('model-packs', { load: false })).toMatch(/^ok: .*tiny-voice 1.2.0 \(the synthesiser\)/);
  expect(await line('model-packs')).toMatch(/^fail: As signed, and do not load: tiny-voice.*--none KIND/);
  flipBit(folder, '.onnx');
  expect(await line('model-packs')).toMatch(/^fail: tiny-voice: .*not as it was signed.*Install it again/);
}, 60_000);

test('the language model: a pack that answers; a server that does, refuses the key, or is off the list', async () => {
  const { about, files } = tinyLanguageModel();
  const at = await siteWithPack(about, files);
  chooseLanguageModel(at, { kind: 'pack', id: at.id }, 'system');
  expect(await at.line('language-model')).toMatch(/^ok: tiny-llm answers \(\d+ ms\)/);

  const { address, stop } = await startLanModel(certificates);
  onTestFinished(stop);
  setAllowedModelServers(at, [address], 'system');
  const lan = {
    kind: 'lan',
    url: `https://${address}/v1`,
    model: 'good',
    ca: certificates.ca,
    heldBy: 'json_schema',
    key: 'lan-secret-0123456789',
  } as const;
  chooseLanguageModel(at, lan, 'system');
  expect(await at.line('language-model')).toMatch(/^ok: good at https:.* answers/);
  chooseLanguageModel(at, { ...lan, key: 'another-key' }, 'system');
  expect(await at.line('language-model')).toMatch(/^fail: .*refused the request.*check its key/);
  setAllowedModelServers(at, [], 'system');
  expect(await at.line('language-model')).toMatch(/^fail: .*no server is on the list.*sotto model allow/);
}, 60_000);

test('the collector: reached, with another authority, away', async () => {
  const { vault, clock, line } = await site();
  const { port, stop } = await syslogCollector(certificates);
  const named = { host: 'localhost', port, format: 'ocsf' } as const;
  setCollector(vault, { ...named, ca: certificates.ca }, clock);
  expect(await line('audit-collector')).toMatch(/^ok: localhost:\d+ is reached; \d+ entries wait/);
  setCollector(vault, { ...named, ca: certificates.otherCa }, clock);
  expect(await line('audit-collector')).toMatch(/^fail: .* is not reached \(.*(SIGN|CERT|VERIFY|ISSUER)/);
  setCollector(vault, { ...named, ca: certificates.ca }, clock);
  await stop();
  expect(await line('audit-collector')).toMatch(/^fail: .* is not reached \(ECONNREFUSED\).*none is lost/);
}, 30_000);

test('a tool server that is away is named, with its own remedy', async () => {
  const { line } = await site();
  const toolServers = async () => [
    { server: 'branch', ok: true, message: 'answers' },
    { server: 'core', ok: false, message: 'It refuses the key.', remedy: 'Give it the right one.' },
  ];
  expect(await line('tool-servers', { toolServers })).toBe(
    'fail: core: It refuses the key. Give it the right one.',
  );
});

test('retention: what goes with the next sweep, and what a sweep has missed', async () => {
  const clock = testClock(Date.now());
  const { vault, audit, line } = await site(clock);
  keepConversation(vault, audit, clock);
  clock.advance(30.5 * DAY_MS);
  expect(await line('retention')).toBe('ok: The next sweep lets go: 1 of transcript.');
  clock.advance(3 * DAY_MS);
  expect(await line('retention')).toMatch(
    /^warn: Beyond their time .*1 of transcript.*sotto retention sweep/,
  );
});
