import { z } from 'zod';

/** What a finding is of. */
export const SOUND_KINDS = [
  'ultrasound',
  'above-speech',
  'tone',
  'dtmf',
  'noise',
  'comb',
  'band-limited',
  'reverberant',
  'clipping',
  'repeat',
  'synthetic',
] as const;
export type SoundKind = (typeof SOUND_KINDS)[number];

/** Evidence, not a verdict: what was found in one utterance. */
export interface SoundFinding {
  readonly kind: SoundKind;
  /** 0..1: from 0.5 on it is more than people's recordings show, 1 is far beyond. */
  readonly score: number;
  /** In words for the log and the command line; nothing of what was said. */
  readonly reason: string;
  /** Where it was measured: at the endpoint, or in the client before its codec. */
  readonly from: 'endpoint' | 'client';
}

export type SoundAction = 'ignore' | 'flag' | 'challenge' | 'refuse';

const rule = z.strictObject({
  /** From this score on: `act`. */
  from: z.number().min(0).max(1),
  act: z.enum(['ignore', 'flag', 'challenge', 'refuse']),
});

/** What is done about each kind: of the rules that a score reaches, the one that asks for most counts. */
export const soundPolicySchema = z.partialRecord(z.enum(SOUND_KINDS), z.array(rule).max(4));
export type SoundPolicy = z.infer<typeof soundPolicySchema>;

const FLAG = { from: 0.5, act: 'flag' } as const;

/** Without a site's own policy: all but rooms is flagged; refused is only what no voice at the desk can be. */
export const DEFAULT_SOUND_POLICY: SoundPolicy = {
  ultrasound: [FLAG, { from: 0.95, act: 'refuse' }],
  'above-speech': [FLAG, { from: 0.95, act: 'refuse' }],
  tone: [FLAG, { from: 0.95, act: 'refuse' }],
  dtmf: [FLAG, { from: 0.95, act: 'refuse' }],
  noise: [FLAG],
  comb: [FLAG],
  'band-limited': [FLAG],
  // People far from the microphone are as reverberant as loudspeakers.
  reverberant: [],
  clipping: [FLAG],
  repeat: [FLAG],
  synthetic: [FLAG],
};

const decibels = z.number().min(-300).max(300);
/** What a client measured of its microphone before its codec; a few numbers, and believed only against it. */
export const clientTraceSchema = z.strictObject({
  ms: z.number().min(0).max(60_000),
  follows: z.number().min(0).max(1),
  lowDb: decibels,
  aboveDb: decibels.nullable(),
  voiceDb: decibels,
});
export type ClientTrace = z.infer<typeof clientTraceSchema>;
