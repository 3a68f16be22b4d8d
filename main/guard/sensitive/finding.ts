/** What kinds of personal or secret data are looked for. `number` is any run of digits that nothing names better. */
export const SENSITIVE_TYPES = [
  'card',
  'cvv',
  'expiry',
  'account',
  'routing',
  'iban',
  'ssn',
  'nino',
  'nhs',
  'npi',
  'mbi',
  'mrn',
  'phone',
  'email',
  'address',
  'postcode',
  'birthdate',
  'name',
  'password',
  'code',
  'pin',
  'passport',
  'licence',
  'network-address',
  'number',
] as const;
export type SensitiveType = (typeof SENSITIVE_TYPES)[number];

/** One place in a text where something sensitive stands. */
export interface Finding {
  /** Where it starts and ends in the text as given, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** One of SENSITIVE_TYPES, or a type that the pack declares. */
  readonly type: string;
  /** 0..1: how sure the type is. Never below what masks: a doubtful type is still masked. */
  readonly score: number;
  /** Why, for the person who tunes it; holds nothing of the text itself. */
  readonly why: string;
}

/** A type of the pack's own: `{ type: 'member-number', shapes: ['HB999999'], near: ['member'], words: [] }`. */
export interface PackType {
  readonly type: string;
  /** `A` stands for a letter, `9` for a digit, anything else for itself; spoken forms are found too. */
  readonly shapes: readonly string[];
  /** Words near a value that tell it from others of the same shape; none: the shape alone is enough. */
  readonly near: readonly string[];
  /** Words and phrases that are never kept, wherever they are said. */
  readonly words: readonly string[];
}

/** What is known beside the text itself. */
export interface Surroundings {
  /** What was asked for just before ("the card number"): counts as words before the text. */
  readonly asked?: string;
  /** The person was dictating a value when the last turn ended: its type. */
  readonly dictating?: string | null;
  readonly packTypes?: readonly PackType[];
  /** Dates from this year on are appointments, not birth dates, unless the words around say so. */
  readonly thisYear?: number;
}
