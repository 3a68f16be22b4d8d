/** Carries messages between the window's port and the appliance's pipe. It reads none of them. */
import type { Carrier, ClientMessage } from '../api/index.ts';
import { codeOf, type Log, logId } from '../base/index.ts';
import type { PortPort } from './electron-port.ts';

/** The one channel that the preload may use; it brings one message port. */
export const CONNECT_CHANNEL = 'sotto:connect';

/** Messages that a window may send before the appliance is there. */
const MAX_EARLY = 32;

/** Joins the two until either closes, and then closes the other. */
export async function joinPort(
  port: PortPort,
  connect: () => Promise<Carrier<ClientMessage>>,
  log: Log,
): Promise<void> {
  const early: unknown[] = [];
  let closed = false;
  let take = (message: unknown): void => {
    if (early.length < MAX_EARLY) early.push(message);
    else port.close();
  };
  port.on('message', (event) => take(event.data));
  port.on('close', () => {
    closed = true;
  });
  port.start();

  let carrier: Carrier<ClientMessage>;
  try {
    carrier = await connect();
  } catch (error) {
    log.warn('shell.no-appliance', { code: logId(codeOf(error)) });
    port.close();
    return;
  }
  if (closed) {
    carrier.close();
    return;
  }
  port.on('close', () => carrier.close());
  carrier.onClose(() => port.close());
  carrier.onMessage((message) => port.postMessage(message));
  // What is sent is checked where it arrives: the pipe bounds it, the api's gate reads it.
  take = (message) => {
    carrier.send(message as ClientMessage).catch(() => carrier.close());
  };
  for (const message of early) take(message);
}
