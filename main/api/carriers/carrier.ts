/**
 * Something that carries messages between a renderer and the appliance: a WebSocket, a pipe, a message port, or
 * two queues in one process. It moves JSON values and knows nothing of what they mean.
 *
 * A carrier bounds what it receives before it parses it, and closes on anything that is not a message at all.
 */
export interface Carrier<Sends> {
  /**
   * Resolves once the other side's buffer took the message: a sender that awaits it goes no faster than the
   * slowest reader. Rejects when the carrier is closed.
   */
  send(message: Sends): Promise<void>;
  /** One listener. What arrives is parsed JSON, otherwise unchecked. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, whoever closed it; at once if it is closed already. */
  onClose(listener: () => void): void;
  /** Idempotent. */
  close(): void;
}
