/** A site with a vault and trusted keys, and small packs to install in it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import {
  type Clock,
  canonicalJson,
  codeOf,
  type Json,
  pathsIn,
  silentLog,
  systemClock,
} from '../../main/base/index.ts';
import {
  buildPack,
  describedPack,
  generateKeyPair,
  type KeyPair,
  type Models,
  openModels,
  type PackLimits,
  readPrivateKey,
} from '../../main/models/index.ts';
import { signManifest } from '../../main/models/signature.ts';
import { createVault, type Vault } from '../../main/vault/index.ts';
import { writeTinyGguf } from '../support/tiny-gguf.ts';

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-models-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const DESCRIPTION = {
  id: 'tiny-voice',
  version: '1.2.0',
  name: 'A tiny voice',
  kind: 'synthesiser',
  engine: {
    family: 'vits',
    files: { model: 'model.onnx', tokens: 'tokens.txt' },
    voices: [{ name: 'tiny', speaker: 0 }],
  },
  sampleRate: 22_050,
  languages: ['en-US'],
  license: 'Apache-2.0',
  source: 'made by a test',
};
export const FILES = { 'model.onnx': 'not a model', 'tokens.txt': '_ 0\n', LICENSE: 'do as you like' };

/** Writes files and gives their folder. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(scratch(), 'model');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface Signer extends KeyPair {
  readonly key: ReturnType<typeof readPrivateKey>;
}

export function signer(): Signer {
  const pair = generateKeyPair();
  return { ...pair, key: readPrivateKey(pair.privatePem) };
}

/** A pack built and signed the right way. */
export async function pack(
  by: Signer | undefined,
  change: Readonly<Record<string, unknown>> = {},
  {
    files = FILES,
    folder = false,
  }: { files?: Readonly<Record<string, string | Uint8Array>>; folder?: boolean } = {},
): Promise<string> {
  const out = join(scratch(), folder ? 'pack' : 'tiny.sottopack');
  const description = describedPack({ ...DESCRIPTION, ...change });
  await buildPack({ from: folderOf(files), description, out, folder, key: by?.key });
  return out;
}

/** What a pack of a real, tiny language model says of itself, and its files. */
export function tinyLanguageModel() {
  const file = join(scratch(), 'tiny.gguf');
  writeTinyGguf(file);
  const engine = { family: 'gguf', files: { model: 'model.gguf' }, contextTokens: 2048 };
  return {
    about: { id: 'tiny-llm', kind: 'languageModel', engine, sampleRate: undefined },
    files: { 'model.gguf': readFileSync(file), LICENSE: 'any' },
  };
}

/** A `.sottopack` from parts, as someone would write it who does not use our builder: any manifest, well signed. */
export function forged(by: Signer, manifest: Json, body: string | Uint8Array = ''): Buffer {
  return container(Buffer.from(canonicalJson(manifest)), by, Buffer.from(body));
}

export function container(manifest: Buffer, by: Signer, body: Buffer): Buffer {
  const signature = signManifest(manifest, by.key);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(manifest.length, 0);
  lengths.writeUInt32BE(signature.length, 4);
  const magic = Buffer.from('SOTTOPACK\x01\r\n\x1a\n\0\0', 'latin1');
  return Buffer.concat([magic, lengths, manifest, signature, body]);
}

export interface Site {
  readonly models: Models;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly folder: string;
  reopen(): Promise<Models>;
}

export async function site(options: { clock?: Clock; limits?: PackLimits } = {}): Promise<Site> {
  const clock = options.clock ?? systemClock;
  const paths = pathsIn(scratch());
  const vault = await createVault(paths, { kind: 'ephemeral' }, { clock, log: silentLog });
  const audit = openAuditLog(vault, { clock });
  onTestFinished(() => {
    audit.close();
    vault.close();
  });
  const reopen = () =>
    openModels({ vault, audit, clock, paths, ...(options.limits ? { limits: options.limits } : {}) });
  return { models: await reopen(), vault, audit, folder: paths.models, reopen };
}

/** The code that something is refused with. */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return codeOf(error);
  }
  return 'nothing was refused';
}

export function actions(audit: AuditLog): string[] {
  return audit.recent(100).map(({ json }) => {
    const entry = JSON.parse(json) as { activity_name: string; status_id: number };
    return `${entry.activity_name} ${entry.status_id === 1 ? 'ok' : 'refused'}`;
  });
}
