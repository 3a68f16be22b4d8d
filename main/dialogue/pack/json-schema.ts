import { z } from 'zod';
import type { Json } from '../../base/index.ts';
import { testsFileSchema } from '../rehearsal/test-schema.ts';
import { deskSchema, flowSchema, toolsFileSchema } from './schema.ts';
import { wording } from './schema-words.ts';

/** JSON Schema of `desk.yaml`, for editors. Files of these are kept under `desks/schema/`. */
export function deskJsonSchema(): Json {
  return forEditors(deskSchema, 'Sotto desk');
}

/** JSON Schema of a flow file. */
export function flowJsonSchema(): Json {
  return forEditors(flowSchema, 'Sotto flow');
}

/** JSON Schema of `tools.yaml`. */
export function toolsJsonSchema(): Json {
  return forEditors(toolsFileSchema, 'Sotto tools');
}

/** JSON Schema of a file of tests. */
export function testsJsonSchema(): Json {
  return forEditors(testsFileSchema, 'Sotto desk tests');
}

function forEditors(schema: z.ZodType, title: string): Json {
  // What the author writes, before defaults are filled in.
  const generated = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', override: byLanguageToo });
  return JSON.parse(JSON.stringify({ ...generated, title })) as Json;
}

/** A wording may stand once for each language; the files are read so before their schema sees them. */
function byLanguageToo({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (zodSchema !== wording || !jsonSchema.anyOf) return;
  const one = { anyOf: [...jsonSchema.anyOf] };
  jsonSchema.anyOf.push({
    type: 'object',
    propertyNames: { pattern: '^[a-z]{2,3}-[A-Z]{2}$' },
    minProperties: 1,
    additionalProperties: one,
  });
}
