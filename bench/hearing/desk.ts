import { fileURLToPath } from 'node:url';
import { type CompiledDesk, compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';

export const COFFEE = '../test/desks/speech-intent';

/** By its folder within `desks/`. */
export async function deskOf(folder: string): Promise<CompiledDesk> {
  const path = fileURLToPath(new URL(`../../desks/${folder}`, import.meta.url));
  return compileDesk(await loadDeskPack(path));
}
