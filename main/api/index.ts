/**
 * Api: all that a renderer can ever ask of the appliance, and the one gate that every request passes: known
 * procedure, rate, session and role, input, audit, output. Carriers (in process, pipe, WebSocket) only move
 * messages; `contract.ts` says what may be in them. The renderer imports `contract.ts` and `client.ts` directly.
 */
export type { Carrier } from './carriers/carrier.ts';
export {
  decodeMessage,
  encodeMessage,
  MAX_CLIENT_MESSAGE_BYTES,
  MAX_SERVER_MESSAGE_BYTES,
} from './carriers/codec.ts';
export { connectInProcess } from './carriers/in-process.ts';
export {
  connectPipe,
  newPipe,
  type PipeHandover,
  readHandover,
  servePipe,
  shellGone,
} from './carriers/pipe.ts';
export { CallError, type Client, createClient } from './client.ts';
export { type Connection, type ConnectionOptions, serveConnection } from './connection.ts';
export type {
  Check,
  ClientMessage,
  DeskSummary,
  ServerMessage,
  Status,
  WireError,
} from './contract.ts';
export { contentSecurityPolicy, createUi } from './serve-ui.ts';
export type { OpenServices, Origin, Services, SoundMeasuring } from './services.ts';
