// What Sotto needs of the system that npm does not bring, and how to get it on Debian and its kin.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { LOG, machinePath } from './places.mjs';
import { runLogged, say, step } from './progress.mjs';

/**
 * @typedef {object} Need
 * @property {string[]} packages Debian packages, any one of which meets it (names differ between releases)
 * @property {'compiling' | 'running' | 'testing'} when
 * @property {string} why what it is for, as a person would say it
 * @property {string} [command] meets it too, wherever it comes from
 * @property {string} [library] how it is known where there is no dpkg
 */

/** @type {readonly Need[]} */
export const NEEDS = [
  { packages: ['g++'], when: 'compiling', why: 'compiling the sound driver', command: 'g++' },
  { packages: ['make'], when: 'compiling', why: 'compiling the sound driver', command: 'make' },
  { packages: ['python3'], when: 'compiling', why: 'compiling the sound driver', command: 'python3' },
  {
    packages: ['libpocketsphinx3'],
    when: 'running',
    why: 'recognising speech',
    library: 'libpocketsphinx.so.3',
  },
  { packages: ['pocketsphinx-en-us'], when: 'running', why: 'recognising English' },
  { packages: ['espeak-ng'], when: 'running', why: 'speaking', command: 'espeak-ng' },
  { packages: ['libespeak-ng1'], when: 'running', why: 'speaking', library: 'libespeak-ng.so.1' },
  {
    packages: ['libasound2', 'libasound2t64'],
    when: 'running',
    why: 'microphone and speaker',
    library: 'libasound.so.2',
  },
  {
    packages: ['libasound2-plugins'],
    when: 'running',
    why: 'microphone and speaker by way of PulseAudio or PipeWire',
  },
  { packages: ['chromium'], when: 'testing', why: 'the browser tests', command: 'chromium' },
  { packages: ['pulseaudio'], when: 'testing', why: 'the sound device tests', command: 'pulseaudio' },
  { packages: ['pulseaudio-utils'], when: 'testing', why: 'the sound device tests', command: 'pactl' },
  {
    packages: ['gnome-keyring'],
    when: 'testing',
    why: 'the keychain tests',
    command: 'gnome-keyring-daemon',
  },
  {
    packages: ['dbus-daemon', 'dbus'],
    when: 'testing',
    why: 'the keychain tests',
    command: 'dbus-run-session',
  },
  { packages: ['iproute2'], when: 'testing', why: 'the test without any network', command: 'ip' },
  { packages: ['flite'], when: 'testing', why: 'a voice that plays the person', command: 'flite' },
  { packages: ['sox'], when: 'testing', why: 'the sound file tests', command: 'sox' },
  { packages: ['openssl'], when: 'testing', why: 'certificates for the tests', command: 'openssl' },
  { packages: ['openssh-client'], when: 'testing', why: 'the audit export tests', command: 'ssh-keygen' },
  { packages: ['golang-go'], when: 'testing', why: 'the audit export tests', command: 'go' },
  { packages: ['golang-golang-x-mod-dev'], when: 'testing', why: 'the audit export tests' },
];

/**
 * What this machine lacks of what is needed now.
 * @param {{ compiling: boolean, testing: boolean }} now
 * @returns {Need[]}
 */
export function missingNeeds(now) {
  if (process.platform !== 'linux') return [];
  const wanted = NEEDS.filter(({ when }) => when === 'running' || now[when]);
  const installed = installedPackages(wanted.flatMap(({ packages }) => packages));
  if (installed === null) return wanted.filter((need) => !foundWithoutDpkg(need));
  return wanted.filter(
    ({ packages, command }) => !packages.some((name) => installed.has(name)) && !onPath(command),
  );
}

const GOING_ON = 'Going on without: typed conversations work, speech and sound do not until then.';

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in
const DPKG_FORMAT = '${Package} ${db:Status-Status}\\n';

/** Null where there is no dpkg. @param {string[]} names */
function installedPackages(names) {
  const { error, stdout } = spawnSync('dpkg-query', ['-W', `-f=${DPKG_FORMAT}`, ...names], {
    encoding: 'utf8',
  });
  if (error !== undefined) return null;
  const rows = stdout.split('\n').map((row) => row.split(' '));
  return new Set(rows.filter(([, status]) => status === 'installed').map(([name]) => name));
}

/** @param {string | undefined} command */
function onPath(command) {
  if (command === undefined) return false;
  return machinePath()
    .split(delimiter)
    .some((folder) => existsSync(join(folder, command)));
}

/** What has neither a command nor a library of its own cannot be looked for, and is not asked for. */
function foundWithoutDpkg(/** @type {Need} */ { command, library }) {
  if (command !== undefined) return onPath(command);
  if (library === undefined) return true;
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return (stdout ?? '').includes(library);
}

/**
 * The one command with which a person installs them all; null where there is nothing to install.
 * @param {Need[]} needs
 */
export function debianCommand(needs) {
  if (needs.length === 0) return null;
  return `sudo apt-get update && sudo apt-get install -y ${packageNames(needs).join(' ')}`;
}

/** Of each need the package that this release has. @param {Need[]} needs */
function packageNames(needs) {
  const { stdout } = spawnSync('apt-cache', ['policy', ...needs.flatMap(({ packages }) => packages)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const available = new Set();
  for (const [, name, candidate] of (stdout ?? '').matchAll(/^(\S+):\n.*\n {2}Candidate: (\S+)/gm)) {
    if (candidate !== '(none)') available.add(name);
  }
  return needs.map(({ packages }) => packages.find((name) => available.has(name)) ?? packages[0]);
}

/** Cannot go on without: the sound driver does not compile, or a whole part of the tests cannot run. */
const isHard = (/** @type {Need} */ { when }, /** @type {boolean} */ testing) =>
  testing || when === 'compiling';

/**
 * Installs them where this may; else says what a person must run, and goes on where what is missing can wait.
 * @param {Need[]} needs
 * @param {{ testing: boolean }} how
 * @throws Failure
 */
export async function installSystemPackages(needs, { testing }) {
  const command = debianCommand(needs);
  const hasApt = onPath('apt-get');
  if (hasApt && process.getuid?.() === 0) return installAsRoot(needs, testing);
  say('Missing on this machine:');
  for (const line of needLines(needs)) say(line);
  const nextStep = hasApt
    ? `This one command installs it all, then run the same command again:\n\n  ${command}\n`
    : 'This is no Debian: install the same from your system’s packages (or run the same command again on Debian or Ubuntu).';
  if (needs.some((need) => isHard(need, testing))) {
    throw new Failure('Sotto cannot go on without it, and only an administrator can install it.', nextStep);
  }
  say(`${nextStep}\n${GOING_ON}`);
}

/**
 * @param {Need[]} needs
 * @param {boolean} testing
 */
async function installAsRoot(needs, testing) {
  say('Debian packages are missing:');
  for (const line of needLines(needs)) say(line);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const apt = (/** @type {string[]} */ ...args) =>
    runLogged('apt-get', ['-y', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2', ...args], env);
  const listed = await step('Asking the package archive what it has', () => apt('update'));
  const names = packageNames(needs);
  const outcome = await step(`Installing ${names.length === 1 ? 'it' : 'them'} with apt-get`, () =>
    apt('--no-install-recommends', 'install', ...names),
  );
  if (outcome.status === 0) return;
  const output = listed.status === 0 ? outcome.output : listed.output + outcome.output;
  const failure = new Failure(
    ['apt-get could not install them:', ...causes(output)].join('\n'),
    `Put that right, or run it yourself: apt-get update && apt-get install -y ${names.join(' ')}\nThe whole log: ${LOG}`,
  );
  if (needs.some((need) => isHard(need, testing))) throw failure;
  say(`${failure.message}\n${failure.nextStep}\n${GOING_ON}`);
}

/** Packages with the same purpose on one line. */
function needLines(/** @type {Need[]} */ needs) {
  const purposes = [...new Set(needs.map(({ why }) => why))];
  return purposes.map((purpose) => {
    const names = needs.filter(({ why }) => why === purpose).map(({ packages }) => packages[0]);
    return `  ${names.join(', ')} (${purpose})`;
  });
}

/** apt-get's own words for what went wrong. */
function causes(/** @type {string} */ output) {
  const errors = output.split('\n').filter((line) => /^(E:|Err:|W: Failed)/.test(line));
  const lines = errors.length > 0 ? errors : output.trim().split('\n').slice(-5);
  return [...new Set(lines)].slice(0, 8).map((line) => `  ${line}`);
}
