import { createHash } from 'node:crypto';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ListToolsResultSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { canonicalJson, type Json } from '../../base/index.ts';
import type { ToolEntry } from '../desk-tools.ts';

export const LIST_MS = 3000;
const MAX_TOOL_PAGES = 5;
const MAX_TOOLS = 500;

/** What a server says it offers: for each tool the arguments it says it takes. */
export type Offers = ReadonlyMap<string, Tool['inputSchema']>;

export type Offered = 'offered' | 'not-offered' | 'tool-changed' | 'schema-mismatch';

/** Asks a server what it offers. What it says of its results is not even read: the pack declares them. */
export async function listOffers(client: Client): Promise<Offers> {
  const offers = new Map<string, Tool['inputSchema']>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_TOOL_PAGES; page += 1) {
    const result = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      ListToolsResultSchema,
      { timeout: LIST_MS },
    );
    for (const tool of result.tools) if (offers.size < MAX_TOOLS) offers.set(tool.name, tool.inputSchema);
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return offers;
}

/**
 * Holds a server to what it said first. The pack's schema rules in any case; but a tool that takes other arguments
 * than it did this morning, or than its pack says, is another tool, and is not called until somebody looked.
 */
export class OfferPins {
  readonly #first = new Map<string, string>();

  /** Remembers what is seen for the first time. */
  see(offers: Offers): void {
    for (const [name, schema] of offers)
      if (!this.#first.has(name)) this.#first.set(name, fingerprint(schema));
  }

  judge(name: string, declared: ToolEntry, offers: Offers): Offered {
    this.see(offers);
    const schema = offers.get(name);
    if (schema === undefined) return 'not-offered';
    if (fingerprint(schema) !== this.#first.get(name)) return 'tool-changed';
    return fits(declared, schema) ? 'offered' : 'schema-mismatch';
  }
}

function fingerprint(schema: Tool['inputSchema']): string {
  return createHash('sha256')
    .update(canonicalJson(schema as Json))
    .digest('hex');
}

/** Whether what the pack will send is what the server says it takes. */
function fits(declared: ToolEntry, schema: Tool['inputSchema']): boolean {
  const sent = propertyNames(declared.arguments.properties);
  const taken = propertyNames(schema.properties);
  const wanted = Array.isArray(schema.required) ? schema.required : [];
  if (wanted.some((name) => !sent.includes(name))) return false;
  return taken.length === 0 || sent.every((name) => taken.includes(name));
}

function propertyNames(properties: unknown): readonly string[] {
  return properties !== null && typeof properties === 'object' ? Object.keys(properties) : [];
}
