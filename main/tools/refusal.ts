/** Why the gateway will not do something: a stable code, and words fit for the person. */
export interface Refusal {
  readonly code: string;
  readonly say: string;
}

export function refusal(code: string, say: string): Refusal {
  return { code: `tools/${code}`, say };
}

/** One of the ways a call that was allowed can end other than well. */
export const SAY_FAILED = 'I am sorry, that did not work. Nothing was changed.';
export const SAY_UNKNOWN =
  'I am sorry, I cannot confirm that it went through. Please have it checked before you try again.';
