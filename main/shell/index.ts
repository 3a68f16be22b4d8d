/**
 * Shell: the desktop window. Electron opens one locked-down window on `sotto://app/`, starts the appliance as a
 * child of its own on plain Node, and carries the window's messages to it over a private pipe. Policies take the
 * Electron objects as parameters, so that they run in plain tests; `electron` itself is loaded by main.ts and
 * preload.ts alone.
 */
export { ApplianceChild, type ChildOptions, type ChildState } from './appliance-child.ts';
export { CONNECT_CHANNEL, joinPort } from './bridge.ts';
export type {
  ContentsPort,
  ElectronPort,
  PortPort,
  SessionPort,
  WindowPort,
} from './electron-port.ts';
export { fuses } from './fuses.ts';
export { findNode } from './node-binary.ts';
export { APP_URL, isOurs } from './origin.ts';
export { isTrustedSender, lockContents, lockNetwork, lockPermissions } from './policies.ts';
export { type Shell, type ShellOptions, startShell } from './start.ts';
export { windowOptions } from './window-options.ts';
