/**
 * A small MCP server whose every tool checks its capability first. The gateway starts it with
 * `SOTTO_CAPABILITY_KEY`, `SOTTO_SERVER` and `SOTTO_DESK_DATA`.
 */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { type CapabilityCheck, CapabilityRefused, capabilityCheck, type Holder } from './capability.ts';
import { logRefused, once, rememberIn, type Store } from './store.ts';

export type Result = Readonly<Record<string, string | number | boolean>>;

/** One tool: what it takes, and what it does for the holder of a capability. */
export interface DeskTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodRawShape;
  run(args: unknown, holder: Holder): Result;
}

/** Declares a tool with its arguments typed from their schemas. */
export function tool<Shape extends z.ZodRawShape>(
  name: string,
  description: string,
  input: Shape,
  run: (args: z.infer<z.ZodObject<Shape>>, holder: Holder) => Result,
): DeskTool {
  const schema = z.strictObject(input);
  return {
    name,
    description,
    input,
    run: (args, holder) => run(schema.parse(args) as z.infer<z.ZodObject<Shape>>, holder),
  };
}

/** Serves the tools on standard input and output until the input ends. Each call is one transaction. */
export async function serve(store: Store, tools: readonly DeskTool[]): Promise<void> {
  const server = required('SOTTO_SERVER');
  const check = capabilityCheck(server, required('SOTTO_CAPABILITY_KEY'), rememberIn(store));
  const mcp = new McpServer({ name: server, version: '1.0.0' });
  for (const one of tools) register(mcp, one, check, store);
  await mcp.connect(new StdioServerTransport());
}

/** The folder in which this desk's servers may keep data. */
export function dataFolder(): string {
  return required('SOTTO_DESK_DATA');
}

function register(mcp: McpServer, one: DeskTool, check: CapabilityCheck, store: Store): void {
  mcp.registerTool(
    one.name,
    // Loose, so that what is hashed is all that was sent; `run` refuses what the tool does not take.
    { description: one.description, inputSchema: z.looseObject(one.input) },
    async (args: unknown, extra: { readonly _meta?: Readonly<Record<string, unknown>> }) => {
      const holder = await check(one.name, args, extra._meta?.['sotto/capability']).catch((error) => {
        if (error instanceof CapabilityRefused) logRefused(store, one.name, error.code);
        throw error;
      });
      // The capability vouches for the key: the same when the gateway sends an approved call again.
      const asked = canonicalize([one.name, args]) ?? '';
      const result = store
        .transaction(() => once(store, holder.proposal, asked, () => one.run(args, holder)))
        .immediate();
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    },
  );
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: this server is started by Sotto's tool gateway`);
}
