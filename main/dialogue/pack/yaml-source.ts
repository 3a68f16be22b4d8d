import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { PackProblem } from './pack.ts';

export type Path = readonly PropertyKey[];

/** A YAML file, read: its value, and where each part of it stands. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** Line and column (from 1) of what is at a path; of its nearest parent when nothing is there. */
  locate(path: Path, part: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Enough for a shared block or two; far too few for an alias bomb. */
const MAX_ALIASES = 30;

/**
 * Reads YAML 1.2 of one document without duplicate keys, tags or alias bombs.
 * Never throws: what is wrong is told as problems, and then the source is null.
 */
export function parseYaml(
  file: string,
  text: string,
): { source: YamlSource | null; problems: readonly PackProblem[] } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
    const problems = [...document.errors, ...document.warnings].map((error) =>
      syntaxProblem(file, error.code, firstLine(error.message), lines.linePos(error.pos[0])),
    );
    if (problems.length > 0) return { source: null, problems };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const source = {
      file,
      value,
      locate: (path: Path, part: 'key' | 'value') => locate(document, lines, path, part),
    };
    return { source, problems: [] };
  } catch (error) {
    // The parser throws for too many aliases (ReferenceError) and for nesting too deep for the stack (RangeError).
    const message =
      error instanceof RangeError
        ? 'The file is nested too deeply.'
        : 'The file refers to its own parts too often (YAML aliases).';
    return { source: null, problems: [syntaxProblem(file, 'LIMIT', message, { line: 1, col: 1 })] };
  }
}

function syntaxProblem(
  file: string,
  code: string,
  message: string,
  at: { line: number; col: number },
): PackProblem {
  const remedies: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: 'Keep one of the two keys, or put both values under one.',
    TAG_RESOLVE_FAILED: 'Remove the tag (the word that starts with !).',
    MULTIPLE_DOCS: 'Keep one document a file: remove the line with ---.',
    TAB_AS_INDENT: 'Indent with spaces.',
    LIMIT: 'Write the parts out instead.',
  };
  const remedy =
    remedies[code] ??
    'Check the indentation and the quotes on this line; texts with : or # need quotes, and phrases with [ ] or { } stand one a line.';
  return {
    severity: 'error',
    file,
    line: Math.max(1, at.line),
    column: Math.max(1, at.col),
    message,
    remedy,
  };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message)
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/[.:]?$/, '.');
}

function locate(document: Document, lines: LineCounter, path: Path, part: 'key' | 'value') {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const container = resolved(document, node);
    if (isMap(container)) {
      const pair = container.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) break;
      const wantsKey = part === 'key' && index === path.length - 1;
      offset = (wantsKey ? undefined : startOf(pair.value)) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(container) && typeof step === 'number') {
      const item = container.items[step];
      offset = startOf(item) ?? offset;
      node = item;
    } else break;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
