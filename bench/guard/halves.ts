import { createHash } from 'node:crypto';

/**
 * Every set is cut in two by a hash: what the guards were tuned on, and what is reported. Samples made from one template,
 * or that open alike, share a key, so that none stands in both.
 */
export type Half = 'tuning' | 'reporting';

export function halfOf(key: string): Half {
  return ((createHash('sha256').update(key).digest()[0] ?? 0) & 1) === 0 ? 'tuning' : 'reporting';
}

/** The first words of a text: variants of one attack mostly open alike. */
export function opening(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9 ]+/g, ' ')
    .trim()
    .split(/\s+/);
  return words.slice(0, 6).join(' ');
}
