import { Decoder, Encoder } from '@evan/opus';
import nodeDataChannel from 'node-datachannel';

/** A peer as a test wants it: offers one Opus track, sends 20 ms frames, keeps what it hears. */
export interface WebRtcClient {
  readonly offerSdp: string;
  accept(answerSdp: string): void;
  /** Resolves when connected; rejects when the connection fails. */
  readonly connected: Promise<void>;
  /** States the connection went through. */
  readonly states: readonly string[];
  /** Sends one 20 ms frame (960 samples at 48 kHz). `skip` uses up its number and time without sending. */
  send(samples: Float32Array, how?: { skip?: boolean; hold?: boolean }): void;
  /** Sends what was held back, in the order given. */
  release(): void;
  /** Sends any RTP (given the next sequence number, without which SRTP refuses) or RTCP. */
  sendRaw(bytes: Buffer): void;
  /** Sound heard so far. */
  readonly heard: Float32Array[];
  /** performance.now() of each frame of `heard`. */
  readonly heardAt: number[];
  close(): void;
}

/** Opens a client on loopback. */
export async function createWebRtcClient(): Promise<WebRtcClient> {
  const peer = new nodeDataChannel.PeerConnection('client', { iceServers: [], bindAddress: '127.0.0.1' });
  const states: string[] = [];
  const heard: Float32Array[] = [];
  const heardAt: number[] = [];
  const connected = Promise.withResolvers<void>();
  connected.promise.catch(() => {});
  peer.onStateChange((state) => {
    states.push(state);
    if (state === 'failed' || state === 'closed') connected.reject(new Error(state));
  });
  const audio = new nodeDataChannel.Audio('0', 'SendRecv');
  audio.addOpusCodec(111);
  audio.addSSRC(4242, 'client', 'client', 'mic');
  const gathered = Promise.withResolvers<void>();
  peer.onGatheringStateChange((state) => state === 'complete' && gathered.resolve());
  const track = peer.addTrack(audio);
  track.onOpen(() => connected.resolve());
  // The library forgets a track when it has told of its end; one that is collected before, it falls over at its clean-up.
  const kept = new Set([track]);
  track.onClosed(() => void kept.delete(track));
  const decoder = new Decoder({ channels: 1, sample_rate: 48_000 });
  track.onMessage((bytes) => {
    const type = (bytes[1] ?? 0) & 0x7f;
    if (type >= 64 && type <= 95) return;
    const pcm = decoder.decode(Uint8Array.from(bytes.subarray(12)));
    heard.push(Float32Array.from(new Int16Array(pcm.slice().buffer), (sample) => sample / 0x8000));
    heardAt.push(performance.now());
  });
  peer.setLocalDescription('offer');
  await gathered.promise;
  const encoder = new Encoder({ channels: 1, sample_rate: 48_000, application: 'voip' });
  let sequenceNumber = 65_530;
  let timestamp = 0xffff_ff00;
  const held: Buffer[] = [];
  return {
    offerSdp: peer.localDescription()?.sdp ?? '',
    accept: (sdp) => peer.setRemoteDescription(sdp, 'answer'),
    connected: connected.promise,
    states,
    heard,
    heardAt,
    send(samples, how = {}) {
      const opus = encoder.encode(Int16Array.from(samples, (sample) => Math.round(sample * 0x7fff)));
      const packet = Buffer.alloc(12 + opus.length);
      packet.writeUInt8(0x80, 0);
      packet.writeUInt8(111, 1);
      packet.writeUInt16BE(sequenceNumber, 2);
      packet.writeUInt32BE(timestamp, 4);
      packet.writeUInt32BE(4242, 8);
      packet.set(opus, 12);
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      timestamp = (timestamp + 960) >>> 0;
      if (how.hold) held.push(packet);
      else if (!how.skip) track.sendMessageBinary(packet);
    },
    release() {
      for (const packet of held.splice(0)) track.sendMessageBinary(packet);
    },
    sendRaw(bytes) {
      const type = (bytes[1] ?? 0) & 0x7f;
      if (type < 64 || type > 95) {
        bytes.writeUInt16BE(sequenceNumber, 2);
        sequenceNumber = (sequenceNumber + 1) & 0xffff;
      }
      track.sendMessageBinary(bytes);
    },
    close() {
      track.close();
      peer.close();
    },
  };
}
