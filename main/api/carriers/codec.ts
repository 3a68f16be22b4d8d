import { SottoError } from '../../base/index.ts';

/** The largest message that a renderer may send: an SDP offer (20 kB) with room to spare. */
export const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;

/** The largest that the appliance sends: a page of records, a verification with all its problems. */
export const MAX_SERVER_MESSAGE_BYTES = 4 * 1024 * 1024;

/** @throws SottoError `wire/too-large`, `wire/malformed`. */
export function decodeMessage(bytes: Buffer, maxBytes: number): unknown {
  if (bytes.length > maxBytes) throw tooLarge();
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SottoError('wire/malformed', 'A message on the wire is not JSON.', { cause });
  }
}

/** @throws SottoError `wire/too-large`. */
export function encodeMessage(message: unknown, maxBytes: number): Buffer {
  const bytes = Buffer.from(JSON.stringify(message), 'utf8');
  if (bytes.length > maxBytes) throw tooLarge();
  return bytes;
}

function tooLarge(): SottoError {
  return new SottoError('wire/too-large', 'A message on the wire is larger than any that is allowed.');
}
