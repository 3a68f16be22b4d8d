import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { codeOf, delay, silentLog, systemClock } from '../../main/base/index.ts';
import {
  type CompiledDesk,
  compileDesk,
  createUnderstander,
  type Generation,
  type LanguageModel,
  loadDeskPack,
  openLanModel,
  Patience,
} from '../../main/dialogue/index.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { startLanModel } from '../support/lan-model.ts';

/** Nothing that the bank's phrases or statistics know. */
const STRANGE = 'the plastic rectangle in my wallet has gone walkabout';
const KEY = 'lan-secret-0123456789';

describe('a model on the site’s LAN', () => {
  let desk: CompiledDesk;
  let certificates: Certificates;
  let port: string;
  let stop: () => void;

  beforeAll(async () => {
    desk = compileDesk(await loadDeskPack(join(import.meta.dirname, '../../desks/bank-branch')));
    certificates = makeCertificates();
    ({ port, stop } = await startLanModel(certificates));
  });
  afterAll(() => {
    stop();
    rmSync(certificates.folder, { recursive: true });
  });

  type Options = Parameters<typeof openLanModel>[0];
  function at(model: string, more: Partial<Options> = {}): LanguageModel {
    const opened = openLanModel({
      url: `https://localhost:${port}/v1`,
      allowed: [`localhost:${port}`],
      ca: certificates.ca,
      key: Buffer.from(KEY),
      model,
      ...more,
    });
    onTestFinished(() => opened.close());
    return opened;
  }
  const generation: Generation = {
    lane: 'commands',
    system: 's',
    prompt: 'p',
    form: { name: 'commands', grammar: 'root ::= "x"', schema: { type: 'object' } },
    maxTokens: 10,
    signal: AbortSignal.timeout(20_000),
  };
  const code = (model: LanguageModel) => model.generate(generation).then(() => 'answered', codeOf);

  async function understand(model: LanguageModel) {
    const patience = new Patience(systemClock, { mostMs: 400 });
    const understander = createUnderstander({ desk, model, clock: systemClock, log: silentLog, patience });
    const builtIn = desk.understand(STRANGE, { kind: 'open' }, Date.now());
    const situation = { expectation: { kind: 'open' }, flow: null, given: [] } as const;
    const better = await understander.improve(builtIn, situation, new AbortController().signal);
    return { builtIn, better };
  }

  test('is asked with the grammar of the desk, and understood', async () => {
    const { better } = await understand(at('good', {}));
    expect(better).toMatchObject({ flow: 'block_card', inScope: true });
    const answer = await at('echo').generate(generation);
    expect(JSON.parse(answer.text)).toMatchObject({
      stream: true,
      temperature: 0,
      response_format: { type: 'json_schema', json_schema: { strict: true, schema: { type: 'object' } } },
    });
    expect(answer).toMatchObject({ tokens: 9, promptTokens: 50, reusedTokens: 40 });
    expect(answer.firstTokenMs).toBeLessThanOrEqual(answer.tookMs);
    const held = await at('echo', { heldBy: 'grammar' }).generate(generation);
    expect(JSON.parse(held.text)).toMatchObject({ grammar: 'root ::= "x"' });
    expect(JSON.parse(held.text)).not.toHaveProperty('response_format');
  });

  test.each(['chatty', 'foreign', 'slow', 'hangs', 'huge', 'redirect', 'drops', 'half', 'whole', 'garbled'])(
    'that is %s changes nothing, and nobody waits',
    async (behaviour) => {
      const startedAt = performance.now();
      const { builtIn, better } = await understand(at(behaviour));
      expect(better).toBe(builtIn);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
    },
  );

  test('is refused by name, each for its cause', async () => {
    expect(await code(at('huge'))).toBe('model/bad-answer');
    expect(await code(at('half'))).toBe('model/bad-answer');
    expect(await code(at('whole'))).toBe('model/bad-answer');
    expect(await code(at('garbled'))).toBe('model/bad-answer');
    expect(await code(at('redirect'))).toBe('model/refused');
    expect(await code(at('drops'))).toBe('model/unreachable');
    expect(await code(at('good', { key: Buffer.from('wrong') }))).toBe('model/refused');
    expect(await code(at('good', { ca: certificates.otherCa }))).toBe('model/unreachable');
    const byNumber = { url: `https://127.0.0.1:${port}/v1`, allowed: [`127.0.0.1:${port}`] };
    // The certificate is for `localhost`.
    expect(await code(at('good', byNumber))).toBe('model/unreachable');
  });

  test('is not opened where it may not be', async () => {
    const bad = (more: Partial<Options>) => {
      try {
        at('good', more);
        return 'opened';
      } catch (error) {
        return codeOf(error);
      }
    };
    expect(bad({ allowed: ['localhost:1'] })).toBe('model/not-allowed');
    expect(bad({ allowed: [`LOCALHOST.:${port}`, 'localhost'] })).toBe('model/not-allowed');
    expect(bad({ url: `http://10.0.0.7:${port}/v1` })).toBe('model/bad-address');
    expect(bad({ url: `https://me:pw@localhost:${port}/v1` })).toBe('model/bad-address');
    expect(bad({ url: 'file:///etc/passwd' })).toBe('model/bad-address');
    expect(bad({ ca: null })).toBe('model/no-authority');
    expect(bad({ key: Buffer.from('a\r\nx-more: 1') })).toBe('model/bad-key');
    const abroad = { url: 'https://93.184.215.14/v1', allowed: ['93.184.215.14:443'] };
    expect(await code(at('good', abroad))).toBe('model/not-on-site');
    const nowhere = { url: 'https://no-such-host.invalid/v1', allowed: ['no-such-host.invalid:443'] };
    expect(await code(at('good', nowhere))).toBe('model/unreachable');
  });

  test('is never asked through a proxy of the environment', async () => {
    let seen = 0;
    const proxy = createServer(() => {
      seen += 1;
    });
    proxy.on('connect', (_, socket) => {
      seen += 1;
      socket.destroy();
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const script = `
      import { readFileSync } from 'node:fs';
      import { openLanModel } from ${JSON.stringify(join(import.meta.dirname, '../../main/dialogue/index.ts'))};
      const model = openLanModel({ url: 'https://localhost:${port}/v1', allowed: ['localhost:${port}'],
        ca: readFileSync(${JSON.stringify(certificates.caFile)}, 'utf8'), key: Buffer.from('${KEY}'), model: 'good' });
      const { text } = await model.generate({ ...${JSON.stringify(generation)}, signal: AbortSignal.timeout(9000) });
      process.stdout.write(text);
      await model.close();`;
    const env = {
      PATH: process.env.PATH,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: address,
      HTTP_PROXY: address,
      https_proxy: address,
    };
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(child.stdout, 'data');
    proxy.close();
    expect(String(said)).toContain('block_card');
    expect(seen).toBe(0);
  });

  test.each(['slow', 'hangs'])(
    'is given up at once when the turn is, though it %s, and sees it',
    async (how) => {
      const tally = async () => JSON.parse((await at('tally').generate(generation)).text);
      const before = await tally();
      const stopped = new AbortController();
      const running = at(how).generate({ ...generation, signal: stopped.signal });
      await delay(150);
      const startedAt = performance.now();
      stopped.abort(new Error('interrupted'));
      await expect(running).rejects.toThrow('interrupted');
      expect(performance.now() - startedAt).toBeLessThan(50);
      await expect.poll(async () => (await tally()).dropped).toBe(before.dropped + 1);
    },
  );

  test('forgets its key when it is closed', async () => {
    const model = at('good');
    expect(await code(model)).toBe('answered');
    await model.close();
    expect(await code(model)).toBe('model/closed');
  });
});
