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
  /**
   * Measures the desk: a quiet room, the way from the speaker back into the microphone, the person's voice. Then the
   * appliance keeps the result for conversations at this desk.
   */
  'sound.measure': stream({
    input: z.strictObject({ checkId: id }),
    output: z.discriminatedUnion('type', [
      z.object({ type: z.literal('stage'), stage: z.enum(['quiet', 'probe', 'speak']) }),
      z.object({
        type: z.literal('result'),
        measured: z.object({
          noiseFloorDb: z.number(),
          speechDb: z.number().nullable(),
          echo: z.object({ returnDb: z.number(), delayMs: z.number() }).nullable(),
        }),
        settings: z.object({ talkMode: z.enum(['handsFree', 'pushToTalk']), suppressEcho: z.boolean() }),
        findings: z.array(
          z.object({
            id: z.string(),
            state: z.enum(['ok', 'warn', 'fail']),
            message: z.string(),
            remedy: z.string().nullable(),
          }),
        ),
      }),
    ]),
    access: 'public',
    perMinute: 6,
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
