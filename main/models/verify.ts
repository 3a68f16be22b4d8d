import { createHash } from 'node:crypto';
import { SottoError } from '../base/index.ts';
import { type PublicKey, publicKeyOf } from './keys.ts';
import { LIMITS, type PackLimits } from './limits.ts';
import { digestOf, type PackFile, type PackManifest, parseManifest, totalSize } from './manifest.ts';
import type { OnProgress } from './progress.ts';
import { checkSignature, signerOf } from './signature.ts';
import { openSource, type PackSource } from './source.ts';

/** Finds a key that is trusted now. @throws SottoError `models/untrusted-key`, `models/key-not-valid`. */
export type FindKey = (fingerprint: string) => PublicKey;

/** Takes the files of a pack as they are read. */
export interface FileSink {
  begin(file: PackFile): Promise<void>;
  write(block: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** A pack whose every byte is what a trusted key signed. */
export interface VerifiedPack {
  readonly manifest: PackManifest;
  /** SHA-256 of the manifest, hex. */
  readonly digest: string;
  /** Fingerprint of the key that signed it. */
  readonly signer: string;
}

export interface VerifyOptions {
  readonly limits?: PackLimits;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Verifies a pack against keys that the caller trusts.
 * @throws SottoError `models/unsigned`, `models/untrusted-key`, `models/bad-signature`, `models/tampered`,
 * `models/truncated`, `models/trailing-bytes`, … : nothing but a whole, signed pack passes.
 */
export async function verifyPack(
  path: string,
  keys: readonly PublicKey[],
  options: VerifyOptions = {},
): Promise<VerifiedPack> {
  const limits = options.limits ?? LIMITS;
  const source = await openSource(path, limits);
  try {
    const verified = readSigned(source, (fingerprint) => keyAmong(keys, fingerprint), limits);
    await readFiles(source, verified.manifest, nowhere, options);
    return verified;
  } finally {
    await source.close();
  }
}

/** The manifest, read only after its signature holds: what nobody trusted has signed is never parsed. */
export function readSigned(source: PackSource, findKey: FindKey, limits: PackLimits): VerifiedPack {
  if (!source.signature)
    throw new SottoError('models/unsigned', 'The pack is not signed.', {
      remedy: 'Sign it where the signing key is, with `sotto pack sign`.',
    });
  const signer = signerOf(source.signature);
  checkSignature(source.manifest, source.signature, findKey(signer));
  const manifest = parseManifest(source.manifest, limits);
  return { manifest, digest: digestOf(source.manifest), signer };
}

/** Reads every file and holds it against the manifest, handing its bytes on. The sink's files count only when it returns. */
export async function readFiles(
  source: PackSource,
  manifest: PackManifest,
  sink: FileSink,
  { signal, onProgress }: VerifyOptions,
): Promise<void> {
  await source.checkOutline(manifest);
  const totalBytes = totalSize(manifest);
  let bytes = 0;
  for (const file of manifest.files) {
    const hash = createHash('sha256');
    await sink.begin(file);
    for await (const block of source.read(manifest, file)) {
      signal?.throwIfAborted();
      hash.update(block);
      await sink.write(block);
      bytes += block.length;
      onProgress?.({ bytes, totalBytes });
    }
    await sink.end();
    if (hash.digest('hex') !== file.sha256)
      throw new SottoError('models/tampered', `${JSON.stringify(file.path)} is not what was signed.`, {
        remedy: 'Do not use this pack. Copy it again from who signed it.',
      });
  }
}

export function untrusted(fingerprint: string): SottoError {
  return new SottoError(
    'models/untrusted-key',
    `The pack is signed by a key that is not trusted: ${fingerprint}.`,
    {
      remedy:
        'If you know that key from who keeps it, trust it with `sotto pack trust add`. Else do not use the pack.',
    },
  );
}

function keyAmong(keys: readonly PublicKey[], fingerprint: string): PublicKey {
  const key = keys.find((each) => each.fingerprint === fingerprint);
  if (!key) throw untrusted(fingerprint);
  return publicKeyOf(key.key);
}

export const nowhere: FileSink = {
  begin: async () => {},
  write: async () => {},
  end: async () => {},
};
