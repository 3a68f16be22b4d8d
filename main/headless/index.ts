/**
 * Headless: the appliance without Electron, as a rack-mounted box or on a desk without a window of its own: HTTPS
 * and a WebSocket on loopback or one named address, under the installation's own certificate authority. It answers
 * to its own names and to pages of its own origin, and to nobody else.
 */

export { API_PATH } from './sockets.ts';
export { DEFAULT_PORT, type Headless, type HeadlessOptions, startHeadless } from './start.ts';
