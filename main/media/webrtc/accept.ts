import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import nodeDataChannel, { type PeerConnection } from 'node-datachannel';
import { type Clock, newId, SottoError, systemClock } from '../../base/index.ts';
import { closeQuietly, PeerEndpoint, type WebRtcEndpoint } from './endpoint.ts';
import { canonicalOffer, type Offer, parseOffer } from './offer.ts';

/** Host candidates of one address take a millisecond. */
const GATHERING_TIMEOUT_MS = 3_000;

export interface WebRtcOptions {
  /** The peer's SDP offer, as it came: one sendrecv Opus track, all candidates or none. */
  readonly offerSdp: string;
  readonly label: string;
  /** The local IP address to listen on; loopback unless told. The only candidate of the answer. */
  readonly bindAddress?: string;
  /** Closes the endpoint, or gives up making it. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Answers a WebRTC offer. The answer carries all candidates (nothing trickles), no STUN or TURN server is asked,
 * and nothing is sent to any address before a peer has proved itself at it.
 * @throws SottoError `media/bad-offer` (also when the library refuses it), the signal's reason.
 */
export async function acceptWebRtc(
  options: WebRtcOptions,
): Promise<{ readonly endpoint: WebRtcEndpoint; readonly answerSdp: string }> {
  const { label, signal, bindAddress = '127.0.0.1', clock = systemClock } = options;
  signal?.throwIfAborted();
  const offer = parseOffer(options.offerSdp);
  if (isIP(bindAddress) === 0)
    throw new SottoError('media/bad-address', 'The address to listen on is not an IP address.');
  const peer = new nodeDataChannel.PeerConnection(newId(), {
    iceServers: [],
    bindAddress,
    disableAutoNegotiation: true,
  });
  try {
    const ssrc = randomInt(1, 0xffff_ffff);
    const track = peer.addTrack(localAudio(offer, ssrc));
    const endpoint = new PeerEndpoint(peer, track, { label, payloadType: offer.payloadType, ssrc, clock });
    const answerSdp = await negotiate(peer, offer, signal);
    signal?.addEventListener('abort', () => void endpoint.close(), { once: true });
    return { endpoint, answerSdp };
  } catch (error) {
    closeQuietly(peer);
    throw error;
  }
}

function localAudio(offer: Offer, ssrc: number) {
  const audio = new nodeDataChannel.Audio(offer.mid, 'SendRecv');
  audio.addOpusCodec(offer.payloadType, 'minptime=10;useinbandfec=1');
  audio.addSSRC(ssrc, 'sotto', 'sotto', 'voice');
  return audio;
}

function negotiate(peer: PeerConnection, offer: Offer, signal: AbortSignal | undefined): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const abort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(refused()), GATHERING_TIMEOUT_MS);
  signal?.addEventListener('abort', abort, { once: true });
  peer.onGatheringStateChange((state) => {
    try {
      const description = state === 'complete' ? peer.localDescription() : null;
      if (description) resolve(description.sdp);
    } catch (cause) {
      reject(refused(cause));
    }
  });
  try {
    peer.setRemoteDescription(canonicalOffer(offer), 'offer');
    peer.setLocalDescription('answer');
  } catch (cause) {
    reject(refused(cause));
  }
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}

function refused(cause?: unknown): SottoError {
  return new SottoError('media/bad-offer', 'The WebRTC offer could not be answered.', {
    remedy: 'Check that the address to listen on belongs to this machine, and offer again.',
    cause,
  });
}

/**
 * Lets the native library go at the very end, so that the process can end by itself: its callbacks may hold the
 * event loop after every connection is closed.
 */
export function releaseWebRtc(): void {
  nodeDataChannel.cleanup();
}
