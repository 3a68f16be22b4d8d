import { Option } from 'commander';

/** What stands under every command's `--help`: examples, and the exit codes that it can end with. */
export function more(examples: readonly string[], codes: Readonly<Record<number, string>>): string {
  const all = Object.entries({ 2: 'wrong usage', 130: 'interrupted', ...codes });
  const lines = all.map(([code, meaning]) => `  ${code.padEnd(4)}${meaning}`);
  return ['', 'Examples:', ...examples.map((example) => `  ${example}`), '', 'Exit codes:', ...lines].join(
    '\n',
  );
}

/** The vault's credential file, for every command that opens the vault. */
export function credentialOption(): Option {
  return new Option('--credential <file>', 'the credential file that opens the vault').env(
    'SOTTO_CREDENTIAL_FILE',
  );
}
