import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Json } from '../base/index.ts';
import type { ToolSchemas } from './schemas.ts';

/** A tool's answer is spoken: more than this is a mistake or an attack. */
const MAX_RESULT_BYTES = 64 * 1024;

export type Answer =
  | { readonly kind: 'ok'; readonly result: Json }
  /** The server says that it did not do it. */
  | { readonly kind: 'error' }
  /** It answered, but with nothing that can be trusted to say what happened. */
  | { readonly kind: 'unreadable'; readonly code: string };

/** What a tool returned, as data: of bounded size, JSON, and of the declared form. Nothing else gets through. */
export function readAnswer(result: CallToolResult, schemas: ToolSchemas): Answer {
  if (result.isError) return { kind: 'error' };
  const text = result.structuredContent ? JSON.stringify(result.structuredContent) : onlyText(result);
  if (text === null) return { kind: 'unreadable', code: 'tools/result-not-json' };
  if (Buffer.byteLength(text) > MAX_RESULT_BYTES)
    return { kind: 'unreadable', code: 'tools/result-too-large' };
  const value = parse(text);
  if (value === undefined) return { kind: 'unreadable', code: 'tools/result-not-json' };
  if (!schemas.acceptsResult(value)) return { kind: 'unreadable', code: 'tools/result-schema' };
  return { kind: 'ok', result: value };
}

function onlyText(result: CallToolResult): string | null {
  const [first, ...rest] = result.content;
  return first?.type === 'text' && rest.length === 0 ? first.text : null;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
