/**
 * Appliance: the composition root. Configuration in, a running appliance out; `close()` undoes it. It opens the vault
 * and what stands on it, starts the engines, and offers all of it to the api as `Services`. It knows no host: the
 * headless server, Electron's pipe and the command line stand on it alike.
 */
import { lookup } from 'node:dns/promises';
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Check, DeskSummary, OpenServices, Services, SoundMeasuring, Status } from './api/index.ts';
import { Administration } from './appliance/administration.ts';
import { type Core, openCore } from './appliance/core.ts';
import { deskFolder, findDesks, siteChoice, siteDeskFolder, summaryOf } from './appliance/desks.ts';
import { examine } from './appliance/doctor.ts';
import { type Reading, SoundChecks } from './appliance/sound-check.ts';
import { keepSoundProfile, siteSoundProfile } from './appliance/sound-profile.ts';
import { talkServices } from './appliance/talking.ts';
import { type Clock, installRoot, type Log, type Paths, SottoError, systemClock } from './base/index.ts';
import type { Member } from './identity/index.ts';
import { releaseWebRtc } from './media/index.ts';
import { type SupervisedSpeech, startSpeech } from './speech/index.ts';
import {
  createVault,
  type Keychain,
  type KeySource,
  keychainAvailable,
  openVault,
  osKeychain,
  type Vault,
  vaultKeySource,
  vaultState,
  writeSetting,
} from './vault/index.ts';

export { type ConverseOptions, MOST_CONVERSATIONS } from './appliance/conversations.ts';
export { type Core, openCore } from './appliance/core.ts';
export { deskFolder, findDesks, siteDeskFolder } from './appliance/desks.ts';
export { type DoctorParts, electronBinary, examine } from './appliance/doctor.ts';
export { examineSite, type SiteParts } from './appliance/doctor-site.ts';
export { openThrowaway, type Throwaway } from './appliance/throwaway.ts';

export interface ApplianceOptions {
  readonly paths: Paths;
  readonly host: Status['host'];
  readonly log: Log;
  readonly clock?: Clock;
  readonly keychain?: Keychain;
  /** A desk pack's folder that is used instead of the one chosen at set-up. */
  readonly deskFolder?: string;
  /** The address, or a name of it, that WebRTC listens on; loopback unless IT names another. */
  readonly mediaAddress?: string;
  /** The vault's passphrase or credential, where the operator provides it at start. */
  readonly unlockWith?: Extract<KeySource, { kind: 'passphrase' | 'credential' }>;
}

/**
 * Starts the appliance: engines at once, the vault as far as its key is at hand.
 * @throws SottoError of the vault when its key is missing or wrong: never a new vault instead.
 */
export async function startAppliance(options: ApplianceOptions): Promise<Appliance> {
  const mediaAddress = await addressOf(options.mediaAddress ?? '127.0.0.1');
  const speech = await startSpeech({ log: options.log });
  const appliance = new Appliance({ ...options, mediaAddress }, speech);
  try {
    await appliance.openAtStart();
    return appliance;
  } catch (error) {
    await appliance.close('start-failed');
    throw error;
  }
}

/** A running appliance, as the api sees it. */
export class Appliance implements Services {
  readonly speech: SupervisedSpeech;
  readonly #options: ApplianceOptions;
  readonly #clock: Clock;
  readonly #keychain: Keychain;
  readonly #sound: SoundChecks;
  readonly #mediaAddress: string;
  #core: Core | null = null;
  #administration: Administration | null = null;
  #open: OpenServices | null = null;
  #siteName: string | null = null;
  #keychainProbe: Promise<boolean> | null = null;
  #opening = false;

  constructor(options: ApplianceOptions, speech: SupervisedSpeech) {
    this.#options = options;
    this.speech = speech;
    this.#clock = options.clock ?? systemClock;
    this.#keychain = options.keychain ?? osKeychain();
    this.#mediaAddress = options.mediaAddress ?? '127.0.0.1';
    this.#sound = new SoundChecks(speech, this.#mediaAddress);
  }

  get open(): OpenServices | null {
    return this.#open;
  }

  async openAtStart(): Promise<void> {
    const { paths, unlockWith } = this.#options;
    const kind = vaultState(paths) === 'absent' ? null : vaultKeySource(paths);
    if (kind === 'keychain') await this.#openWith({ kind, keychain: this.#keychain });
    else if (kind !== null && unlockWith) await this.#openWith(unlockWith);
    else if (kind === 'credential') throw noCredential();
  }

  async status(): Promise<Status> {
    // Asked once: a locked keychain may put up a window of its own each time.
    this.#keychainProbe ??= keychainAvailable(this.#keychain);
    return {
      version: await versionOf(),
      phase: this.#phase(),
      siteName: this.#siteName,
      desk: this.#core ? summaryOf(this.#core.desk.pack) : null,
      keychain: { available: await this.#keychainProbe, label: this.#keychain.label },
      host: this.#options.host,
    };
  }

  checks(): Promise<readonly Check[]> {
    const { paths, log } = this.#options;
    const clock = this.#clock;
    const core = this.#core;
    const parts = { paths, keychain: this.#keychain, clock };
    if (!core || !this.#open) return examine(parts);
    const { vault, models, gateway } = core;
    const { retention } = this.#open;
    const toolServers = () => gateway.health();
    // Beside engines that have loaded the packs already nothing is loaded a second time.
    return examine({ ...parts, site: { vault, models, retention, toolServers, clock, log, load: false } });
  }

  async desks(): Promise<readonly DeskSummary[]> {
    return (await findDesks(this.#options.paths)).map(summaryOf);
  }

  async setUp(input: Parameters<Services['setUp']>[0]): Promise<Member> {
    return await this.#once(async () => {
      if (this.#phase() !== 'setup') {
        throw new SottoError('setup/already-done', 'This appliance is set up already.', {
          remedy: 'Sign in.',
        });
      }
      // What can be refused is refused before anything is made.
      await deskFolder(this.#options.paths, input.deskId);
      await this.#discardUnfinished();
      try {
        return await this.#make(input);
      } catch (error) {
        await this.#discardUnfinished();
        throw error;
      }
    });
  }

  async unlock(passphrase: string): Promise<void> {
    await this.#once(async () => {
      if (this.#core) return;
      await this.#openWith({ kind: 'passphrase', passphrase });
    });
  }

  soundCheck(sdpOffer: string): Promise<{ readonly id: string; readonly sdp: string }> {
    return this.#sound.begin(sdpOffer);
  }

  soundLevels(id: string): AsyncIterable<Reading> {
    return this.#sound.levels(id);
  }

  async *measureSound(id: string): AsyncGenerator<SoundMeasuring, void, void> {
    for await (const event of this.#sound.measure(id)) {
      if (event.type === 'result') await keepSoundProfile(this.#options.paths, this.#clock, event);
      yield event;
    }
  }

  endSoundCheck(id: string): Promise<void> {
    return this.#sound.end(id);
  }

  async close(reason: string): Promise<void> {
    await this.#sound.close();
    const core = this.#core;
    this.#core = null;
    this.#open = null;
    await this.#administration?.close();
    await core?.close(reason);
    await this.speech.close();
    releaseWebRtc();
  }

  #phase(): Status['phase'] {
    // A vault without a member is a set-up that was cut off: nobody could ever sign in to it.
    if (this.#core) return this.#core.identity.empty ? 'setup' : 'ready';
    return vaultState(this.#options.paths) === 'absent' ? 'setup' : 'locked';
  }

  async #make(input: Parameters<Services['setUp']>[0]): Promise<Member> {
    const vault = await createVault(this.#options.paths, this.#keySource(input.key), this.#ports());
    writeSetting(vault, 'site', { siteName: input.siteName, deskId: input.deskId }, this.#clock);
    const core = await this.#openCore(vault);
    const detail = { key: vault.keySource };
    core.audit.append({ action: 'vault.create', actor: 'system', outcome: 'success', detail });
    const member = await core.identity.createMember({ ...input.admin, roles: ['admin'] }, 'system');
    core.audit.append({ action: 'setup.complete', actor: member.id, outcome: 'success' });
    return member;
  }

  /** Removes the vault of a set-up that did not come to its first member; there is nothing in it to lose. */
  async #discardUnfinished(): Promise<void> {
    const core = this.#core;
    if (!core?.identity.empty) return;
    this.#core = null;
    this.#open = null;
    await this.#administration?.close();
    await core.close('setup-unfinished');
    const { database, vaultHeader } = this.#options.paths;
    const files = [vaultHeader, database, `${database}-wal`, `${database}-shm`];
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }

  async #openWith(source: KeySource): Promise<void> {
    const vault = await openVault(this.#options.paths, source, this.#ports());
    const core = await this.#openCore(vault);
    core.audit.append({
      action: 'vault.unlock',
      actor: 'system',
      outcome: 'success',
      detail: { key: source.kind },
    });
  }

  async #openCore(vault: Vault): Promise<Core> {
    const { paths, log } = this.#options;
    const core = await openCore({
      vault,
      deskFolder: this.#options.deskFolder ?? (await siteDeskFolder(vault, paths)),
      deskData: paths.deskData,
      models: paths.models,
      sound: await siteSoundProfile(paths, log),
      speech: this.speech,
      clock: this.#clock,
      log,
    });
    this.#siteName = siteChoice(vault)?.siteName ?? null;
    this.#core = core;
    this.#administration = new Administration({ core, vault, paths, clock: this.#clock, log });
    const { identity, records, audit } = core;
    const talk = talkServices(core, this.#mediaAddress);
    this.#open = { identity, records, audit, ...talk, ...this.#administration.services() };
    return core;
  }

  #keySource(key: Parameters<Services['setUp']>[0]['key']): KeySource {
    return key.kind === 'keychain' ? { kind: 'keychain', keychain: this.#keychain } : key;
  }

  #ports() {
    return { clock: this.#clock, log: this.#options.log };
  }

  /** Set-up and unlocking take seconds (Argon2id); a second one meanwhile is refused, not queued. */
  async #once<T>(work: () => Promise<T>): Promise<T> {
    if (this.#opening) {
      throw new SottoError('appliance/opening', 'The vault is being opened.', { remedy: 'Wait a moment.' });
    }
    this.#opening = true;
    try {
      return await work();
    } finally {
      this.#opening = false;
    }
  }
}

/** @throws SottoError `appliance/unknown-host` */
async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (cause) {
    throw new SottoError('appliance/unknown-host', `This machine does not know the address of ${host}.`, {
      remedy: 'Name an IP address of this machine with --host, or add the name to /etc/hosts.',
      cause,
    });
  }
}

function noCredential(): SottoError {
  return new SottoError(
    'vault/credential-missing',
    'The vault opens with a credential file, and none was given.',
    {
      remedy: 'Start Sotto by its systemd unit, or name the file with --credential FILE.',
    },
  );
}

async function versionOf(): Promise<string> {
  const file = await readFile(new URL('package.json', `file://${installRoot}`), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(file)).version;
}
