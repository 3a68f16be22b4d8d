export type * from './sound.ts';
