import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Json } from '../../base/index.ts';
import { screenTranscript } from '../../guard/index.ts';
import type { ToolSchemas } from '../schemas.ts';
import { faultOf, parseStrictly } from './untrusted-json.ts';

/** A tool's answer is spoken: more than this is a mistake or an attack. */
const MAX_RESULT_BYTES = 64 * 1024;

export type Answer =
  | { readonly kind: 'ok'; readonly result: Json }
  /** The server says that it did not do it. */
  | { readonly kind: 'error' }
  /** It answered, but with nothing that can be trusted to say what happened. */
  | { readonly kind: 'unreadable'; readonly code: string };

/**
 * What a tool returned, as data: of bounded size and depth, JSON, of the declared form, with no hidden characters and
 * no orders to an agent in it. Nothing else gets through, and nothing of it ever chooses what is done next.
 */
export function readAnswer(result: CallToolResult, schemas: ToolSchemas): Answer {
  if (result.isError) return { kind: 'error' };
  const text = result.structuredContent ? structuredText(result.structuredContent) : onlyText(result);
  if (text === null) return unreadable('tools/result-not-json');
  if (Buffer.byteLength(text) > MAX_RESULT_BYTES) return unreadable('tools/result-too-large');
  const value = parseStrictly(text);
  if (value === undefined) return unreadable('tools/result-not-json');
  const fault = faultOf(value);
  if (fault !== null) return unreadable(fault);
  if (!schemas.acceptsResult(value)) return unreadable('tools/result-schema');
  if (givesOrders(value)) return unreadable('tools/result-instructions');
  return { kind: 'ok', result: value };
}

function unreadable(code: string): Answer {
  return { kind: 'unreadable', code };
}

function onlyText(result: CallToolResult): string | null {
  const [first, ...rest] = result.content;
  return first?.type === 'text' && rest.length === 0 ? first.text : null;
}

/** Null when it is nested so deep that it cannot even be written down. */
function structuredText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

/** Words that the guard would stop if a person said them to the agent are no words for the agent to say. */
function givesOrders(value: Json): boolean {
  if (typeof value === 'string') return value.includes(' ') && screenTranscript(value).verdict === 'block';
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some(givesOrders);
}
