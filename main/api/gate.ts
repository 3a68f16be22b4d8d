/**
 * The gate that every call passes, in this order: known, of the right kind, not too often, allowed, well formed.
 * It stands here once, for every carrier.
 */
import type { z } from 'zod';
import type { AuditAction } from '../audit/index.ts';
import { type Clock, SottoError } from '../base/index.ts';
import type { Session } from '../identity/index.ts';
import { type Access, type Contract, contract, type ProcedureName } from './contract.ts';
import { RateLimit } from './rate.ts';
import type { Services } from './services.ts';

/** An entry of the contract as the gate reads it. Every audit action must be one that the log knows. */
export interface Procedure {
  readonly name: ProcedureName;
  readonly kind: 'call' | 'stream';
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly access: Access;
  readonly perMinute: number;
  readonly audit: (Contract[ProcedureName]['audit'] & AuditAction) | null;
  readonly reads?: true;
}

/** Calls of names that the contract does not have share one allowance. */
const UNKNOWN_PER_MINUTE = 30;

/** All that a member can do under a passphrase that somebody else knows. */
const WHILE_PASSPHRASE_IS_ANOTHERS: ReadonlySet<ProcedureName> = new Set([
  'account.changePassphrase',
  'session.signOut',
]);

/** How often this connection may still call what. */
export class Allowances {
  readonly #clock: Clock;
  readonly #limits = new Map<string, RateLimit>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws SottoError `api/slow-down`. */
  take(name: string, perMinute: number): void {
    let limit = this.#limits.get(name);
    if (limit === undefined) {
      limit = new RateLimit(perMinute, this.#clock);
      this.#limits.set(name, limit);
    }
    const waitMs = limit.take();
    if (waitMs > 0)
      throw new SottoError('api/slow-down', 'Too many requests of this kind.', {
        remedy: `Wait ${Math.ceil(waitMs / 1000)} s and try again.`,
      });
  }
}

/** @throws SottoError `api/unknown`, `api/slow-down`. */
export function findProcedure(name: string, kind: 'call' | 'stream', allowances: Allowances): Procedure {
  if (!Object.hasOwn(contract, name) || contract[name as ProcedureName].kind !== kind) {
    allowances.take('', UNKNOWN_PER_MINUTE);
    throw new SottoError('api/unknown', 'The appliance knows no such request.', {
      remedy: 'The window and the appliance are of different versions: reload the window.',
    });
  }
  const procedure: Omit<Procedure, 'name'> = contract[name as ProcedureName];
  allowances.take(name, procedure.perMinute);
  return { ...procedure, name: name as ProcedureName };
}

/**
 * Who may call it in the phase that the appliance is in: set-up is over once done, and so is the sound check
 * without signing in.
 * @throws SottoError `setup/already-done`, `session/required`, `identity/must-change`, `access/refused`.
 */
export async function assertAllowed(
  procedure: Procedure,
  services: Services,
  session: Pick<Session, 'member' | 'mustChangePassphrase'> | null,
): Promise<void> {
  const access = await accessNow(procedure, services);
  if (access === 'public') return;
  if (session === null)
    throw new SottoError('session/required', 'Nobody is signed in.', { remedy: 'Sign in first.' });
  if (session.mustChangePassphrase && !WHILE_PASSPHRASE_IS_ANOTHERS.has(procedure.name))
    throw new SottoError('identity/must-change', 'Somebody else chose your passphrase.', {
      remedy: 'Choose your own first.',
    });
  if (access === 'signedIn' || session.member.roles.some((role) => access.includes(role))) return;
  throw new SottoError('access/refused', 'Your role does not allow this.', {
    remedy: 'Ask an administrator, if your work needs it.',
  });
}

async function accessNow({ name, access }: Procedure, services: Services): Promise<Access> {
  const namespace = name.slice(0, name.indexOf('.'));
  if (namespace !== 'setup' && namespace !== 'sound') return access;
  if (services.open === null && (await services.status()).phase === 'setup') return access;
  if (namespace === 'sound') return 'signedIn';
  throw new SottoError('setup/already-done', 'This appliance is set up already.', { remedy: 'Sign in.' });
}

/** @throws SottoError `api/invalid-input`, naming the fields and never their values. */
export function parseInput(procedure: Procedure, input: unknown): unknown {
  const parsed = procedure.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'the request itself'));
  throw new SottoError('api/invalid-input', `Not valid: ${[...fields].slice(0, 5).join(', ')}.`, {
    remedy: 'Correct it and try again.',
  });
}
