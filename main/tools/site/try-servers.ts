import type { Clock, Log } from '../../base/index.ts';
import type { DeskTools, LanEntry, LanPort } from '../desk-tools.ts';
import { hostAndPort } from '../servers/lan-address.ts';
import type { Offered } from '../servers/offers.ts';
import { ToolServer } from '../servers/tool-server.ts';

/** What came of speaking to one server on the LAN as a desk would. */
export interface LanTrial {
  readonly server: string;
  readonly address: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy: string | null;
  /** The tools that the desk declares for it. */
  readonly tools: readonly { readonly name: string; readonly offered: Offered }[];
}

export interface TryServersParts {
  readonly desk: DeskTools;
  readonly lan: LanPort;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Speaks to every server on the LAN that a desk declares, as its gateway would: the site's list, certificate, key, MCP,
 * and whether each tool is offered as the desk declares it. Calls no tool.
 */
export async function tryLanServers(parts: TryServersParts): Promise<readonly LanTrial[]> {
  const servers = Object.entries(parts.desk.servers).flatMap(([name, entry]) =>
    entry.transport === 'http' ? [{ name, entry }] : [],
  );
  return await Promise.all(servers.map(({ name, entry }) => tryServer(parts, name, entry)));
}

async function tryServer(
  { desk, lan, clock, log }: TryServersParts,
  name: string,
  entry: LanEntry,
): Promise<LanTrial> {
  const server = new ToolServer({ name, desk, entry, env: {}, lan, clock, log });
  const address = URL.canParse(entry.url) ? hostAndPort(new URL(entry.url)) : '';
  const asked = { server: name, address };
  try {
    const { ok, message, remedy = null } = await server.ping();
    if (!ok) return { ...asked, ok, message, remedy, tools: [] };
    const declared = Object.entries(desk.tools).filter(([, tool]) => tool.server === name);
    const tools = await Promise.all(
      declared.map(async ([tool, entry]) => ({ name: tool, offered: await server.offers(tool, entry) })),
    );
    const wrong = tools.find(({ offered }) => offered !== 'offered');
    if (!wrong) return { ...asked, ok: true, message, remedy: null, tools };
    return {
      ...asked,
      ok: false,
      message: `It answers, but \`${wrong.name}\` is not there as the desk declares it (${wrong.offered}).`,
      remedy: 'Have its tools and the desk’s tools.yaml brought together.',
      tools,
    };
  } catch {
    return { ...asked, ok: false, message: 'It does not answer.', remedy: null, tools: [] };
  } finally {
    await server.close();
  }
}
