import { z } from 'zod';
import type { Vault } from '../../vault/index.ts';
import type { Evidence, Incident, IncidentLine, Severity, StepState } from './contract.ts';
import { CHECKLISTS, STEPS, type Step } from './steps.ts';

interface Row {
  readonly id: string;
  readonly number: number;
  readonly kind: string;
  readonly severity: Severity;
  readonly opened_at: number;
  readonly opened_by: string;
  readonly summary: string;
  readonly first_seq: number;
  readonly checkpoint: string;
  readonly closed_at: number | null;
}

interface StepRow {
  readonly step: string;
  readonly owner_id: string | null;
  readonly signed_at: number | null;
  readonly signed_by: string | null;
}

interface CheckRow {
  readonly step: string;
  readonly item: string;
  readonly outcome: 'done' | 'notNeeded';
  readonly at: number;
  readonly by_id: string;
}

const body = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('conversation'), conversationId: z.string() }),
  z.object({ kind: z.literal('finding'), seq: z.int(), code: z.string() }),
  z.object({ kind: z.literal('log'), first: z.int(), end: z.int() }),
  z.object({ kind: z.literal('containment'), what: z.string() }),
  z.object({ kind: z.literal('note'), text: z.string().max(4000) }),
]);

/** Where an incident stands in the log. */
export interface Places {
  /** The entry that opened it. */
  readonly firstSeq: number;
  /** The tree that was signed then. */
  readonly checkpoint: string;
}

/** Incidents as they lie in the vault. */
export class IncidentTables {
  readonly #db: Vault['db'];

  constructor(db: Vault['db']) {
    this.#db = db;
  }

  nextNumber(): number {
    return (this.#db.prepare<[], number>('SELECT max(number) FROM incidents').pluck().get() ?? 0) + 1;
  }

  openOfKind(kind: string, since: number): string | null {
    return (
      this.#db
        .prepare<[string, number], string>(
          'SELECT id FROM incidents WHERE kind = ? AND opened_at > ? AND closed_at IS NULL ORDER BY number DESC',
        )
        .pluck()
        .get(kind, since) ?? null
    );
  }

  add(incident: {
    readonly id: string;
    readonly number: number;
    readonly kind: string;
    readonly severity: Severity;
    readonly summary: string;
    readonly at: number;
    readonly by: string;
    readonly firstSeq: number;
    readonly checkpoint: string;
  }): void {
    const { id, number, kind, severity, at, by, summary, firstSeq, checkpoint } = incident;
    this.#db
      .prepare('INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)')
      .run(id, number, kind, severity, at, by, summary, firstSeq, checkpoint);
    const add = this.#db.prepare('INSERT INTO incident_steps (incident_id, step) VALUES (?, ?)');
    for (const step of STEPS) add.run(id, step);
  }

  addEvidence(incidentId: string, { id, at, by, ...rest }: Evidence): void {
    const { kind, ...json } = body.parse(rest);
    this.#db
      .prepare('INSERT INTO incident_evidence VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, incidentId, at, by, kind, JSON.stringify(json));
  }

  setOwner(id: string, step: Step, owner: string): void {
    this.#db
      .prepare('UPDATE incident_steps SET owner_id = ? WHERE incident_id = ? AND step = ?')
      .run(owner, id, step);
  }

  check(id: string, step: Step, item: string, outcome: string, by: string, at: number): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO incident_checks VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, step, item, outcome, at, by);
  }

  sign(id: string, step: Step, by: string, at: number, closes: boolean): void {
    this.#db
      .prepare('UPDATE incident_steps SET signed_at = ?, signed_by = ? WHERE incident_id = ? AND step = ?')
      .run(at, by, id, step);
    if (closes) this.#db.prepare('UPDATE incidents SET closed_at = ? WHERE id = ?').run(at, id);
  }

  list(): readonly IncidentLine[] {
    return this.#db
      .prepare<[], Row>('SELECT * FROM incidents ORDER BY number DESC LIMIT 1000')
      .all()
      .map((row) => ({ ...lineOf(row), step: nextOf(this.#steps(row.id)) }));
  }

  read(id: string): Incident | null {
    const row = this.#row(id);
    if (row === undefined) return null;
    const steps = this.#steps(id);
    return {
      ...lineOf(row),
      openedBy: row.opened_by,
      summary: row.summary,
      step: nextOf(steps),
      steps,
      evidence: this.#evidence(id),
    };
  }

  places(id: string): Places {
    const row = this.#row(id);
    return { firstSeq: row?.first_seq ?? 0, checkpoint: row?.checkpoint ?? '' };
  }

  #row(id: string): Row | undefined {
    return this.#db.prepare<[string], Row>('SELECT * FROM incidents WHERE id = ?').get(id);
  }

  #steps(id: string): readonly StepState[] {
    const steps = this.#db
      .prepare<[string], StepRow>('SELECT * FROM incident_steps WHERE incident_id = ?')
      .all(id);
    const checks = this.#db
      .prepare<[string], CheckRow>('SELECT * FROM incident_checks WHERE incident_id = ?')
      .all(id);
    return STEPS.map((step) => {
      const row = steps.find((one) => one.step === step);
      return {
        step,
        owner: row?.owner_id ?? null,
        signedAt: row?.signed_at ?? null,
        signedBy: row?.signed_by ?? null,
        checks: CHECKLISTS[step].map(({ id: item, text }) => {
          const check = checks.find((one) => one.step === step && one.item === item);
          return {
            item,
            text,
            outcome: check?.outcome ?? null,
            at: check?.at ?? null,
            by: check?.by_id ?? null,
          };
        }),
      };
    });
  }

  #evidence(incidentId: string): readonly Evidence[] {
    return this.#db
      .prepare<[string], { id: string; at: number; by_id: string; kind: string; json: string }>(
        'SELECT * FROM incident_evidence WHERE incident_id = ? ORDER BY at, id',
      )
      .all(incidentId)
      .map(({ id, at, by_id: by, kind, json }) => ({
        ...body.parse({ ...JSON.parse(json), kind }),
        id,
        at,
        by,
      }));
  }
}

function lineOf(row: Row) {
  const { id, number, kind, severity, opened_at: openedAt, closed_at: closedAt } = row;
  return { id, number, kind, severity, openedAt, closedAt };
}

function nextOf(steps: readonly StepState[]): Step | null {
  return steps.find(({ signedAt }) => signedAt === null)?.step ?? null;
}
