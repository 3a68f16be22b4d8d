import { SottoError } from '../base/index.ts';
import type { WireError } from './contract.ts';

const INTERNAL: WireError = {
  code: 'internal',
  message: 'Something went wrong inside the appliance.',
  remedy: 'Try again. If it stays, ask IT to run `sotto doctor`.',
};

/** What a renderer may know of a failure: a SottoError as it is, of anything else only that it happened. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof SottoError)) return INTERNAL;
  return { code: error.code, message: error.message, remedy: error.remedy ?? null };
}
