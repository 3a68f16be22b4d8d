import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type Json, SottoError } from '../base/index.ts';
import { ENGINE_FAMILIES, packEngineSchema } from './engines.ts';
import type { PackLimits } from './limits.ts';
import { collision, unsafePath } from './safe-path.ts';

export const KINDS = [
  'recogniser',
  'synthesiser',
  'denoiser',
  'speakerEmbedding',
  'textEmbedding',
  'languageModel',
  'guard',
  'antispoof',
] as const;
export type PackKind = (typeof KINDS)[number];

const RESERVED_ID = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u);

const fileSchema = z.strictObject({
  path: z.string(),
  /** Bytes. */
  size: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PackFile = z.infer<typeof fileSchema>;

/** The manifest of a model pack, format 1. Its canonical JSON (RFC 8785) is what is signed. */
export const packManifestSchema = z.strictObject({
  format: z.literal('sotto-model-pack-1'),
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?$/)
    .refine((id) => !RESERVED_ID.test(id)),
  version: z.string().regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/),
  name: line(120),
  kind: z.enum(KINDS),
  engine: packEngineSchema,
  files: z.array(fileSchema).min(1),
  /** Of the sound that the model takes or makes, Hz; absent for models of text. */
  sampleRate: z.int().min(8000).max(96_000).optional(),
  /** BCP 47. */
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)).max(200),
  /** SPDX expression, or `LicenseRef-…` with the text in a file of the pack. */
  license: line(200),
  /** Where the files came from. */
  source: line(500),
});
export type PackManifest = z.infer<typeof packManifestSchema>;

/** The bytes that are signed and hashed. */
export function manifestBytes(manifest: PackManifest): Buffer {
  return Buffer.from(canonicalJson(withoutUndefined(packManifestSchema.parse(manifest))));
}

/** Optional fields that are not given are not there: canonical JSON knows no undefined. */
function withoutUndefined(manifest: PackManifest): Json {
  return JSON.parse(JSON.stringify(manifest));
}

/** SHA-256 of the manifest's bytes, hex: the identity of a pack, down to its last byte. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function totalSize(manifest: PackManifest): number {
  return manifest.files.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Reads the manifest of a pack. Only the one canonical form is accepted, so that equal packs have equal bytes.
 * @throws SottoError `models/bad-manifest`, `models/newer-format`, `models/unknown-kind`, `models/unknown-engine`,
 * `models/unsafe-path`, `models/too-many-files`, `models/too-large`.
 */
export function parseManifest(bytes: Buffer, limits: PackLimits): PackManifest {
  const raw = jsonOf(bytes);
  refuseUnknown(raw, limits);
  const parsed = packManifestSchema.safeParse(raw);
  if (!parsed.success) throw badManifest(whatIsWrong(parsed.error));
  const manifest = parsed.data;
  if (!manifestBytes(manifest).equals(bytes)) throw badManifest('is not canonical JSON');
  checkManifest(manifest, limits);
  return manifest;
}

/**
 * What a schema cannot say: safe paths, sizes, and an engine that fits the kind and finds its files.
 * @throws SottoError as `parseManifest`.
 */
export function checkManifest(manifest: PackManifest, limits: PackLimits): void {
  checkPaths(manifest, limits);
  checkSizes(manifest, limits);
  checkEngine(manifest);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badManifest('is not JSON');
  }
}

const outlineSchema = z.object({
  format: z.string(),
  kind: z.string(),
  engine: z.object({ family: z.string() }),
  files: z.array(z.unknown()),
});

/** What another version of Sotto may know gets its own name, before all else is called wrong. */
function refuseUnknown(raw: unknown, limits: PackLimits): void {
  const outline = outlineSchema.safeParse(raw);
  if (!outline.success) throw badManifest(whatIsWrong(outline.error));
  const { format, kind, engine, files } = outline.data;
  const remedy = 'Update Sotto, or build the pack for this version.';
  if (format !== 'sotto-model-pack-1')
    throw new SottoError('models/newer-format', 'The pack has a format that this version does not know.', {
      remedy,
    });
  if (!KINDS.some((known) => known === kind))
    throw new SottoError('models/unknown-kind', 'The pack is of a kind that this version does not know.', {
      remedy,
    });
  if (!Object.hasOwn(ENGINE_FAMILIES, engine.family))
    throw new SottoError(
      'models/unknown-engine',
      'The pack is for an engine that this version does not have.',
      {
        remedy,
      },
    );
  if (files.length > limits.files)
    throw new SottoError('models/too-many-files', `The pack has more than ${limits.files} files.`, {
      remedy: 'Build it with the files that the model needs, and no others.',
    });
}

function checkPaths(manifest: PackManifest, limits: PackLimits): void {
  if (manifest.files.length > limits.files)
    throw new SottoError('models/too-many-files', `The pack has more than ${limits.files} files.`);
  for (const { path } of manifest.files) {
    const why = unsafePath(path);
    if (why !== null) throw unsafe(path, why);
  }
  const paths = manifest.files.map(({ path }) => path);
  const same = collision(paths);
  if (same) throw unsafe(same[1], `would fall together with ${JSON.stringify(same[0])} on some file systems`);
  if (paths.some((path, index) => index > 0 && (paths[index - 1] ?? '') >= path))
    throw badManifest('does not list its files in order');
}

function checkSizes(manifest: PackManifest, limits: PackLimits): void {
  const largest = Math.max(...manifest.files.map(({ size }) => size));
  if (largest > limits.fileBytes || totalSize(manifest) > limits.totalBytes)
    throw new SottoError('models/too-large', 'The pack is larger than packs may be.', {
      remedy: `At most ${gigabytes(limits.fileBytes)} a file and ${gigabytes(limits.totalBytes)} a pack.`,
    });
}

function checkEngine({ kind, engine, files, sampleRate }: PackManifest): void {
  if (ENGINE_FAMILIES[engine.family] !== kind)
    throw badManifest(`is of the kind ${kind}, and its engine is not`);
  for (const [role, path] of Object.entries(engine.files)) {
    const isFolder = role === 'espeakData';
    const there = files.some((file) => (isFolder ? file.path.startsWith(`${path}/`) : file.path === path));
    if (!there) throw badManifest(`names a file for ${role} that it does not list`);
  }
  const ofSound = !['textEmbedding', 'languageModel', 'guard'].includes(kind);
  if (ofSound && sampleRate === undefined) throw badManifest('does not tell the sample rate');
}

function gigabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 30)} GiB`;
}

function whatIsWrong(error: z.ZodError): string {
  const issue = error.issues[0];
  return `is wrong at ${issue?.path.join('.') || 'its top'}`;
}

function unsafe(path: string, why: string): SottoError {
  return new SottoError('models/unsafe-path', `The path ${JSON.stringify(path.slice(0, 80))} ${why}.`, {
    remedy: 'Do not use this pack; ask who built it. Names are of plain ASCII letters, digits and signs.',
  });
}

function badManifest(what: string): SottoError {
  return new SottoError('models/bad-manifest', `The manifest of the pack ${what}.`, {
    remedy: 'Build the pack again with `sotto pack build`.',
  });
}
