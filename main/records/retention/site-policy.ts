import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import { DATA_CLASSES, type DataClass, type RetentionRule, rulesOf } from './rules.ts';

const policySchema = z.strictObject({
  retention: z.partialRecord(z.enum(DATA_CLASSES), z.int().min(0).max(3_650)).default({}),
});

/** Where IT puts the site's policy: no setting and no environment leads elsewhere. */
const PLACE = process.platform === 'win32' ? 'C:\\ProgramData\\Sotto\\policy.json' : '/etc/sotto/policy.json';

/** How long each class may be kept at most, days; what is not named is not bounded. */
export type RetentionBounds = Readonly<Partial<Record<DataClass, number>>>;

/**
 * The site's policy, which beats every setting made in Sotto: a file that root owns and others cannot write. None: no bounds.
 * @throws SottoError `policy/unsafe` (others could have written it), `policy/unreadable`.
 */
export function siteRetentionBounds(file: string = PLACE): RetentionBounds {
  const text = readOwned(file);
  if (text === null) return {};
  try {
    return policySchema.parse(JSON.parse(text)).retention;
  } catch (cause) {
    throw new SottoError('policy/unreadable', 'The site’s policy cannot be read.', {
      remedy: `Correct ${file}: {"retention": {"transcript": 30}} with classes ${DATA_CLASSES.join(', ')}.`,
      cause,
    });
  }
}

/** The rules as they count, and what kept the site's policy from being asked. */
export interface RulesInForce {
  readonly rules: readonly RetentionRule[];
  /** `policy/unsafe` or `policy/unreadable`; the rules are then those that were set. */
  readonly problem: unknown;
}

/** The site's rules, none of them longer than its policy allows, whenever that was written. */
export function rulesInForce(vault: Vault, policyFile?: string): RulesInForce {
  const rules = rulesOf(vault);
  try {
    const most = siteRetentionBounds(policyFile);
    const bounded = ({ dataClass, keepDays }: RetentionRule) =>
      Math.min(keepDays, most[dataClass] ?? keepDays);
    return { rules: rules.map((rule) => ({ ...rule, keepDays: bounded(rule) })), problem: null };
  } catch (problem) {
    return { rules, problem };
  }
}

function readOwned(file: string): string | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new SottoError('policy/unreadable', 'The site’s policy cannot be read.', {
      remedy: `Let the user of Sotto read ${file}.`,
      cause,
    });
  }
  try {
    const { uid, mode } = fstatSync(fd);
    // Windows: access lists, not owners and modes.
    if (process.getuid !== undefined && (uid !== 0 || (mode & 0o022) !== 0))
      throw new SottoError(
        'policy/unsafe',
        'The site’s policy could have been written by others than root.',
        {
          remedy: `chown root ${file} && chmod 644 ${file}`,
        },
      );
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
