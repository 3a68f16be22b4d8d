import { z } from 'zod';
import type { AuditAction, AuditLog } from '../../audit/index.ts';
import { type Clock, type Json, newId, SottoError } from '../../base/index.ts';
import type { Members } from '../../identity/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { Standstill } from '../standstill/standstill.ts';
import type {
  Alert,
  Containment,
  Evidence,
  EvidenceBody,
  Incident,
  IncidentLine,
  Severity,
} from './contract.ts';
import { collect } from './evidence.ts';
import { exportIncident } from './export.ts';
import { CHECKLISTS, STEPS, type Step } from './steps.ts';
import { IncidentTables } from './tables.ts';

const ROLES = ['supervisor', 'admin', 'privacy'];
/** Evidence is also for those who look and do not act. */
const EXPORT_ROLES = [...ROLES, 'auditor'];
/** The same cause within this time belongs to the incident that is open already. */
const SAME_WITHIN_MS = 24 * 60 * 60_000;

const newIncident = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  severity: z.enum(['low', 'medium', 'high']),
  summary: z.string().trim().min(1).max(500),
});

export interface IncidentParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly members: Pick<Members, 'rolesOf' | 'lock'>;
  readonly standstill: Pick<Standstill, 'stop'>;
  readonly alert: (alert: Omit<Alert, 'id' | 'at'>) => void;
}

/**
 * Incidents: each collects its evidence, and walks six steps, each with a list to be gone through and a signature.
 * Every act is in the log. `by` is a member (supervisor, administrator or privacy officer), or `system`.
 */
export class Incidents {
  readonly #parts: IncidentParts;
  readonly #tables: IncidentTables;

  constructor(parts: IncidentParts) {
    this.#parts = parts;
    this.#tables = new IncidentTables(parts.vault.db);
  }

  /**
   * Opens an incident, with what the log says of the last hour. The same kind once a day: what comes later is added to
   * the one that is open.
   * @throws SottoError `incident/invalid`, `incident/not-allowed`.
   */
  open(
    given: { readonly kind: string; readonly severity: Severity; readonly summary: string },
    by: string,
    evidence: readonly EvidenceBody[] = [],
  ): Incident {
    this.#refuse(by);
    const { kind, severity, summary } = checked(given);
    const { clock, audit, vault } = this.#parts;
    const now = clock.now();
    const same = by === 'system' ? this.#tables.openOfKind(kind, now - SAME_WITHIN_MS) : null;
    if (same !== null) {
      for (const one of evidence) this.addEvidence(same, one, by);
      return this.get(same);
    }
    const id = newId();
    vault.transaction(() => {
      const number = this.#tables.nextNumber();
      const found = collect(audit, now);
      const { seq } = this.#log('incident.open', id, by, { number, kind, severity });
      // From here on the log can be shown to have only grown.
      const checkpoint = audit.checkpoint();
      this.#tables.add({ id, number, kind, severity, summary, at: now, by, firstSeq: seq, checkpoint });
      for (const one of [...found, ...evidence]) this.#tables.addEvidence(id, this.#evidence(one, by));
    });
    const incident = this.get(id);
    this.#parts.alert({ about: 'incident', severity, code: kind, incident: incident.number });
    return incident;
  }

  list(): readonly IncidentLine[] {
    return this.#tables.list();
  }

  /** @throws SottoError `incident/unknown`. */
  get(id: string): Incident {
    const incident = this.#tables.read(id);
    if (incident !== null) return incident;
    throw new SottoError('incident/unknown', 'There is no such incident.', {
      remedy: 'List them: sotto incident list',
    });
  }

  addEvidence(id: string, evidence: EvidenceBody, by: string): void {
    this.#refuse(by);
    this.#mustBeOpen(id);
    // The words of a note stay in the vault; the log knows that there is one.
    const told = evidence.kind === 'note' ? { kind: evidence.kind } : { ...evidence };
    this.#record('incident.evidence', id, by, told, () =>
      this.#tables.addEvidence(id, this.#evidence(evidence, by)),
    );
  }

  setOwner(id: string, step: Step, memberId: string, by: string): void {
    this.#refuse(by);
    this.#mustBeOpen(id);
    if (!this.#may(memberId)) throw notAllowed();
    this.#record('incident.owner', id, by, { step, owner: memberId }, () =>
      this.#tables.setOwner(id, step, memberId),
    );
  }

  /** @throws SottoError `incident/unknown-item`, `incident/signed`. */
  check(id: string, step: Step, item: string, outcome: 'done' | 'notNeeded', by: string): void {
    this.#refuse(by);
    const incident = this.#mustBeOpen(id);
    if (!CHECKLISTS[step].some((one) => one.id === item))
      throw new SottoError('incident/unknown-item', 'There is no such item on the list of this step.');
    if (incident.steps.find((one) => one.step === step)?.signedAt)
      throw new SottoError('incident/signed', 'This step is signed: nothing of it changes any more.', {
        remedy: 'Add a note instead.',
      });
    this.#record('incident.check', id, by, { step, item, outcome }, () =>
      this.#tables.check(id, step, item, outcome, by, this.#parts.clock.now()),
    );
  }

  /**
   * Signs the step that comes next. The last signature closes the incident, and is another member's than the first.
   * @throws SottoError `incident/not-next`, `incident/not-done`, `incident/owner`, `incident/same-person`.
   */
  sign(id: string, step: Step, by: string): Incident {
    this.#refuse(by);
    const incident = this.#mustBeOpen(id);
    refuseSignature(incident, step, by);
    const closes = step === STEPS.at(-1);
    this.#record('incident.sign', id, by, { step, closes }, () =>
      this.#tables.sign(id, step, by, this.#parts.clock.now(), closes),
    );
    return this.get(id);
  }

  /** Whether this member may work on incidents now. */
  may(memberId: string): boolean {
    return this.#may(memberId);
  }

  /** Containment by one click: stops, or locks, at once; and says so among the evidence. */
  contain(id: string, what: Containment, by: string): void {
    this.#refuse(by);
    this.#mustBeOpen(id);
    const { standstill, members } = this.#parts;
    if ('lock' in what) members.lock(what.lock, 'system', 'incident');
    else
      standstill.stop(what.stop === 'all' ? { scope: 'all' } : { scope: what.stop, name: what.name }, by, {
        via: 'incident',
        reason: 'incident',
      });
    const told =
      'lock' in what ? `lock:${what.lock}` : `stop:${'name' in what ? `${what.stop}:${what.name}` : 'all'}`;
    this.#record('incident.contain', id, by, { what: told }, () =>
      this.#tables.addEvidence(id, this.#evidence({ kind: 'containment', what: told }, by)),
    );
  }

  /**
   * Writes the incident to a new folder: `incident.json`, `incident.html`, `proof.json` (its entries stand in the log,
   * which has only grown since it was opened) and `log/` (an export of the log since an hour before).
   * Auditors may, too.
   * @throws SottoError `incident/not-allowed`, `audit/export-exists`, `audit/export-failed`.
   */
  async export(id: string, out: string, by: string): Promise<{ readonly folder: string }> {
    this.#refuse(by, EXPORT_ROLES);
    const incident = this.get(id);
    this.#log('incident.export', id, by, { number: incident.number });
    return await exportIncident(this.#parts, this.#tables.places(id), incident, out, by);
  }

  #evidence(body: EvidenceBody, by: string): Evidence {
    return { ...body, id: newId(), at: this.#parts.clock.now(), by };
  }

  #mustBeOpen(id: string): Incident {
    const incident = this.get(id);
    if (incident.closedAt === null) return incident;
    throw new SottoError('incident/closed', 'This incident is closed.', { remedy: 'Open another one.' });
  }

  #may(memberId: string, roles: readonly string[] = ROLES): boolean {
    return this.#parts.members.rolesOf(memberId).some((role) => roles.includes(role));
  }

  #refuse(by: string, roles?: readonly string[]): void {
    if (by !== 'system' && !this.#may(by, roles)) throw notAllowed();
  }

  #log(action: AuditAction, id: string, actor: string, detail: Readonly<Record<string, Json>>) {
    return this.#parts.audit.append({ action, actor, target: `incident:${id}`, outcome: 'success', detail });
  }

  #record(
    action: AuditAction,
    id: string,
    actor: string,
    detail: Readonly<Record<string, Json>>,
    act: () => void,
  ): void {
    this.#parts.audit.record({ action, actor, target: `incident:${id}`, outcome: 'success', detail }, act);
  }
}

function checked(given: unknown): z.infer<typeof newIncident> {
  const parsed = newIncident.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SottoError('incident/invalid', 'The incident is not described as it should be.', {
    remedy: 'Give it a kind (a-z, 0-9, dashes), a severity and a summary of at most 500 characters.',
  });
}

function refuseSignature(incident: Incident, step: Step, by: string): void {
  if (incident.step !== step)
    throw new SottoError('incident/not-next', 'The steps are signed one after the other.', {
      remedy: `The next one is: ${incident.step}.`,
    });
  const { checks, owner } = incident.steps.find((one) => one.step === step) ?? { checks: [], owner: null };
  if (checks.some(({ outcome }) => outcome === null))
    throw new SottoError('incident/not-done', 'Not all of the list of this step was gone through.', {
      remedy: 'Mark each item as done or as not needed.',
    });
  if (owner !== null && owner !== by)
    throw new SottoError('incident/owner', 'This step is signed by its owner.', {
      remedy: 'Have the owner sign, or name another one.',
    });
  if (by === 'system' || (step === STEPS.at(-1) && incident.steps[0]?.signedBy === by))
    throw new SottoError('incident/same-person', 'The last signature is another member’s than the first.', {
      remedy: 'Have a second member sign.',
    });
}

function notAllowed(): SottoError {
  return new SottoError(
    'incident/not-allowed',
    'It takes a supervisor, an administrator or a privacy officer.',
    {
      remedy: 'Ask one of them.',
    },
  );
}
