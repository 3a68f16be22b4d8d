import type { AuditLog } from '../../audit/index.ts';
import type { Clock } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import { Erasure } from '../erasure/erasure.ts';
import { Recordings } from '../recordings.ts';
import { SearchIndex } from '../search-index.ts';
import { Subjects } from '../subjects.ts';
import { RecordTables } from '../tables.ts';
import { Words } from '../words.ts';
import { Holds } from './holds.ts';
import { type RetentionRule, writeRules } from './rules.ts';
import { rulesInForce, siteRetentionBounds } from './site-policy.ts';
import { type DueClass, previewSweep, type Swept, sweep } from './sweep.ts';

/** How long things are kept, what must not be let go, and who is forgotten. */
export interface Retention {
  readonly holds: Holds;
  readonly erasure: Erasure;
  /** As they count: none longer than the site's policy allows. @throws SottoError `policy/unsafe`, `policy/unreadable`. */
  rules(): readonly RetentionRule[];
  /**
   * Sets the rules, within what the site's policy allows (`siteRetentionBounds`).
   * @throws SottoError `retention/incomplete`, `retention/too-long`, `policy/unsafe`, `policy/unreadable`.
   */
  setRules(rules: readonly RetentionRule[], memberId: string): void;
  /** What a sweep would let go now, and why. */
  preview(): readonly DueClass[];
  /** Lets it go. `actor` is a member, or `system` for the daily sweep. */
  sweep(actor: string, signal?: AbortSignal): Promise<Swept>;
}

/** What retention needs of the world. */
export interface RetentionPorts {
  readonly clock: Clock;
  /** The file with the site's policy, where it is not in its place: for tests. */
  readonly policyFile?: string;
}

export function openRetention(vault: Vault, audit: AuditLog, ports: RetentionPorts): Retention {
  const { clock, policyFile } = ports;
  const tables = new RecordTables(vault.db);
  const index = new SearchIndex(vault.db);
  const words = new Words(vault, tables, index, new Recordings(vault));
  const subjects = new Subjects(vault, audit, clock);
  const holds = new Holds(vault, audit, clock);
  const erasure = new Erasure({ vault, audit, tables, words, subjects, holds, clock });
  erasure.repeatAfterRestore();
  const inForce = () => rulesInForce(vault, policyFile);
  const parts = { vault, audit, tables, words, index, clock, rulesInForce: inForce };
  return {
    holds,
    erasure,
    rules: () => {
      const { rules, problem } = inForce();
      if (problem !== null) throw problem;
      return rules;
    },
    setRules: (rules, memberId) => {
      const most = siteRetentionBounds(policyFile);
      const detail = Object.fromEntries(
        rules.map(({ dataClass, purpose, keepDays }) => [`${dataClass}/${purpose}`, keepDays]),
      );
      audit.record({ action: 'retention.rules', actor: memberId, outcome: 'success', detail }, () =>
        writeRules(vault, rules, most, clock),
      );
    },
    preview: () => previewSweep(parts),
    sweep: (actor, signal) => sweep(parts, actor, signal),
  };
}
