import type { Json } from '../../base/index.ts';

/** Deeper than any answer that is spoken. */
const MAX_DEPTH = 32;
const MAX_VALUES = 10_000;
/** Names that reach into a JavaScript object's prototype when somebody merges carelessly. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/**
 * Control and format characters (they reorder or hide text on a screen: what is shown would not be what is spoken) and
 * separators of lines. Line feed, carriage return and tab are let through.
 */
const HIDDEN = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Why a value that came from outside is not taken, or null. */
export function faultOf(value: Json): string | null {
  let values = 0;
  const open: { readonly value: Json; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    values += 1;
    if (next.depth > MAX_DEPTH || values > MAX_VALUES) return 'tools/result-too-deep';
    const one = next.value;
    if (typeof one === 'string' && HIDDEN.test(one)) return 'tools/result-characters';
    if (typeof one === 'number' && !Number.isFinite(one)) return 'tools/result-not-json';
    if (one === null || typeof one !== 'object') continue;
    const depth = next.depth + 1;
    for (const [key, inner] of Object.entries(one)) {
      if (PROTOTYPE_KEYS.has(key) || HIDDEN.test(key)) return 'tools/result-keys';
      open.push({ value: inner, depth });
    }
  }
  return null;
}

/**
 * Parses JSON that names no key twice: of two readers of `{"sent":true,"sent":false}` each could be right. Undefined
 * when it is no JSON or does.
 */
export function parseStrictly(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return hasRepeatedKey(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Walks over the tokens of a text that is valid JSON. */
function hasRepeatedKey(text: string): boolean {
  const scopes: (Set<string> | null)[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;
  let key: string | null = null;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') scopes.push(new Set());
    else if (token === '[') scopes.push(null);
    else if (token === '}' || token === ']') scopes.pop();
    else if (token === ':') {
      const names = scopes.at(-1);
      if (key === null || !names) continue;
      if (names.has(key)) return true;
      names.add(key);
    } else if (token !== ',') key = JSON.parse(token) as string;
  }
  return false;
}
