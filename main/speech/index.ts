export type * from './engines.ts';
