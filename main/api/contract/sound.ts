import { z } from 'zod';
import { call, done, id, stream } from './declare.ts';

/** Setting up microphone and speaker. */
export const soundContract = {
  /** A loop without understanding: meters the microphone and plays a test sentence, to set up sound. Once set up, for members only. */
  'sound.check': call({
    input: z.strictObject({ sdp: z.string().max(20_000) }),
    output: z.object({ checkId: id, sdp: z.string() }),
    access: 'public',
    perMinute: 12,
    audit: null,
  }),
  'sound.levels': stream({
    input: z.strictObject({ checkId: id }),
    output: z.object({ rmsDb: z.number(), peakDb: z.number(), clipped: z.boolean(), speech: z.boolean() }),
    access: 'public',
    perMinute: 12,
    audit: null,
  }),
  'sound.end': call({
    input: z.strictObject({ checkId: id }),
    output: done,
    access: 'public',
    perMinute: 30,
    audit: null,
  }),
} as const;
