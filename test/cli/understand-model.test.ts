import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, systemClock } from '../../main/base/index.ts';
import { chooseLanguageModel, setAllowedModelServers } from '../../main/dialogue/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { startLanModel } from '../support/lan-model.ts';
import { writeTinyGguf } from '../support/tiny-gguf.ts';
import { credential, ports } from '../vault/support.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

interface Read {
  readonly text: string;
  readonly flow: string | null;
  readonly inScope: boolean;
  readonly by: string;
  readonly modelMs: number | null;
  readonly notTaken: string | null;
}
const STRANGE = 'the plastic rectangle in my wallet has gone walkabout';
const KEY = 'lan-secret-0123456789';

describe('sotto understand --model', () => {
  let certificates: Certificates;
  let address: string;
  let stop: () => void;

  beforeAll(async () => {
    certificates = makeCertificates();
    ({ address, stop } = await startLanModel(certificates));
  });
  afterAll(() => {
    stop();
    rmSync(certificates.folder, { recursive: true });
  });

  const reads = async (args: readonly string[], input: string) => {
    const { code, out, err } = await sotto(['understand', '--desk', 'bank-branch', '--json', ...args], {
      input,
    });
    return { code, err, lines: jsonLines<Read>(out) };
  };
  /** A server named on the command line. */
  const server = (model: string, key = KEY) => {
    const keyFile = join(scratch(), 'key');
    writeFileSync(keyFile, `${key}\n`);
    const at = ['--model', `https://${address}/v1`, '--model-name', model];
    return [...at, '--ca', certificates.caFile, '--key-file', keyFile];
  };

  it('asks a server where the desk is not sure, and not where it is', async () => {
    const { code, lines } = await reads(server('good'), `block my card\n${STRANGE}\n`);
    expect(code).toBe(0);
    expect(lines).toMatchObject([
      { flow: 'block_card', by: 'built-in', modelMs: null, notTaken: null },
      { flow: 'block_card', inScope: true, by: 'model', modelMs: expect.any(Number), notTaken: null },
    ]);
  });

  it('tells why the model was not followed', async () => {
    const foreign = await reads(server('foreign'), `${STRANGE}\n`);
    expect(foreign.lines).toMatchObject([{ inScope: false, by: 'built-in' }]);
    expect(foreign.lines[0]?.notTaken).toBeTruthy();
    const refused = await reads(server('good', 'another-key-0123'), `${STRANGE}\n`);
    expect(refused.err).toContain('does not answer (model/refused)');
    expect(refused.lines).toMatchObject([{ inScope: false, by: 'built-in', notTaken: 'model/refused' }]);
    expect(refused.err + foreign.err).not.toContain(KEY);
  });

  it('loads a GGUF file, whose every answer is held to the desk’s commands', async () => {
    const file = join(scratch(), 'tiny.gguf');
    writeTinyGguf(file);
    const { code, lines } = await reads(['--model', file], `block my card\n${STRANGE}\n`);
    expect(code).toBe(0);
    expect(lines).toMatchObject([
      { flow: 'block_card', by: 'built-in', modelMs: null },
      { text: STRANGE, modelMs: expect.any(Number) },
    ]);
  }, 60_000);

  it('asks the model that the site has chosen; without one it says so', async () => {
    const paths = pathsIn(join(scratch(), 'data'));
    const source = credential();
    const vault = await createVault(paths, source, ports);
    const opening = ['--model', '--data', paths.data, '--credential', source.file];
    const audit = openAuditLog(vault, { clock: systemClock });
    const at = { vault, audit, clock: systemClock };
    setAllowedModelServers(at, [address], 'system');
    const url = `https://${address}/v1`;
    const chosen = { url, model: 'good', ca: certificates.ca, heldBy: 'json_schema', key: KEY } as const;
    chooseLanguageModel(at, { kind: 'lan', ...chosen }, 'system');
    audit.close();
    vault.close();
    expect((await reads(opening, `${STRANGE}\n`)).lines).toMatchObject([{ flow: 'block_card', by: 'model' }]);
    expect((await sotto(['model', 'off', ...opening.slice(1)])).code).toBe(0);
    const none = await sotto(['understand', '--desk', 'bank-branch', ...opening], { input: 'hello\n' });
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('has chosen no language model') });
  }, 30_000);

  it.each([
    ['neither a file nor an address', ['--model', 'no-such.gguf'], 'no model of this name'],
    ['an address without the name of a model', ['--model', 'https://localhost:1/v1'], '--model-name'],
  ])('is wrong usage with %s', async (_, args, why) => {
    const { code, err } = await sotto(['understand', '--desk', 'bank-branch', ...args], { input: '' });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) });
  });
});
