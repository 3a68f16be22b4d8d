/**
 * The one error shape that crosses a room's door.
 *
 * `code` is stable and machine readable (`vault/wrong-key`), `message` names the cause in words fit for a
 * person, `remedy` the next step. None of them ever carries a secret, a transcript or a personal datum:
 * errors end in logs and on screens.
 */
export class SottoError extends Error {
  override readonly name: string = 'SottoError';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** True for a `SottoError` with this code, e.g. `hasCode(error, 'vault/wrong-key')`. */
export function hasCode(error: unknown, code: string): error is SottoError {
  return error instanceof SottoError && error.code === code;
}

/** The code of any thrown value: its own, or `internal`. What is safe to write to a log. */
export function codeOf(error: unknown): string {
  if (error instanceof SottoError) return error.code;
  if (error instanceof Error && error.name === 'AbortError') return 'aborted';
  return 'internal';
}
