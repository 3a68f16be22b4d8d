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
import { openSource } from './source.ts';
import { keyMeant, type TrustedKey, trustedKey, trustedKeySchema, validKey } from './trusted.ts';
import { nowhere, readFiles, readSigned, type VerifiedPack, type VerifyOptions } from './verify.ts';

export type { InstalledModel } from './installed.ts';
export type { TrustedKey } from './trusted.ts';

const INSTALLED = 'models.installed';
const TRUSTED = 'models.trustedKeys';
const CHOSEN = 'models.chosen';
const MOST_KEYS = 32;
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
  trust(
    key: PublicKey,
    terms: { readonly name: string; readonly validFrom?: number; readonly validUntil?: number },
    actor: string,
  ): TrustedKey;
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
  /** One change at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: ModelPorts) {
    this.#ports = ports;
    this.#limits = ports.limits ?? LIMITS;
  }

  trustedKeys(): readonly TrustedKey[] {
    return readSetting(this.#ports.vault, TRUSTED, z.array(trustedKeySchema)) ?? [];
  }

  trust(
    { fingerprint, pem }: PublicKey,
    { name, validFrom, validUntil }: { name: string; validFrom?: number; validUntil?: number },
    actor: string,
  ): TrustedKey {
    const keys = this.trustedKeys();
    if (keys.some((key) => key.fingerprint === fingerprint))
      throw new SottoError('models/already-trusted', 'This key is trusted already.', {
        remedy: 'To change its name or time, take it away with `sotto pack trust remove` first.',
      });
    if (keys.length >= MOST_KEYS)
      throw new SottoError('models/too-many-keys', 'The site trusts too many keys.', {
        remedy: 'Take those away that nobody signs with any more.',
      });
    const now = this.#ports.clock.now();
    const key = trustedKeySchema.safeParse({
      name,
      fingerprint,
      pem,
      validFrom: validFrom ?? now,
      validUntil: validUntil ?? null,
      addedAt: now,
    });
    if (!key.success || (validUntil !== undefined && validUntil <= (validFrom ?? now)))
      throw new SottoError('models/bad-validity', 'The name or the times of the key cannot be used.', {
        remedy: 'Give a name of up to 80 characters, and an end that is after the beginning.',
      });
    const detail = { name, validFrom: key.data.validFrom, validUntil: key.data.validUntil };
    this.#record(
      { action: 'model.trust', actor, target: `key:${fingerprint}`, outcome: 'success', detail },
      () => writeSetting(this.#ports.vault, TRUSTED, [...keys, key.data], this.#ports.clock),
    );
    return key.data;
  }

  distrust(prefix: string, actor: string): TrustedKey {
    const keys = this.trustedKeys();
    const key = keyMeant(keys, prefix);
    const rest = keys.filter((each) => each !== key);
    const target = `key:${key.fingerprint}`;
    this.#record(
      { action: 'model.distrust', actor, target, outcome: 'success', detail: { name: key.name } },
      () => writeSetting(this.#ports.vault, TRUSTED, rest, this.#ports.clock),
    );
    return key;
  }

  installed(): readonly InstalledModel[] {
    return readSetting(this.#ports.vault, INSTALLED, z.array(installedSchema)) ?? [];
  }

  async verify(path: string, options: Omit<VerifyOptions, 'limits'> = {}): Promise<VerifiedPack> {
    const source = await openSource(path, this.#limits);
    try {
      const verified = readSigned(source, (key) => this.#validKey(key), this.#limits);
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
    readSigned(source, (fingerprint) => trustedKey(this.trustedKeys(), fingerprint), this.#limits);
    return { ...(await checkedPack({ folder, digest: installed.digest }, signal)), installed };
  }

  async #install(
    path: string,
    { actor, downgrade = false, ...options }: InstallOptions,
  ): Promise<InstalledModel> {
    const { clock, paths } = this.#ports;
    const source = await openSource(path, this.#limits);
    try {
      const { manifest, digest, signer } = readSigned(source, (key) => this.#validKey(key), this.#limits);
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
        this.#validKey(signer);
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

  #validKey(fingerprint: string): PublicKey {
    return validKey(this.trustedKeys(), fingerprint, this.#ports.clock);
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
