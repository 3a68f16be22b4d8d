import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '../../base/index.ts';
import type { DeskTools, LanPort } from '../desk-tools.ts';
import { ToolServer } from './tool-server.ts';

export interface ServerParts {
  /** The desk pack's tools and servers; a `DeskPack` with its `id`. */
  readonly desk: DeskTools;
  /** Where tool servers may keep data (`Paths.deskData`); each desk has a folder of its own under it. */
  readonly deskData: string;
  /** Default: no server on the LAN is spoken to. */
  readonly lan?: LanPort;
  readonly clock: Clock;
  readonly log: Log;
}

/** The servers of a desk by name, each told the key that capabilities are signed with. */
export function startServers(parts: ServerParts, publicKey: string): ReadonlyMap<string, ToolServer> {
  const { desk, log, clock, lan = null } = parts;
  const data = join(parts.deskData, desk.id);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const servers = Object.entries(desk.servers).map(([name, entry]) => {
    const env = { SOTTO_DESK_DATA: data, SOTTO_CAPABILITY_KEY: publicKey, SOTTO_SERVER: name };
    return [name, new ToolServer({ name, desk, entry, env, lan, clock, log })] as const;
  });
  // Started ahead of the first call, so that nobody waits for it.
  for (const [, server] of servers) server.start().catch(() => {});
  return new Map(servers);
}
