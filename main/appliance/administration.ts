import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenServices } from '../api/index.ts';
import { collectorStatus } from '../audit/index.ts';
import { type Clock, codeOf, type Log, logId, type Paths } from '../base/index.ts';
import { DEFAULT_SOUND_POLICY, readSoundPolicy } from '../guard/index.ts';
import { exportSubject, openRetention, type Retention } from '../records/index.ts';
import type { Vault } from '../vault/index.ts';
import { backupState } from './backup-state.ts';
import type { Core } from './core.ts';

const FIRST_SWEEP_MS = 60_000;
const SWEEP_EVERY_MS = 24 * 3_600_000;
const EXPORTS = 'exports';

export interface AdministrationParts {
  readonly core: Core;
  readonly vault: Vault;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after the start the first sweep is. */
  readonly firstSweepMs?: number;
}

/** What those who look after a site need of an open core, and what the appliance does for them every day. */
export class Administration {
  readonly #parts: AdministrationParts;
  readonly #retention: Retention;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: AdministrationParts) {
    this.#parts = parts;
    // What a crash left of an export on its way to the window.
    rmSync(join(parts.paths.data, EXPORTS), { recursive: true, force: true });
    this.#retention = openRetention(parts.vault, parts.core.audit, { clock: parts.clock });
    this.#timer = this.#sweepIn(parts.firstSweepMs ?? FIRST_SWEEP_MS);
  }

  services(): Pick<
    OpenServices,
    | 'retention'
    | 'members'
    | 'safety'
    | 'watching'
    | 'collector'
    | 'vaultState'
    | 'models'
    | 'exportSubject'
    | 'newExportFolder'
  > {
    const { core, vault, paths } = this.#parts;
    const { members, switches, gateway, ledger } = core;
    const declared = Object.entries(core.desk.pack.tools);
    return {
      retention: this.#retention,
      members,
      safety: {
        standstill: core.safeguards.standstill,
        switches,
        gateway,
        ledger,
        tools: declared.map(([name, { risk }]) => ({ name, risk })),
      },
      watching: this.#watching(),
      collector: () => collectorStatus(vault),
      vaultState: () => ({
        keySource: vault.keySource,
        ...backupState(vault),
      }),
      models: core.models,
      exportSubject: (request) => exportSubject(vault, core.audit, { clock: this.#parts.clock }, request),
      newExportFolder: async () => {
        const exports = join(paths.data, EXPORTS);
        await mkdir(exports, { recursive: true, mode: 0o700 });
        return await mkdtemp(join(exports, 'log-'));
      },
    };
  }

  #watching(): OpenServices['watching'] {
    const { core, vault } = this.#parts;
    const { safeguards } = core;
    const { watching } = safeguards;
    return {
      incidents: watching.incidents,
      alerts: watching.alerts,
      limits: () => watching.sentinel.state(),
      setLimits: (rules, actor) => watching.setLimits(rules, actor),
      soundPolicy: () => ({ policy: readSoundPolicy(vault), usual: DEFAULT_SOUND_POLICY }),
      setSoundPolicy: (policy, actor) => safeguards.setSoundPolicy(policy, actor),
      observe: (event) => watching.observe(event),
      paceMs: (who) => watching.sentinel.paceMs(who),
    };
  }

  /** Before the core is closed: a sweep under way ends after the conversation that it is at. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopped.abort();
    await this.#sweeping;
  }

  #sweepIn(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#sweeping = this.#sweep().finally(() => {
        if (!this.#stopped.signal.aborted) this.#timer = this.#sweepIn(SWEEP_EVERY_MS);
      });
    }, ms);
    timer.unref();
    return timer;
  }

  async #sweep(): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.#retention.sweep('system', this.#stopped.signal);
    } catch (error) {
      if (!this.#stopped.signal.aborted) log.warn('retention.sweepFailed', { code: logId(codeOf(error)) });
    }
  }
}
