import { join } from 'node:path';
import { z } from 'zod';
import type { AuditEvent, AuditLog } from '../audit/index.ts';
import { type Clock, codeOf, type Paths, SottoError } from '../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../vault/index.ts';
import {
  clearLeftovers,
  compareVersions,
  copyIn,
  type InstalledModel,
  installedSchema,
  takeAway,
} from './installed.ts';
import type { PublicKey } from './keys.ts';
import { LIMITS, type PackLimits } from './limits.ts';
import { KINDS, type PackKind, type PackManifest, totalSize } from './manifest.ts';
import { type CheckedPack, checkedPack, damaged } from './on-disk.ts';
import { type KeyTerms, SiteKeys } from './site-keys.ts';
import { openSource } from './source.ts';
import type { TrustedKey } from './trusted.ts';
import { nowhere, readFiles, readSigned, type VerifiedPack, type VerifyOptions } from './verify.ts';

export type { InstalledModel } from './installed.ts';
export type { TrustedKey } from './trusted.ts';

const INSTALLED = 'models.installed';
const CHOSEN = 'models.chosen';
const MOST_PACKS = 200;

export interface ModelPorts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly paths: Pick<Paths, 'models'>;
  /** Tests lower it. */
  readonly limits?: PackLimits;
}

export interface InstallOptions extends Omit<VerifyOptions, 'limits'> {
  /** Who installs: a member's id, or `system`. */
  readonly actor: string;
  /** Install though this version or a newer one is there. */
  readonly downgrade?: boolean;
}

/** An installed pack, checked and ready to be loaded. */
export interface ModelPack extends CheckedPack {
  readonly installed: InstalledModel;
}

/** Which pack serves each kind, by id; the built-in engine where none does. */
export type ChosenModels = Readonly<Partial<Record<PackKind, string>>>;
const chosenSchema: z.ZodType<ChosenModels> = z.partialRecord(z.enum(KINDS), z.string());

/** The model packs of an appliance, and the keys that it trusts to sign them. */
export interface Models {
  trustedKeys(): readonly TrustedKey[];
  /** @throws SottoError `models/already-trusted`, `models/too-many-keys`, `models/bad-validity`. */
  trust(key: PublicKey, terms: KeyTerms, actor: string): TrustedKey;
  /** Packs signed by it do not load any more. @throws SottoError `models/no-such-key`. */
  distrust(fingerprintPrefix: string, actor: string): TrustedKey;
  installed(): readonly InstalledModel[];
  /** Verifies a pack against the site's keys, and installs nothing. */
  verify(path: string, options?: Omit<VerifyOptions, 'limits'>): Promise<VerifiedPack>;
  /** Verifies and installs, whole or not at all; a refusal is in the log too. */
  install(path: string, options: InstallOptions): Promise<InstalledModel>;
  /** @throws SottoError `models/not-installed`. */
  remove(id: string, actor: string): Promise<InstalledModel>;
  /** Which packs are in use from the next start on. */
  chosen(): ChosenModels;
  /** Puts an installed pack to use for its kind. @throws SottoError `models/not-installed`. */
  choose(id: string, actor: string): InstalledModel;
  /** Goes back to the built-in engine of a kind, or to none. */
  unchoose(kind: PackKind, actor: string): void;
  /**
   * Opens an installed pack: its signature and every file are checked again. One that fails is in the log.
   * @throws SottoError `models/not-installed`, `models/untrusted-key`, `models/damaged`.
   */
  open(id: string, signal?: AbortSignal): Promise<ModelPack>;
}

/** Opens the models of an open vault, and clears away what an interrupted installation left. */
export async function openModels(ports: ModelPorts): Promise<Models> {
  const models = new SiteModels(ports);
  await clearLeftovers(ports.paths.models, models.installed());
  return models;
}

class SiteModels implements Models {
  readonly #ports: ModelPorts;
  readonly #limits: PackLimits;
  readonly #keys: SiteKeys;
  /** One change at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: ModelPorts) {
    this.#ports = ports;
    this.#limits = ports.limits ?? LIMITS;
    this.#keys = new SiteKeys(ports);
  }

  trustedKeys(): readonly TrustedKey[] {
    return this.#keys.all();
  }

  trust(key: PublicKey, terms: KeyTerms, actor: string): TrustedKey {
    return this.#keys.trust(key, terms, actor);
  }

  distrust(fingerprintPrefix: string, actor: string): TrustedKey {
    return this.#keys.distrust(fingerprintPrefix, actor);
  }

  installed(): readonly InstalledModel[] {
    return readSetting(this.#ports.vault, INSTALLED, z.array(installedSchema)) ?? [];
  }

  async verify(path: string, options: Omit<VerifyOptions, 'limits'> = {}): Promise<VerifiedPack> {
    const source = await openSource(path, this.#limits);
    try {
      const verified = readSigned(source, (key) => this.#keys.valid(key), this.#limits);
      await readFiles(source, verified.manifest, nowhere, options);
      return verified;
    } finally {
      await source.close();
    }
  }

  install(path: string, options: InstallOptions): Promise<InstalledModel> {
    return this.#inTurn(async () => {
      try {
        return await this.#install(path, options);
      } catch (error) {
        this.#ports.audit.append({
          action: 'model.install',
          actor: options.actor,
          outcome: 'failure',
          detail: { reason: codeOf(error) },
        });
        throw error;
      }
    });
  }

  remove(id: string, actor: string): Promise<InstalledModel> {
    return this.#inTurn(async () => {
      const pack = this.#installedAs(id);
      const rest = this.installed().filter((each) => each.id !== id);
      this.#record(changeOf('model.remove', pack, actor), () => {
        this.#write(rest);
        if (this.chosen()[pack.kind] === id) this.#writeChosen(without(this.chosen(), pack.kind));
      });
      await takeAway(this.#ports.paths.models, pack.folder);
      return pack;
    });
  }

  chosen(): ChosenModels {
    return readSetting(this.#ports.vault, CHOSEN, chosenSchema) ?? {};
  }

  choose(id: string, actor: string): InstalledModel {
    const pack = this.#installedAs(id);
    this.#record(changeOf('model.choose', pack, actor), () =>
      this.#writeChosen({ ...this.chosen(), [pack.kind]: id }),
    );
    return pack;
  }

  unchoose(kind: PackKind, actor: string): void {
    const target = `model:${this.chosen()[kind] ?? ''}`;
    const detail = { kind, chosen: false };
    this.#record({ action: 'model.choose', actor, target, outcome: 'success', detail }, () =>
      this.#writeChosen(without(this.chosen(), kind)),
    );
  }

  async open(id: string, signal?: AbortSignal): Promise<ModelPack> {
    const installed = this.#installedAs(id);
    try {
      return await this.#open(installed, signal);
    } catch (error) {
      // A file that changed under the appliance is told to auditors too, and not to the operator's log alone.
      if (!signal?.aborted)
        this.#ports.audit.append({
          action: 'model.refuse',
          actor: 'system',
          target: `model:${id}`,
          outcome: 'failure',
          detail: { version: installed.version, kind: installed.kind, reason: codeOf(error) },
        });
      throw error;
    }
  }

  async #open(installed: InstalledModel, signal?: AbortSignal): Promise<ModelPack> {
    const folder = join(this.#ports.paths.models, installed.folder);
    const source = await openSource(folder, this.#limits).catch((cause) => {
      throw damaged(cause);
    });
    readSigned(source, (key) => this.#keys.trusted(key), this.#limits);
    return { ...(await checkedPack({ folder, digest: installed.digest }, signal)), installed };
  }

  async #install(
    path: string,
    { actor, downgrade = false, ...options }: InstallOptions,
  ): Promise<InstalledModel> {
    const { clock, paths } = this.#ports;
    const source = await openSource(path, this.#limits);
    try {
      const { manifest, digest, signer } = readSigned(source, (key) => this.#keys.valid(key), this.#limits);
      const before = this.installed();
      const old = before.find(({ id }) => id === manifest.id);
      if (old && old.kind !== manifest.kind)
        throw new SottoError('models/other-kind', 'A pack of another kind is installed under this id.', {
          remedy: 'Remove that one first, or build this one under an id of its own.',
        });
      if (old && !downgrade) refuseOlder(old, manifest, digest);
      if (!old && before.length >= MOST_PACKS)
        throw new SottoError('models/too-many-packs', 'Too many packs are installed.', {
          remedy: 'Take those away that are not used, with `sotto pack remove`.',
        });
      const folder = await copyIn(paths.models, source, manifest, options);
      const pack: InstalledModel = {
        id: manifest.id,
        version: manifest.version,
        name: manifest.name,
        kind: manifest.kind,
        family: manifest.engine.family,
        digest,
        signer,
        bytes: totalSize(manifest),
        folder,
        installedAt: clock.now(),
        installedBy: actor,
      };
      try {
        // Trust may have been withdrawn while gigabytes were copied.
        this.#keys.valid(signer);
        const rest = this.installed().filter(({ id }) => id !== pack.id);
        const event = changeOf('model.install', pack, actor, old?.version);
        this.#record(event, () => this.#write([...rest, pack]));
      } catch (error) {
        await takeAway(paths.models, folder);
        throw error;
      }
      if (old) await takeAway(paths.models, old.folder);
      return pack;
    } finally {
      await source.close();
    }
  }

  #installedAs(id: string): InstalledModel {
    const pack = this.installed().find((each) => each.id === id);
    if (pack) return pack;
    throw new SottoError('models/not-installed', 'No pack of this name is installed.', {
      remedy: '`sotto pack list` prints those that are.',
    });
  }

  #write(packs: readonly InstalledModel[]): void {
    writeSetting(this.#ports.vault, INSTALLED, packs, this.#ports.clock);
  }

  #writeChosen(chosen: ChosenModels): void {
    writeSetting(this.#ports.vault, CHOSEN, chosen, this.#ports.clock);
  }

  /** The act and its entry stand in one transaction: neither is there without the other. */
  #record(event: AuditEvent, act: () => void): void {
    this.#ports.audit.record(event, act);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#turn.then(work);
    this.#turn = answer.catch(() => {});
    return answer;
  }
}

function changeOf(
  action: 'model.install' | 'model.remove' | 'model.choose',
  { id, version, kind, family, digest, signer, bytes }: InstalledModel,
  actor: string,
  replaced?: string,
): AuditEvent {
  const detail = { version, kind, family, digest, signer, bytes, ...(replaced ? { replaced } : {}) };
  return { action, actor, target: `model:${id}`, outcome: 'success', detail };
}

function without(chosen: ChosenModels, kind: PackKind): Record<string, string> {
  const { [kind]: _, ...rest } = chosen;
  return rest;
}

function refuseOlder(old: InstalledModel, { version }: PackManifest, digest: string): void {
  const order = compareVersions(version, old.version);
  // The same pack again heals files that were damaged.
  if (order > 0 || (order === 0 && digest === old.digest)) return;
  const what =
    order < 0 ? 'is older than the installed one' : 'differs from the installed one of the same version';
  throw new SottoError('models/downgrade', `The pack (${version}) ${what} (${old.version}).`, {
    remedy: 'If that is meant, run it again with --downgrade.',
  });
}
