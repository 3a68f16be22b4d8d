import type { Socket } from 'node:net';
import { SottoError } from '../../base/index.ts';
import type { Carrier } from './carrier.ts';
import { decodeMessage, encodeMessage } from './codec.ts';

const HEADER_BYTES = 4;

/**
 * Messages on a byte stream: four bytes of length (big endian), then that much JSON. A length above the bound
 * closes the socket before a byte of the message is kept.
 */
export class PipeCarrier<Sends> implements Carrier<Sends> {
  readonly #socket: Socket;
  readonly #maxSent: number;
  readonly #maxReceived: number;
  #listener: ((message: unknown) => void) | undefined;
  /** What has come of the frame under way; of at most `#wanted` bytes. */
  #chunks: Buffer[] = [];
  #have = 0;
  #wanted = HEADER_BYTES;
  #inBody = false;

  constructor(socket: Socket, bounds: { readonly maxSent: number; readonly maxReceived: number }) {
    this.#socket = socket;
    this.#maxSent = bounds.maxSent;
    this.#maxReceived = bounds.maxReceived;
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
  }

  async send(message: Sends): Promise<void> {
    const body = encodeMessage(message, this.#maxSent);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(body.length);
    await new Promise<void>((resolve, reject) => {
      if (this.#socket.destroyed) reject(closedError());
      else
        this.#socket.write(Buffer.concat([header, body]), (error) =>
          error ? reject(closedError()) : resolve(),
        );
    });
  }

  /** Reading starts with the first listener; a later one takes its place. */
  onMessage(listener: (message: unknown) => void): void {
    const first = this.#listener === undefined;
    this.#listener = listener;
    if (first) this.#socket.on('data', (chunk) => this.#take(chunk));
  }

  onClose(listener: () => void): void {
    if (this.#socket.destroyed) listener();
    else this.#socket.once('close', () => listener());
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#socket.destroyed) {
      const part = rest.subarray(0, this.#wanted - this.#have);
      rest = rest.subarray(part.length);
      this.#chunks.push(part);
      this.#have += part.length;
      if (this.#have === this.#wanted) this.#complete(Buffer.concat(this.#chunks));
    }
  }

  #complete(frame: Buffer): void {
    if (!this.#inBody) {
      const length = frame.readUInt32BE();
      if (length === 0 || length > this.#maxReceived) this.close();
      else this.#expect(length, true);
      return;
    }
    this.#expect(HEADER_BYTES, false);
    try {
      this.#listener?.(decodeMessage(frame, this.#maxReceived));
    } catch {
      this.close();
    }
  }

  #expect(bytes: number, inBody: boolean): void {
    this.#chunks = [];
    this.#have = 0;
    this.#wanted = bytes;
    this.#inBody = inBody;
  }
}

function closedError(): SottoError {
  return new SottoError('wire/closed', 'The connection is closed.');
}
