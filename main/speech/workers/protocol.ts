import { z } from 'zod';

/** A block of sound in a message: an instance check instead of a schema, so that audio stays cheap. */
export function samplesSchema(most: number) {
  return z.custom<Float32Array>((value) => value instanceof Float32Array && value.length <= most);
}
