import { SUMS_FILE } from './folder.ts';

/** The files at the top of an export. The verifier key is beside them, as `<origin>.vkey`. */
export const FILES = {
  checkpoint: 'checkpoint',
  /** The entry that records the export: the last under the checkpoint, byte for byte as it was hashed. */
  entry: 'export.json',
  lines: 'entries.jsonl',
  table: 'entries.csv',
  sums: SUMS_FILE,
  signature: `${SUMS_FILE}.sig`,
  signers: 'allowed_signers',
  page: 'index.html',
  verify: 'VERIFY.md',
} as const;

/** What the signature of an export is good for. */
export const SSH_NAMESPACE = 'audit-export@sotto';

/** The origin as the name of a file and of a signer: `desk-1.bank.example/audit` is `desk-1.bank.example-audit`. */
export function fileStem(origin: string): string {
  return origin.replaceAll(/[^A-Za-z0-9.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'log';
}
