// Writes the JSON Schemas that editors check desk packs with. Run: node test/dialogue/write-desk-schemas.mjs
import { writeFileSync } from 'node:fs';
import {
  deskJsonSchema,
  flowJsonSchema,
  testsJsonSchema,
  toolsJsonSchema,
} from '../../main/dialogue/index.ts';

for (const [name, schema] of Object.entries({
  desk: deskJsonSchema(),
  flow: flowJsonSchema(),
  tools: toolsJsonSchema(),
  tests: testsJsonSchema(),
})) {
  writeFileSync(
    new URL(`../../desks/schema/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
}
