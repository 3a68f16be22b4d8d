import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf, systemClock } from '../../main/base/index.ts';
import { ensureCertificate } from '../../main/headless/certificates.ts';

test('a flipped bit in a certificate or its key is never served: what comes is whole, or a refusal with a code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ask = () => ensureCertificate({ folder, names: ['127.0.0.1'], clock: systemClock });
  await ask();
  const whole = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  expect([...whole.keys()].sort()).toEqual(['authority.crt', 'authority.key', 'server.crt', 'server.key']);
  let madeAnew = 0;
  for (const [name, bytes] of whole)
    for (let at = 5; at < bytes.length; at += 41) {
      for (const [each, content] of whole) writeFileSync(join(folder, each), content);
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 7)), at);
      writeFileSync(join(folder, name), changed);
      if (name.endsWith('.key')) chmodSync(join(folder, name), 0o600);
      try {
        const { chain, key } = await ask();
        const [server = '', authority = ''] = chain.split(/(?<=-----END CERTIFICATE-----)\n/);
        const certificate = new X509Certificate(server);
        expect(certificate.checkPrivateKey(createPrivateKey(key)), `${name} ${at}`).toBe(true);
        expect(certificate.verify(new X509Certificate(authority).publicKey), `${name} ${at}`).toBe(true);
        if (chain !== `${whole.get('server.crt')}\n${whole.get('authority.crt')}\n`) madeAnew += 1;
      } catch (error) {
        expect(codeOf(error), `${name} ${at}`).toMatch(/^headless\//);
      }
    }
  expect(madeAnew).toBeGreaterThan(20);
});
