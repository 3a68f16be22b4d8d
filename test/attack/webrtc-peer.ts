import { createSocket, type Socket } from 'node:dgram';
import {
  createSelfSignedCertificate,
  MediaStreamTrack,
  RTCCertificate,
  RTCPeerConnection,
  RtpHeader,
  RtpPacket,
} from 'werift';
import { delay } from '../../main/base/index.ts';
import { acceptWebRtc, type WebRtcEndpoint } from '../../main/media/index.ts';

/** werift's name for SHA-256 with ECDSA on P-256. */
const SIGNATURE = { hash: 4, signature: 3 } as const;
const P256 = 23;

/** An independent implementation of WebRTC, whose insides an attacker can reach. */
export interface WeriftPeer {
  readonly endpoint: WebRtcEndpoint;
  /** The endpoint's UDP port on loopback. */
  readonly port: number;
  /** Resolves when werift, too, holds the handshake for done. */
  ready(): Promise<void>;
  /** Sends one RTP packet that the endpoint counts. */
  speak(): Promise<void>;
  /** Every SRTP datagram sent so far, as it went over the wire. */
  readonly wire: readonly Buffer[];
  /** Sends a datagram from the peer's own socket, past its DTLS and SRTP. */
  sendFromOwnSocket(datagram: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * Offers to the endpoint with werift.
 * @param certificate `stolen`: shows a certificate without having its private key.
 * @param role the part that werift plays in the DTLS handshake.
 */
export async function weriftPeer(
  certificate: 'own' | 'stolen',
  role: 'client' | 'server',
): Promise<WeriftPeer> {
  const shown = await createSelfSignedCertificate(SIGNATURE, P256);
  const other = await createSelfSignedCertificate(SIGNATURE, P256);
  const key = certificate === 'own' ? shown.keyPem : other.keyPem;
  const stun = await startStun();
  const peer = new RTCPeerConnection({
    // An empty list would make werift ask a public server, and one that is silent would make it wait.
    iceServers: [{ urls: `stun:127.0.0.1:${stun.address().port}` }],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
    certificates: [new RTCCertificate(key, shown.certPem, SIGNATURE)],
  });
  const track = new MediaStreamTrack({ kind: 'audio' });
  peer.addTransceiver(track, { direction: 'sendrecv' });
  await peer.setLocalDescription(await peer.createOffer());
  stun.close();
  const offer = peer.localDescription?.sdp ?? '';
  const offerSdp = role === 'client' ? offer.replace('a=setup:actpass', 'a=setup:active') : offer;
  const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp, label: 'werift' });
  const ice = peer.iceTransports[0]?.connection;
  if (!ice) throw new Error('werift has no ICE transport');
  const wire: Buffer[] = [];
  const send = ice.send.bind(ice);
  ice.send = async (datagram: Buffer) => {
    const isMedia =
      (datagram[0] ?? 0) >> 6 === 2 && (((datagram[1] ?? 0) & 0x7f) < 64 || ((datagram[1] ?? 0) & 0x7f) > 95);
    if (isMedia) wire.push(Buffer.from(datagram));
    return send(datagram);
  };
  await peer.setRemoteDescription({ type: 'answer', sdp: answerSdp });
  let sequenceNumber = 100;
  return {
    endpoint,
    port: Number(/127\.0\.0\.1 (\d+) typ host/.exec(answerSdp)?.[1]),
    wire,
    ready: async () => {
      while (peer.connectionState !== 'connected') await delay(5);
    },
    speak: async () => {
      const payloadType = peer.getTransceivers()[0]?.codecs[0]?.payloadType ?? 96;
      const header = new RtpHeader({
        payloadType,
        sequenceNumber,
        timestamp: sequenceNumber * 960,
        ssrc: 1234,
      });
      sequenceNumber += 1;
      // A frame of silence: configuration 31 (20 ms, full band), one frame.
      track.writeRtp(new RtpPacket(header, Buffer.from([0xf8, 0xff, 0xfe])).serialize());
      await delay(20);
    },
    sendFromOwnSocket: (datagram) => send(datagram),
    close: async () => {
      await endpoint.close();
      await peer.close();
    },
  };
}

/** Sends datagrams to the endpoint from a socket that has nothing to do with the connection. */
export async function sendFromElsewhere(port: number, datagrams: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  for (const datagram of datagrams) {
    socket.send(datagram, port, '127.0.0.1');
    await delay(10);
  }
  await delay(100);
  socket.close();
}

/** `connected`, or the code of the error, or `pending` after `ms`. */
export async function outcome(endpoint: WebRtcEndpoint, ms: number): Promise<string> {
  return Promise.race([
    endpoint.connected().then(
      () => 'connected',
      (error) => String(error.code),
    ),
    delay(ms).then(() => 'pending'),
  ]);
}

/** A STUN server (RFC 8489) that tells everybody the address they sent from. */
async function startStun(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (request, from) => {
    const cookie = request.subarray(4, 8);
    const port = Buffer.alloc(2);
    port.writeUInt16BE(from.port ^ cookie.readUInt16BE(0));
    const address = Buffer.from(from.address.split('.').map((octet, i) => Number(octet) ^ (cookie[i] ?? 0)));
    const xorMapped = Buffer.concat([Buffer.from([0, 0x20, 0, 8, 0, 1]), port, address]);
    const head = Buffer.from([1, 1, 0, xorMapped.length]);
    socket.send(Buffer.concat([head, request.subarray(4, 20), xorMapped]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}
