/**
 * Tools: the gateway, the one door to everything that acts on the world. It knows what the desk pack declares,
 * judges each call (roles, hours, limits, arguments, approval), mints a capability for exactly that call, and speaks
 * MCP to the servers, which it keeps running. What is not declared does not exist.
 */
export type { DeskTools, ServerEntry, ToolEntry } from './desk-tools.ts';
export type * from './gateway.ts';
export { openToolGateway, type ToolGatewayOptions } from './open-gateway.ts';
export type { ReadBack } from './read-back.ts';
