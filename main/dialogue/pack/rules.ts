import type { SlotDeclaration, SlotRule } from './schema.ts';

/** What the value of a slot must meet, one rule after the other. */
export function rulesOf(slot: SlotDeclaration | undefined): readonly SlotRule[] {
  const rules = slot?.validate;
  if (rules === undefined) return [];
  return Array.isArray(rules) ? rules : [rules];
}
