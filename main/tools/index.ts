/**
 * Tools: the gateway, the one door to everything that acts on the world. It knows what the desk pack declares,
 * judges each call (roles, hours, limits, arguments, approval), mints a capability for exactly that call, and speaks
 * MCP to the servers, which it keeps running. What is not declared does not exist.
 */
export { totpCode } from '../identity/index.ts';
export { CapabilityMint } from './capability.ts';
export type {
  DeskTools,
  LanEntry,
  LanPort,
  LanSite,
  ProcessEntry,
  ServerEntry,
  ToolEntry,
} from './desk-tools.ts';
export { confirmationOf } from './desk-tools.ts';
export type * from './gateway.ts';
export { openToolGateway, type ToolGatewayOptions } from './open-gateway.ts';
export { confirmationText, type ReadBack, readBackByFormat } from './read-back.ts';
export { compileSchemas, type ToolSchemas } from './schemas.ts';
export {
  allowLanServer,
  disallowLanServer,
  type LanServer,
  type LanServerShown,
  lanPort,
  lanServers,
} from './site/lan-servers.ts';
export { type LanTrial, tryLanServers } from './site/try-servers.ts';
export {
  type KillSwitches,
  type KillSwitchOptions,
  openKillSwitches,
  type Stop,
  type StopTarget,
  type Switches,
} from './state/kill-switch.ts';
export { openToolLedger, type ToolLedger } from './state/ledger.ts';
export { requestStop, stopFolder } from './state/stop-requests.ts';
