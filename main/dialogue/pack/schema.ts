/**
 * The desk pack as its author writes it: `desk.yaml`, `tools.yaml` and one file a flow under `flows/`.
 * These schemas are the format's only definition; the JSON Schema for editors is generated from them.
 */
export * from './schema-desk.ts';
export * from './schema-flow.ts';
export * from './schema-tools.ts';
