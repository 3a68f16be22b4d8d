import { Decoder, Encoder } from '@evan/opus';

export const OPUS_RATE = 48_000;
/** 20 ms, what every WebRTC peer sends. */
export const FRAME_SAMPLES = 960;

const BITS_PER_SECOND = 40_000;
/** Percent. Makes the encoder spend bits on in-band FEC, so that a lost packet costs the listener nothing. */
const EXPECTED_LOSS = 5;

/** Encodes 20 ms frames of mono sound for the peer, with in-band FEC. */
export class OpusEncoder {
  readonly #encoder: Encoder;

  constructor() {
    this.#encoder = new Encoder({ channels: 1, sample_rate: OPUS_RATE, application: 'voip' });
    this.#encoder.bitrate = BITS_PER_SECOND;
    this.#encoder.inband_fec = true;
    this.#encoder.packet_loss = EXPECTED_LOSS;
    this.#encoder.signal = 'voice';
  }

  encode(samples: Float32Array): Uint8Array {
    const pcm = new Int16Array(samples.length);
    for (let i = 0; i < samples.length; i++)
      pcm[i] = Math.max(-0x8000, Math.min(0x7fff, Math.round((samples[i] ?? 0) * 0x8000)));
    return this.#encoder.encode(pcm);
  }
}

/** Decodes the peer's packets to mono sound at 48 kHz. */
export class OpusDecoder {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: OPUS_RATE });
  #lastConfiguration: number | undefined;

  /** Null when the packet is not Opus (RFC 6716, section 3.4). */
  decode(packet: Uint8Array): Float32Array | null {
    try {
      const samples = toFloat(this.#decoder.decode(packet));
      this.#lastConfiguration = packet[0];
      return samples;
    } catch {
      return null;
    }
  }

  /**
   * What the decoder makes of one lost frame. A packet of a table-of-contents byte alone carries a frame of no
   * bytes, which tells libopus to conceal (RFC 6716, 3.2.1 and 4.4); its own call for that is not exposed, nor
   * is decoding the FEC copy in a later packet.
   */
  conceal(): Float32Array {
    if (this.#lastConfiguration === undefined) return new Float32Array(FRAME_SAMPLES);
    const concealed = this.decode(Uint8Array.of(this.#lastConfiguration & 0b1111_1100));
    return concealed ?? new Float32Array(FRAME_SAMPLES);
  }
}

function toFloat(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.byteLength / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(2 * i, true) / 0x8000;
  return samples;
}
