import { z } from 'zod';
import { SottoError } from '../../base/index.ts';

/** Chromium's offer of one audio track is 3 kB. */
const MAX_OFFER_CHARACTERS = 16_384;
const MAX_LINES = 400;

/** What is taken from an offer; all else in it is ignored. */
export interface Offer {
  readonly mid: string;
  /** RTP payload type of Opus. */
  readonly payloadType: number;
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** SHA-256 of the peer's certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
}

/** RFC 8839 (ICE), RFC 8122 (fingerprint), RFC 8866 (mid token). */
const offerSchema = z.object({
  mid: z.string().regex(/^[A-Za-z0-9_.-]{1,32}$/),
  payloadType: z.number().int().min(96).max(127),
  iceUfrag: z.string().regex(/^[A-Za-z0-9+/]{4,256}$/),
  icePwd: z.string().regex(/^[A-Za-z0-9+/]{22,256}$/),
  fingerprint: z.string().regex(/^(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/),
  setup: z.enum(['actpass', 'active', 'passive']),
});

/**
 * Reads a peer's SDP offer of exactly one sendrecv Opus track.
 * @throws SottoError `media/bad-offer`.
 */
export function parseOffer(sdp: string): Offer {
  if (typeof sdp !== 'string' || sdp.length > MAX_OFFER_CHARACTERS) throw bad('it is too long');
  if (/[^\x20-\x7e\r\n]/.test(sdp)) throw bad('it is not plain text');
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length > MAX_LINES) throw bad('it is too long');
  if (lines[0] !== 'v=0' || lines.some((line) => !/^[a-z]=/.test(line))) throw bad('it is not SDP');
  const media = lines.filter((line) => line.startsWith('m='));
  const first = media[0];
  if (media.length !== 1 || !first || !/^m=audio \d{1,5} UDP\/TLS\/RTP\/SAVPF( \d{1,3})+$/.test(first))
    throw bad('it does not offer exactly one audio track over DTLS');
  if (!lines.includes('a=rtcp-mux')) throw bad('it does not multiplex RTCP');
  if (lines.some((line) => /^a=(sendonly|recvonly|inactive)$/.test(line))) throw bad('its track is one-way');
  const offered = new Set(first.split(' ').slice(3).map(Number));
  const parsed = offerSchema.safeParse({
    mid: only(lines, /^a=mid:(.+)$/),
    payloadType: opusPayloadType(lines, offered),
    iceUfrag: only(lines, /^a=ice-ufrag:(.+)$/),
    icePwd: only(lines, /^a=ice-pwd:(.+)$/),
    fingerprint: only(lines, /^a=fingerprint:sha-256 (.+)$/i),
    setup: only(lines, /^a=setup:(.+)$/),
  });
  if (!parsed.success)
    throw bad(`its ${parsed.error.issues[0]?.path.join('.') ?? 'content'} is missing or malformed`);
  return parsed.data;
}

/**
 * The offer that the native library gets to read: written anew from what was validated, so that none of the
 * peer's own text reaches it. The peer's candidates are left out on purpose: we never look up its mDNS or host
 * names, and never send to an address that a hostile offer names. The peer finds us, and its address is learnt
 * from its authenticated connectivity checks (RFC 8445, 7.3.1.3).
 */
export function canonicalOffer(offer: Offer): string {
  const { mid, payloadType, iceUfrag, icePwd, fingerprint, setup } = offer;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${fingerprint.toUpperCase()}`,
    `a=setup:${setup}`,
    `a=rtpmap:${payloadType} opus/48000/2`,
    `a=fmtp:${payloadType} minptime=10;useinbandfec=1`,
    '',
  ].join('\r\n');
}

/** The one value of an attribute; undefined when it is missing or given twice with different values. */
function only(lines: readonly string[], pattern: RegExp): string | undefined {
  const values = new Set(lines.flatMap((line) => pattern.exec(line)?.[1] ?? []));
  return values.size === 1 ? [...values][0] : undefined;
}

function opusPayloadType(lines: readonly string[], offered: ReadonlySet<number>): number | undefined {
  return lines
    .map((line) => Number(/^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i.exec(line)?.[1] ?? Number.NaN))
    .find((payloadType) => offered.has(payloadType));
}

function bad(why: string): SottoError {
  return new SottoError('media/bad-offer', `The WebRTC offer was refused: ${why}.`, {
    remedy: 'Offer exactly one sendrecv audio track with Opus.',
  });
}
