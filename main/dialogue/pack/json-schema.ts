import { z } from 'zod';
import type { Json } from '../../base/index.ts';
import { deskSchema, flowSchema, toolsFileSchema } from './schema.ts';

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

function forEditors(schema: z.ZodType, title: string): Json {
  // What the author writes, before defaults are filled in.
  const generated = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return JSON.parse(JSON.stringify({ ...generated, title })) as Json;
}
