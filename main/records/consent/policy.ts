import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { canonicalJson, type Json, SottoError } from '../../base/index.ts';

const FOLDER = join(import.meta.dirname, 'policies');
const LARGEST_FILE = 64 * 1024;

/** What is told or asked for: that it is a machine, that words are kept and used, that sound is kept. */
export const PURPOSES = ['disclosure', 'processing', 'recording'] as const;
export type Purpose = (typeof PURPOSES)[number];

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const words = z.string().trim().min(1).max(600);
const before = z.enum(['listening', 'processing', 'recording']);
/** `recording`: only where the site records at all. */
const when = z.enum(['always', 'recording']).default('always');

const noticeSchema = z.strictObject({
  /** A disclosure of the desk pack with the same id stands for it, in the desk's words. */
  id,
  purpose: z.enum(PURPOSES),
  before,
  when,
  say: words,
  show: words,
});
const askSchema = z.strictObject({
  id,
  purpose: z.enum(['processing', 'recording']),
  before,
  when,
  say: words,
  show: words,
  /** Said when it is refused. */
  refused: words,
});

/** A policy of consent as its file has it. */
export const consentPolicySchema = z
  .strictObject({
    id,
    /** Counts up whenever a word changes. */
    version: z.int().min(1),
    title: words,
    jurisdiction: z.string().regex(/^[A-Za-z-]{2,20}$/),
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
    basis: z.array(z.strictObject({ purpose: z.enum(PURPOSES), ref: words })).min(1),
    notices: z.array(noticeSchema).min(1),
    asks: z.array(askSchema),
    unclear: words,
    withdrawn: z.strictObject({
      recording: words,
      processing: words,
      /** Whether what was said is erased when consent to its processing is withdrawn. */
      erase: z.boolean(),
    }),
  })
  .superRefine((policy, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const tells = policy.notices.some(
      (notice) => notice.purpose === 'disclosure' && notice.when === 'always',
    );
    if (!tells) issue('notices', 'nothing says that it is a machine');
    const recording = [...policy.notices, ...policy.asks].some(({ purpose }) => purpose === 'recording');
    if (!recording) issue('asks', 'nobody is told or asked about the recording');
    const ids = [...policy.notices, ...policy.asks].map((one) => one.id);
    if (new Set(ids).size < ids.length) issue('notices', 'an id is used twice');
    for (const purpose of PURPOSES)
      if (!policy.basis.some((one) => one.purpose === purpose)) issue('basis', `none for ${purpose}`);
  });

type PolicyFile = z.infer<typeof consentPolicySchema>;
export type ConsentNotice = PolicyFile['notices'][number];
export type ConsentAsk = PolicyFile['asks'][number];

/** A policy of consent: what must be said, shown and asked, in which words, before what. */
export interface ConsentPolicy extends PolicyFile {
  /** SHA-256 (hex) of its canonical JSON: what stands in receipts and in the log. */
  readonly hash: string;
}

/** The default of a site that chose none. */
export const DEFAULT_POLICY = 'strictest';
const shipped = new Map<string, ConsentPolicy>();

/** The ids of the policies that ship with Sotto. */
export function consentPolicies(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** A policy that ships with Sotto. @throws SottoError `consent/no-policy`. */
export function consentPolicy(policyId: string): ConsentPolicy {
  const known = shipped.get(policyId);
  if (known) return known;
  if (!consentPolicies().includes(policyId))
    throw new SottoError('consent/no-policy', `There is no consent policy ${JSON.stringify(policyId)}.`, {
      remedy: `Choose one of ${consentPolicies().join(', ')}, or name a file of your own.`,
    });
  const policy = readConsentPolicy(join(FOLDER, `${policyId}.yaml`));
  shipped.set(policyId, policy);
  return policy;
}

/** A policy of the site's own. @throws SottoError `consent/bad-policy` saying what is wrong with the file. */
export function readConsentPolicy(file: string): ConsentPolicy {
  const parsed = consentPolicySchema.safeParse(contentOf(file));
  if (parsed.success) return { ...parsed.data, hash: sha256(canonicalJson(parsed.data)) };
  const issue = parsed.error.issues[0];
  throw badPolicy(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not a policy'}`);
}

/** What stands for words in receipts and in the log: SHA-256, hex. */
export function wordingHash(text: string): string {
  return sha256(text);
}

function contentOf(file: string): Json {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > LARGEST_FILE) throw badPolicy('the file is too large');
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof SottoError) throw error;
    throw badPolicy('it cannot be read as YAML');
  }
}

function badPolicy(why: string): SottoError {
  return new SottoError('consent/bad-policy', `The consent policy cannot be used: ${why}.`, {
    remedy: 'Correct the file; docs/consent.md says what belongs into it.',
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
