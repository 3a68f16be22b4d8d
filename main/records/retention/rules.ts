import { z } from 'zod';
import { type Clock, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';

const SETTING = 'retention.rules';
export const DAY_MS = 86_400_000;

/** What is kept for a time, in the order in which it is let go: what was said before who called what. */
export const DATA_CLASSES = ['recording', 'transcript', 'conversation'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

const ruleSchema = z.strictObject({
  dataClass: z.enum(DATA_CLASSES),
  /** What it is kept for: `service`, `quality`, `dispute`. Of several rules for one class the shortest wins. */
  purpose: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  keepDays: z.int().min(0).max(3_650),
});
/** One rule of the site. */
export type RetentionRule = z.infer<typeof ruleSchema>;
export const retentionRulesSchema = z.array(ruleSchema).max(50);

/** Without a word from the site: no sound, thirty days of words, a year of who did what. */
export const DEFAULT_RULES: readonly RetentionRule[] = [
  { dataClass: 'recording', purpose: 'service', keepDays: 7 },
  { dataClass: 'transcript', purpose: 'service', keepDays: 30 },
  { dataClass: 'conversation', purpose: 'service', keepDays: 365 },
];

export function rulesOf(vault: Vault): readonly RetentionRule[] {
  return readSetting(vault, SETTING, retentionRulesSchema) ?? DEFAULT_RULES;
}

/** The rule in force for a class: the shortest. */
export function ruleFor(rules: readonly RetentionRule[], dataClass: DataClass): RetentionRule {
  const own = rules.filter((rule) => rule.dataClass === dataClass);
  const shortest = own.reduce<RetentionRule | null>(
    (least, rule) => (least === null || rule.keepDays < least.keepDays ? rule : least),
    null,
  );
  if (shortest !== null) return shortest;
  throw new SottoError('retention/incomplete', `No rule says how long to keep: ${dataClass}.`, {
    remedy: 'Give each class of data at least one rule.',
  });
}

/**
 * Sets the rules. Each class needs one, and none may be kept longer than the site's policy allows.
 * @throws SottoError `retention/incomplete`, `retention/too-long`.
 */
export function writeRules(
  vault: Vault,
  rules: readonly RetentionRule[],
  most: Readonly<Partial<Record<DataClass, number>>>,
  clock: Clock,
): void {
  for (const dataClass of DATA_CLASSES) {
    const { keepDays } = ruleFor(rules, dataClass);
    const limit = most[dataClass];
    if (limit !== undefined && keepDays > limit)
      throw new SottoError(
        'retention/too-long',
        `The site's policy keeps ${dataClass} for ${limit} days at most.`,
        {
          remedy: 'Choose fewer days, or have the policy changed by those who own it.',
        },
      );
  }
  writeSetting(vault, SETTING, [...rules], clock);
}
