export type * from './acts.ts';
export type * from './language/compiled.ts';
export type * from './pack/pack.ts';
export type * from './pack/schema.ts';
