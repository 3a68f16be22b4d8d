import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Json, SottoError } from '../base/index.ts';
import type { DeskTools, ToolEntry } from './desk-tools.ts';

/** The checks of one tool's arguments and result, compiled once. */
export interface ToolSchemas {
  acceptsArguments(value: Json): boolean;
  acceptsResult(value: Json): boolean;
}

/**
 * Compiles the JSON Schemas (2020-12) of every tool. Strict: an unknown keyword or format is an error of the pack
 * and not silence; arguments that a schema does not name are refused although JSON Schema would let them pass.
 * @throws SottoError `tools/bad-schema` naming the tool.
 */
export function compileSchemas(desk: DeskTools): ReadonlyMap<string, ToolSchemas> {
  const ajv = strictAjv();
  return new Map(Object.entries(desk.tools).map(([name, tool]) => [name, schemasOf(ajv, name, tool)]));
}

function schemasOf(ajv: Ajv2020, name: string, tool: ToolEntry): ToolSchemas {
  const acceptsArguments = compile(ajv, name, 'arguments', {
    additionalProperties: false,
    ...tool.arguments,
  });
  const acceptsResult = tool.result ? compile(ajv, name, 'result', tool.result) : null;
  return {
    acceptsArguments: (value) => acceptsArguments(value),
    acceptsResult: (value) => acceptsResult === null || acceptsResult(value),
  };
}

function compile(
  ajv: Ajv2020,
  name: string,
  part: string,
  schema: Readonly<Record<string, unknown>>,
): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new SottoError('tools/bad-schema', `The ${part} of the tool \`${name}\`: ${reason}.`, {
      remedy: 'Mend the JSON Schema in tools.yaml; docs/desk-packs.md lists the formats there are.',
      cause,
    });
  }
}

/** The formats a value of a slot can have; each also says how the value is read back (see read-back.ts). */
function strictAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: false, logger: false, ownProperties: true });
  ajv.addFormat('amount', { type: 'number', validate: isAmount });
  ajv.addFormat('date', isDate);
  ajv.addFormat('time', /^([01]\d|2[0-3]):[0-5]\d$/);
  ajv.addFormat('digits', /^\d+$/);
  ajv.addFormat('phone', /^\+?\d{3,15}$/);
  return ajv;
}

/** Whole cents only. */
function isAmount(value: number): boolean {
  return value >= 0 && value <= 1e9 && Math.abs(value * 100 - Math.round(value * 100)) < 1e-6;
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
