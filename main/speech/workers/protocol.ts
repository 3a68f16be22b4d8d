import { z } from 'zod';

/** A block of sound in a message: an instance check instead of a schema, so that audio stays cheap. */
export function samplesSchema(most: number) {
  return z.custom<Float32Array>((value) => value instanceof Float32Array && value.length <= most);
}

/** What a voice is asked to say; its sound comes on the stream. `rate` is in words a minute. */
export const speakSchema = z.strictObject({
  stream: z.string(),
  text: z.string().max(4000),
  voice: z.string().max(60),
  rate: z.int().min(80).max(450),
});
export const stopSchema = z.strictObject({ stream: z.string() });
