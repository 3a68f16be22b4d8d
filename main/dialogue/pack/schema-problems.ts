import { z } from 'zod';
import type { PackProblem } from './pack.ts';
import { suggestion } from './problems.ts';
import type { Path, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** Checks a file against its schema; what is wrong is told in plain words at its line. */
export function checkSchema<Schema extends z.ZodType>(
  schema: Schema,
  source: YamlSource,
): { value: z.output<Schema> | null; problems: readonly PackProblem[] } {
  const result = schema.safeParse(source.value);
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => told(issue, [], schema, source));
  return { value: null, problems: withoutRepeats(problems) };
}

function told(issue: Issue, base: Path, schema: z.ZodType, source: YamlSource): PackProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      problem(
        source,
        [...path, key],
        'key',
        `Unknown key \`${key}\`${within(path)}.`,
        suggestion(key, keysAt(schema, path), 'Remove it.'),
      ),
    );
  if (issue.code === 'invalid_union') return toldUnion(issue, path, schema, source);
  if (issue.code === 'invalid_key')
    return [
      problem(
        source,
        path,
        'key',
        `\`${String(path.at(-1))}\` cannot be used as a name here: ${issue.issues[0]?.message ?? 'it has the wrong form'}.`,
        'Rename it.',
      ),
    ];
  if (valueAt(source.value, path) === undefined && issue.code !== 'custom') {
    const parent = path.slice(0, -1);
    return [
      problem(
        source,
        parent,
        'key',
        `\`${String(path.at(-1) ?? 'the file')}\` is missing${within(parent)}.`,
        `Add \`${String(path.at(-1) ?? '')}: …\`${expectedWords(issue)}.`,
      ),
    ];
  }
  return [
    problem(
      source,
      path,
      'value',
      `\`${dotted(path) || 'The file'}\` ${complaint(issue)}.`,
      remedyFor(issue),
    ),
  ];
}

/** Of the ways to read a value, tell about the one that its author most likely meant. */
function toldUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  schema: z.ZodType,
  source: YamlSource,
): PackProblem[] {
  const value = valueAt(source.value, path);
  if (value === undefined)
    return [
      problem(
        source,
        path.slice(0, -1),
        'key',
        `\`${String(path.at(-1))}\` is missing${within(path.slice(0, -1))}.`,
        `Add \`${String(path.at(-1))}: …\`.`,
      ),
    ];
  const best = issue.errors
    .map((issues) => ({ issues, cost: issues.reduce((sum, one) => sum + cost(one, value), 0) }))
    .sort((a, b) => a.cost - b.cost)[0];
  if (!best)
    return [
      problem(source, path, 'value', `\`${dotted(path)}\` has the wrong form.`, 'See docs/desk-packs.md.'),
    ];
  const missesItsKey = best.issues.some((one) => one.path.length === 1 && isMissing(one, value));
  if (missesItsKey && value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const key = Object.keys(value)[0] ?? '';
    return [
      problem(
        source,
        [...path, key],
        'key',
        `\`${key}\`${within(path)} is not something Sotto knows.`,
        suggestion(key, keysAt(schema, path), 'See docs/desk-packs.md.'),
      ),
    ];
  }
  return best.issues.flatMap((one) => told(one, path, schema, source));
}

function cost(issue: Issue, value: unknown): number {
  if (issue.path.length === 0 && issue.code === 'invalid_type') return 100;
  if (issue.path.length === 1 && isMissing(issue, value)) return 20;
  if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length;
  return 1;
}

function isMissing(issue: Issue, value: unknown): boolean {
  return (
    issue.code !== 'unrecognized_keys' && issue.path.length > 0 && valueAt(value, issue.path) === undefined
  );
}

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `should be ${aKind(issue.expected)}`;
    case 'invalid_value':
      return `should be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'is empty'
        : `should be at least ${issue.minimum}`;
    case 'too_big':
      return `should be at most ${issue.maximum}`;
    case 'invalid_format':
      return /^(Invalid|String)/.test(issue.message)
        ? 'has the wrong form'
        : `has the wrong form: ${issue.message}`;
    default:
      return `is not right: ${issue.message}`;
  }
}

function remedyFor(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string')
    return 'Write it as text, in quotes if need be.';
  if (issue.code === 'invalid_type' && issue.expected === 'array')
    return 'Write it as a list: [one, two], or a line with "- " for each.';
  if (issue.code === 'invalid_type') return `Write ${aKind(issue.expected)} here.`;
  if (issue.code === 'too_small' && (issue.origin === 'array' || issue.origin === 'string'))
    return 'Fill it in, or remove the key.';
  return 'Change the value; docs/desk-packs.md says what may stand here.';
}

function aKind(expected: string): string {
  const kinds: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'a block of keys',
    record: 'a block of keys',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  };
  return kinds[expected] ?? expected;
}

function expectedWords(issue: Issue): string {
  return issue.code === 'invalid_type' ? ` (${aKind(issue.expected)})` : '';
}

function problem(
  source: YamlSource,
  path: Path,
  part: 'key' | 'value',
  message: string,
  remedy: string,
): PackProblem {
  return { severity: 'error', file: source.file, ...source.locate(path, part), message, remedy };
}

function withoutRepeats(problems: readonly PackProblem[]): PackProblem[] {
  return [...new Map(problems.map((one) => [`${one.line}:${one.column}:${one.message}`, one])).values()];
}

function within(path: Path): string {
  return path.length === 0 ? '' : ` in \`${dotted(path)}\``;
}

/** `steps[2].call`, counted from 1 as people do. */
export function dotted(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step + 1}]` : `${index > 0 ? '.' : ''}${String(step)}`,
    )
    .join('');
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = Object.getOwnPropertyDescriptor(at, step)?.value;
  }
  return at;
}

/** The keys that a schema knows at a path; of unions, those of all members. */
function keysAt(schema: unknown, path: Path): string[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodLazy
  )
    return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion)
    return [...new Set(schema.options.flatMap((option) => keysAt(option, path)))];
  const [first, ...rest] = path;
  if (schema instanceof z.ZodObject)
    return first === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(first)], rest);
  if (schema instanceof z.ZodArray && first !== undefined) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord && first !== undefined) return keysAt(schema.valueType, rest);
  return [];
}
