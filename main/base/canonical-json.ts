import canonicalize from 'canonicalize';
import { SottoError } from './errors.ts';

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one serialisation of a JSON value (RFC 8785): what is hashed or signed is always this.
 * @throws SottoError `json/not-canonical` for values that JSON cannot hold (undefined, NaN, cycles).
 */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new SottoError('json/not-canonical', 'The value cannot be written as JSON.');
  return text;
}
