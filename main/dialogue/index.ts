export type * from './acts.ts';
export type * from './language/compiled.ts';
export { deskJsonSchema, flowJsonSchema, toolsJsonSchema } from './pack/json-schema.ts';
export { checkDeskPack, loadDeskPack } from './pack/load.ts';
export type * from './pack/pack.ts';
export { DeskPackError } from './pack/problems.ts';
export type * from './pack/schema.ts';
