import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { type Clock, type Log, logId } from '../../base/index.ts';

/** What a server says unasked: a list that changed, a line of progress. More than this a second is a flood. */
const MOST_UNASKED_A_SECOND = 50;

/**
 * Watches what a server sends that nobody asked for. Its requests (sampling, elicitation, roots) are all refused: a
 * tool server has nothing to ask of the agent. A flood is told, once, to `onFlood`.
 */
export function watchMessages(
  client: Client,
  transport: Transport,
  options: {
    readonly server: string;
    readonly clock: Clock;
    readonly log: Log;
    readonly onFlood: () => void;
  },
): void {
  const { server, clock, log, onFlood } = options;
  let second = 0;
  let unasked = 0;
  let flooded = false;
  const onmessage = transport.onmessage;
  transport.onmessage = (message, extra) => {
    if (flooded) return;
    if ('method' in message) {
      const now = Math.floor(clock.monotonicMs() / 1000);
      unasked = now === second ? unasked + 1 : 1;
      second = now;
      if (unasked > MOST_UNASKED_A_SECOND) {
        flooded = true;
        log.warn('toolServer.flooded', { server: logId(server) });
        return onFlood();
      }
    }
    onmessage?.(message, extra);
  };
  client.fallbackRequestHandler = async (request) => {
    log.warn('toolServer.asked', { server: logId(server), method: logId(knownMethod(request.method)) });
    throw new McpError(ErrorCode.MethodNotFound, 'A tool server cannot ask anything here.');
  };
}

const METHODS: ReadonlySet<string> = new Set(['sampling/createMessage', 'elicitation/create', 'roots/list']);

function knownMethod(method: string): string {
  return METHODS.has(method) ? method.replace('/', '.') : 'other';
}
