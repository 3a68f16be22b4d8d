import { z } from 'zod';

/** What the process that holds the sound hardware and the appliance say to each other. */

export const deviceSchema = z.object({
  /** PortAudio's index: valid until a device comes or goes. */
  id: z.number().int().min(0),
  name: z.string().max(500),
  /** Channels it can record and play; 0 when it cannot. */
  inputs: z.number().int().min(0),
  outputs: z.number().int().min(0),
  /** Hz. */
  sampleRate: z.number(),
  defaultInput: z.boolean(),
  defaultOutput: z.boolean(),
});

/** A sound device of this machine. */
export type Device = z.infer<typeof deviceSchema>;

/** Blocks are 20 ms; the bound is far beyond that, for drivers with large periods. */
const samples = z.instanceof(Float32Array).refine((block) => block.length <= 96_000);

export const fromDeviceProcess = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('devices'), devices: z.array(deviceSchema).max(256) }),
  z.object({ kind: z.literal('ready'), inputRate: z.number(), outputRate: z.number() }),
  z.object({ kind: z.literal('heard'), samples }),
  /** Room for one more block of `length` samples to play. */
  z.object({ kind: z.literal('wanted'), length: z.number().int().min(1).max(96_000) }),
  z.object({ kind: z.literal('failed'), why: z.enum(['library', 'open', 'lost']) }),
]);
export type FromDeviceProcess = z.infer<typeof fromDeviceProcess>;

export type ToDeviceProcess =
  | { readonly kind: 'list' }
  /** Null is the default device. */
  | { readonly kind: 'open'; readonly input: number | null; readonly output: number | null }
  | { readonly kind: 'play'; readonly samples: Float32Array };
