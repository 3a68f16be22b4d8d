// One step with the machine's own keychain, its answer as one line of JSON. Arguments: step, data folder.
import { readFileSync } from 'node:fs';
import { codeOf, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault, keychainAvailable, openVault, osKeychain, type Vault } from '../../main/vault/index.ts';

const [step = '', data = ''] = process.argv.slice(2);
const paths = pathsIn(data);
const ports = { clock: systemClock, log: silentLog };
const keychain = osKeychain();
const source = { kind: 'keychain', keychain } as const;

const steps: Readonly<Record<string, () => Promise<unknown>>> = {
  available: () => keychainAvailable(keychain),
  create: async () => mark(await createVault(paths, source, ports)),
  open: async () => mark(await openVault(paths, source, ports)),
  forget: () => keychain.delete(account()),
  replace: () => keychain.set(account(), Buffer.alloc(32, 7).toString('base64')),
};

try {
  console.log(JSON.stringify({ answer: await steps[step]?.() }));
} catch (error) {
  console.log(JSON.stringify({ refused: codeOf(error) }));
}

function mark(vault: Vault): string {
  const text = vault.secret('mark', () => Buffer.from(String(process.pid))).toString();
  vault.close();
  return text;
}

function account(): string {
  return JSON.parse(readFileSync(paths.vaultHeader, 'utf8')).key.account;
}
