import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from '../api/index.ts';
import { type Clock, installRoot, type Paths, SottoError } from '../base/index.ts';
import { listDevices } from '../media/index.ts';
import { speechChecks } from '../speech/index.ts';
import { type Keychain, keychainAvailable, vaultState } from '../vault/index.ts';
import { findDesks } from './desks.ts';
import { type Finding, one } from './doctor-finding.ts';
import { examineSite, type SiteParts, siteUnseen } from './doctor-site.ts';
import { plainSwap } from './swap.ts';

export interface DoctorParts {
  readonly paths: Paths;
  readonly keychain: Keychain;
  readonly clock: Clock;
  /** The open site, or why it cannot be opened; absent where there is none. */
  readonly site?: SiteParts | { readonly unseen: unknown };
}

const LEAST_FREE_BYTES = 1e9;
/** Sotto is newer than this: a clock before it was never set. */
const EARLIEST_NOW = Date.UTC(2026, 0, 1);

/** Looks at everything that Sotto needs on this machine, with a remedy for what does not work. */
export async function examine(parts: DoctorParts): Promise<readonly Check[]> {
  const groups = await Promise.all([
    [nodeCheck()],
    speech(),
    one('sound-devices', 'Sound devices', devices),
    one('keychain', 'Keychain', () => keychain(parts.keychain)),
    one('vault', 'Vault', () => vault(parts.paths)),
    one('desk-packs', 'Desk packs', () => desks(parts.paths)),
    one('certificates', 'Certificates', () => certificates(parts)),
    one('clock', 'Clock', () => clock(parts.clock)),
    one('disk', 'Disk space', () => disk(parts.paths)),
    one('swap', 'Swap', swap),
    one('electron', 'Desktop window', electron),
    site(parts.site),
  ]);
  return groups.flat();
}

async function site(open: DoctorParts['site']): Promise<readonly Check[]> {
  if (!open) return [];
  return 'unseen' in open ? [siteUnseen(open.unseen)] : await examineSite(open);
}

function nodeCheck(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  const ok = major >= 24;
  return {
    id: 'node',
    name: 'Node',
    state: ok ? 'ok' : 'fail',
    message: `Node ${process.versions.node} on ${process.platform} ${process.arch}.`,
    remedy: ok ? null : 'Run npm start: it brings the Node that Sotto needs.',
  };
}

async function speech(): Promise<readonly Check[]> {
  const checks = await speechChecks();
  return checks.map(({ engine, ok, message, remedy }) => ({
    id: `speech-${engine}`,
    name: `Speech: ${engine}`,
    state: ok ? 'ok' : 'fail',
    message,
    remedy: remedy ?? null,
  }));
}

async function devices(): Promise<Finding> {
  try {
    const all = await listDevices();
    const inputs = all.filter(({ inputs }) => inputs > 0).length;
    const outputs = all.filter(({ outputs }) => outputs > 0).length;
    if (inputs > 0 && outputs > 0) {
      return { state: 'ok', message: `${inputs} ways in, ${outputs} ways out.` };
    }
    return {
      state: 'warn',
      message: `${inputs} ways in, ${outputs} ways out: the window's microphone still works.`,
      remedy: 'Connect a microphone and a speaker, or talk through the window.',
    };
  } catch (error) {
    // The window brings its own sound, so that a machine without devices is no failure.
    const known = error instanceof SottoError ? error : null;
    return {
      state: 'warn',
      message: known?.message ?? 'The sound devices cannot be listed.',
      remedy: known?.remedy ?? 'Talk through the window.',
    };
  }
}

async function keychain(port: Keychain): Promise<Finding> {
  if (await keychainAvailable(port))
    return { state: 'ok', message: `${port.label} keeps and returns a secret.` };
  return {
    state: 'warn',
    message: `${port.label} does not answer.`,
    remedy: 'Sign in to a desktop session with a keychain, or choose a vault passphrase at set-up.',
  };
}

function vault(paths: Paths): Finding {
  const state = vaultState(paths);
  return state === 'absent'
    ? { state: 'warn', message: 'There is no vault yet.', remedy: 'Run sotto start and complete the set-up.' }
    : { state: 'ok', message: `A vault is in ${paths.data}.` };
}

async function desks(paths: Paths): Promise<Finding> {
  const packs = await findDesks(paths);
  if (packs.length === 0) {
    return { state: 'fail', message: 'No valid desk pack.', remedy: 'Run sotto desk check DIR to see why.' };
  }
  return { state: 'ok', message: packs.map(({ desk }) => `${desk.id} ${desk.version}`).join(', ') };
}

async function certificates({ paths, clock }: DoctorParts): Promise<Finding> {
  const file = join(paths.certificates, 'server.crt');
  if (!existsSync(file))
    return { state: 'ok', message: 'None yet: they are made at the first headless start.' };
  const leftDays = (Date.parse(new X509Certificate(await readFile(file)).validTo) - clock.now()) / 86_400_000;
  if (leftDays > 0) return { state: 'ok', message: `Valid for ${Math.floor(leftDays)} more days.` };
  return {
    state: 'fail',
    message: 'The certificate has expired.',
    remedy: 'Restart Sotto: it makes a new one.',
  };
}

function clock(port: Clock): Finding {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (port.now() > EARLIEST_NOW)
    return { state: 'ok', message: `${new Date(port.now()).toISOString()}, ${zone}.` };
  return {
    state: 'fail',
    message: 'The clock was never set.',
    remedy: 'Set the date and time of the machine.',
  };
}

async function disk(paths: Paths): Promise<Finding> {
  let folder = paths.data;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free.`;
  if (free >= LEAST_FREE_BYTES) return { state: 'ok', message };
  return { state: 'warn', message, remedy: `Make room on the disk of ${folder}.` };
}

function swap(): Finding {
  const plain = plainSwap();
  if (plain.length === 0) return { state: 'ok', message: 'None, or none that is not encrypted.' };
  return {
    state: 'warn',
    message: `Not encrypted: ${plain.join(', ')}. What is in memory, keys too, can end there.`,
    remedy:
      'Encrypt the swap with a random key (crypttab: swap), use zram instead, or switch it off (swapoff -a).',
  };
}

function electron(): Finding {
  const binary = electronBinary();
  if (binary) return { state: 'ok', message: 'Electron is installed: Sotto opens in its own window.' };
  return {
    state: 'warn',
    message: 'The Electron binary is not installed: Sotto opens in the browser.',
    remedy: 'On a connected machine: npx install-electron.',
  };
}

/**
 * The Electron program of this installation, or null where only its types are there. The npm package is read and not
 * loaded: loading it without its binary would try to download one.
 */
export function electronBinary(): string | null {
  const folder = join(installRoot, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}
