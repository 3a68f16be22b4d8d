import type { Check } from '../api/index.ts';
import { codeOf, SottoError } from '../base/index.ts';

/** What a look at one thing found; `remedy` is the next step where it is not well. */
export type Finding = Pick<Check, 'state' | 'message'> & { readonly remedy?: string };

/** One line of the doctor; a look that throws is a line that failed. */
export async function one(
  id: string,
  name: string,
  look: () => Promise<Finding> | Finding,
): Promise<readonly Check[]> {
  try {
    const { state, message, remedy } = await look();
    return [{ id, name, state, message, remedy: remedy ?? null }];
  } catch (error) {
    return [{ id, name, state: 'fail', ...wordsOf(error) }];
  }
}

/** An error as the doctor tells it. */
export function wordsOf(error: unknown): { readonly message: string; readonly remedy: string | null } {
  if (error instanceof SottoError) return { message: error.message, remedy: error.remedy ?? null };
  return { message: `The check failed (${codeOf(error)}).`, remedy: 'Run sotto doctor with SOTTO_DEBUG=1.' };
}
