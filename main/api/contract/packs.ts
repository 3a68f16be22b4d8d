import { z } from 'zod';
import { call, done, nothing } from './declare.ts';

const KINDS = [
  'recogniser',
  'synthesiser',
  'denoiser',
  'speakerEmbedding',
  'textEmbedding',
  'languageModel',
  'guard',
  'antispoof',
] as const;

/** Model packs: which are installed, and which serve from the next start on. The room logs each act itself. */
export const packsContract = {
  'packs.list': call({
    input: nothing,
    output: z.array(
      z.object({
        id: z.string(),
        version: z.string(),
        name: z.string(),
        kind: z.string(),
        installedAt: z.number(),
        chosen: z.boolean(),
      }),
    ),
    access: ['admin', 'auditor'],
    perMinute: 30,
    audit: null,
  }),
  'packs.choose': call({
    input: z.strictObject({ id: z.string().max(60) }),
    output: done,
    access: ['admin'],
    perMinute: 30,
    audit: null,
  }),
  /** Back to the built-in engine of this kind, or to none. */
  'packs.unchoose': call({
    input: z.strictObject({ kind: z.enum(KINDS) }),
    output: done,
    access: ['admin'],
    perMinute: 30,
    audit: null,
  }),
} as const;
