import { Checker } from './checker.ts';
import { suggestion } from './problems.ts';
import type { DeskDeclaration, ServerDeclaration, ToolDeclaration, ToolsFile } from './schema.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** One argument as a tool's JSON Schema declares it. */
export interface ArgumentSchema {
  readonly types: readonly string[];
  readonly values: readonly unknown[] | null;
}

/** The arguments a tool declares, by name. */
export function argumentsOf(tool: ToolDeclaration): ReadonlyMap<string, ArgumentSchema> {
  return propertiesOf(tool.arguments);
}

/** The properties of a JSON Schema of type object, as far as they are declared one by one. */
export function propertiesOf(
  schema: Readonly<Record<string, unknown>> | undefined,
): ReadonlyMap<string, ArgumentSchema> {
  const properties = schema?.properties;
  if (!isRecord(properties)) return new Map();
  return new Map(Object.entries(properties).map(([name, one]) => [name, argumentSchema(one)]));
}

export function requiredOf(tool: ToolDeclaration): readonly string[] {
  const required = tool.arguments.required;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

/** What the schema of `tools.yaml` cannot say: least privilege, and names that must fit together. */
export function checkTools(source: YamlSource, file: ToolsFile, desk: DeskDeclaration | null): Checker {
  const checker = new Checker(source);
  for (const [name, server] of Object.entries(file.servers)) {
    checkServer(checker, ['servers', name], server);
    if (!Object.values(file.tools).some((tool) => tool.server === name))
      checker.warn(['servers', name], `No tool uses the server \`${name}\`.`, 'Remove it.', 'key');
  }
  for (const [name, tool] of Object.entries(file.tools)) checkTool(checker, file, name, tool, desk);
  return checker;
}

function checkServer(checker: Checker, at: Path, server: ServerDeclaration): void {
  if (server.transport === 'http') {
    checkLanServer(checker, at, server);
    return;
  }
  const parts = [server.command, ...server.args];
  const outside = parts.findIndex(leadsOut);
  if (outside >= 0)
    checker.error(
      outside === 0 ? [...at, 'command'] : [...at, 'args', outside - 1],
      'The path leads out of the desk pack (`..`).',
      'Put the server into the pack, or name it by its full path.',
    );
}

function checkLanServer(
  checker: Checker,
  at: Path,
  server: Extract<ServerDeclaration, { transport: 'http' }>,
): void {
  const url = URL.canParse(server.url) ? new URL(server.url) : null;
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && loopback))
    checker.error(
      [...at, 'url'],
      'A tool server on the LAN is reached by https.',
      'Write https://host:port/path; plain http is for loopback only.',
    );
  if (server.ca !== undefined && server.fingerprint !== undefined)
    checker.error(
      at,
      'Only one of `ca` and `fingerprint` says which certificate the server must show.',
      'Name the PEM file of its authority, or the SHA-256 of its certificate; or neither, and the site does.',
      'key',
    );
  if (server.ca !== undefined && (leadsOut(server.ca) || server.ca.startsWith('/')))
    checker.error([...at, 'ca'], 'The path leads out of the desk pack.', 'Put the PEM file into the pack.');
  if (server.fingerprint !== undefined && !/^[0-9a-fA-F]{64}$/.test(server.fingerprint.replaceAll(':', '')))
    checker.error(
      [...at, 'fingerprint'],
      'The fingerprint is not a SHA-256: 64 hex digits.',
      'openssl x509 -in cert.pem -noout -fingerprint -sha256',
    );
}

function leadsOut(path: string): boolean {
  return path.split(/[\\/]/).includes('..');
}

function checkTool(
  checker: Checker,
  file: ToolsFile,
  name: string,
  tool: ToolDeclaration,
  desk: DeskDeclaration | null,
) {
  const at = ['tools', name];
  checker.known(
    [...at, 'server'],
    'server',
    tool.server,
    Object.keys(file.servers),
    'Declare it under `servers`.',
  );
  const known = checkArguments(checker, [...at, 'arguments'], tool);
  if ((tool.risk === 'money' || tool.risk === 'clinical') && tool.confirm === 'none')
    checker.error(
      [...at, 'confirm'],
      `A ${tool.risk} tool cannot be called without confirmation.`,
      'Set `confirm: spoken` or `confirm: screen`.',
    );
  if (tool.risk === 'read' && tool.stepUp !== 'none' && tool.confirm === 'none')
    checker.warn(
      [...at, 'stepUp'],
      'A step-up without confirmation interrupts the person without saying why.',
      'Set `confirm: screen`.',
    );
  if (tool.confirm !== 'none' && tool.confirmText === undefined)
    checker.warn(
      at,
      `\`${name}\` has no confirmText: what is read back will be its description and bare values.`,
      'Add `confirmText: …` that names every value which matters.',
      'key',
    );
  checker.wordings([...at, 'confirmText'], tool.confirmText, [
    ...known.keys(),
    ...(desk ? ['agent', 'handOff'] : []),
  ]);
  for (const limit of ['most', 'mostPerDay'] as const) checkAmounts(checker, at, tool, known, limit);
  checkReadBack(checker, at, tool);
  checkOwner(checker, at, tool);
  if (tool.hours && tool.hours.from === tool.hours.to)
    checker.error([...at, 'hours'], 'These hours are never: they end when they begin.', 'Remove `hours`.');
}

function checkAmounts(
  checker: Checker,
  at: Path,
  tool: ToolDeclaration,
  known: ReadonlyMap<string, ArgumentSchema>,
  limits: 'most' | 'mostPerDay',
): void {
  for (const argument of Object.keys(tool.limits[limits] ?? {})) {
    const limit = [...at, 'limits', limits, argument];
    if (!checker.known(limit, 'argument', argument, known.keys(), 'Declare it under `arguments`.')) continue;
    const types = known.get(argument)?.types ?? [];
    if (!types.some((type) => type === 'number' || type === 'integer'))
      checker.error(
        limit,
        `\`${argument}\` is not a number, so it cannot have a highest value.`,
        'Declare the argument as `type: number`, or remove the limit.',
      );
  }
}

/** Amounts and the digits of accounts are read back: a wording that leaves them out hides what is approved. */
function checkReadBack(checker: Checker, at: Path, tool: ToolDeclaration): void {
  const { confirmText, risk } = tool;
  const { properties } = tool.arguments;
  if (confirmText === undefined || (risk !== 'money' && risk !== 'clinical') || !isRecord(properties)) return;
  for (const [argument, schema] of Object.entries(properties)) {
    if (!isRecord(schema) || schema.writeOnly === true) continue;
    if (schema.format !== 'amount' && schema.format !== 'digits') continue;
    if (new RegExp(`\\{\\s*${argument}\\s*\\}`).test(confirmText)) continue;
    checker.error(
      [...at, 'confirmText'],
      `What is read back leaves out \`${argument}\`.`,
      `Put {${argument}} into confirmText.`,
    );
  }
}

/** A field that no result has would make every row somebody else's. */
function checkOwner(checker: Checker, at: Path, { owner, result }: ToolDeclaration): void {
  if (owner && !hasProperty(result, owner.field))
    checker.error(
      [...at, 'owner', 'field'],
      `The result does not have \`${owner.field}\`.`,
      'Declare it under `result`, beside the values of the row that it tells the owner of.',
    );
}

function hasProperty(schema: unknown, name: string): boolean {
  if (!isRecord(schema)) return false;
  const { properties } = schema;
  if (isRecord(properties) && Object.hasOwn(properties, name)) return true;
  return Object.values(schema).some((part) => isRecord(part) && hasProperty(part, name));
}

function checkArguments(
  checker: Checker,
  at: Path,
  tool: ToolDeclaration,
): ReadonlyMap<string, ArgumentSchema> {
  if (tool.arguments.type !== 'object')
    checker.error(at, 'The arguments of a tool are a JSON Schema of type object.', 'Add `type: object`.');
  const known = argumentsOf(tool);
  for (const name of requiredOf(tool))
    if (!known.has(name))
      checker.error(
        [...at, 'required'],
        `The required argument \`${name}\` is not declared.`,
        suggestion(name, known.keys(), 'Declare it under `properties`.'),
      );
  return known;
}

function argumentSchema(schema: unknown): ArgumentSchema {
  if (!isRecord(schema)) return { types: [], values: null };
  const type = schema.type;
  const types = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : [];
  if ('const' in schema) return { types, values: [schema.const] };
  return { types, values: Array.isArray(schema.enum) ? schema.enum : null };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
