import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { LOG, machinePath, NODE, ROOT } from './places.mjs';
import { runLogged, step } from './progress.mjs';

const MODULES = join(ROOT, 'node_modules');
/** Made by an install script: not there when npm was told to run none. */
const SOUND_DRIVER = join(MODULES, 'naudiodon', 'build', 'Release', 'naudiodon.node');

/**
 * Whether what lies in node_modules is what package-lock.json says. npm writes what it installed into
 * node_modules/.package-lock.json when it is through, so an interrupted install reads as none.
 */
export function npmPackagesCurrent() {
  if (!existsSync(NODE) || !existsSync(SOUND_DRIVER)) return false;
  const wanted = readLock(join(ROOT, 'package-lock.json'));
  const present = readLock(join(MODULES, '.package-lock.json'));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const there = present[path];
    if (there === undefined) return entry.optional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/** @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | null} */
function readLock(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/**
 * Installs exactly what package-lock.json says, with npm's noise going into the log.
 * @throws Failure
 */
export async function installNpmPackages() {
  const count = Object.keys(readLock(join(ROOT, 'package-lock.json')) ?? {}).length;
  const { status, output } = await step(
    `Installing the npm packages of package-lock.json (${count} entries; the first time takes about a minute)`,
    () => runLogged('npm', ['ci', '--include=dev', '--include=optional', '--loglevel=warn'], npmEnv()),
  );
  if (status !== 0) throw failureOf(status, output);
  if (npmPackagesCurrent() && spawnSync(NODE, ['--version']).status === 0) return;
  throw new Failure(
    'npm finished, but what its install scripts make is not there (npm may be set to run none: ignore-scripts).',
    `Run: npm ci --ignore-scripts=false\nThe whole log: ${LOG}`,
  );
}

function npmEnv() {
  const env = { ...process.env, PATH: machinePath(), ONNXRUNTIME_NODE_INSTALL: 'skip', NODE_ENV: '' };
  const headers = nodeHeaders();
  // Without headers at hand node-gyp would fetch them from nodejs.org, which is no package registry.
  if (env.npm_config_nodedir === undefined && headers !== null) env.npm_config_nodedir = headers;
  return env;
}

/** The folder over `include/node` of the machine's Node; null where it came without its headers. */
function nodeHeaders() {
  const node = machinePath()
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file));
  if (node === undefined) return null;
  const prefix = dirname(dirname(realpathSync(node)));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : null;
}

/** Names the cause as far as npm's words tell it. */
function failureOf(/** @type {number | null} */ status, /** @type {string} */ output) {
  const log = `The whole log: ${LOG}`;
  if (status === null)
    return new Failure('npm could not be started.', `Install npm (it comes with Node). ${log}`);
  const known = CAUSES.find(({ sign }) => sign.test(output));
  const words = npmWords(output).map((line) => `  ${line}`);
  const cause = known?.cause ?? 'npm could not install the packages.';
  const nextStep = known?.nextStep ?? 'Put right what it says, then run the same command again.';
  return new Failure([cause, ...words].join('\n'), `${nextStep}\n${log}`);
}

const CAUSES = [
  {
    sign: /gyp ERR!/,
    cause: 'The sound driver (naudiodon) did not compile.',
    nextStep:
      'It needs g++, make, python3 and Node’s headers (include/node beside Node; Debian’s own Node: libnode-dev). Then run the same command again.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
    cause: 'The npm registry cannot be reached.',
    nextStep:
      'Check the network, the proxy, and the registry (npm config get registry), then run the same command again.',
  },
  {
    sign: /ENOSPC/,
    cause: 'The disk is full.',
    nextStep: 'Make room (about 1.5 GB), then run the same command again.',
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    cause: 'npm may not write where it must.',
    nextStep: `Make ${ROOT} and the npm cache (npm config get cache) yours, then run the same command again.`,
  },
  {
    sign: /EINTEGRITY/,
    cause: 'A package is not the one that package-lock.json names.',
    nextStep:
      'Do not go on with it: ask whoever runs the registry, or empty the cache (npm cache clean --force).',
  },
];

/** The lines that tell most: what a compiler or a request said, else npm's own. */
function npmWords(/** @type {string} */ output) {
  const errors = output
    .split('\n')
    .filter((line) => /^(npm (error|ERR!)|Error:)/.test(line))
    .filter((line) => !/A complete log|npm (error|ERR!)\s*$/.test(line));
  const telling = errors.filter((line) =>
    /\b(error:|fatal|cannot|not found|gyp ERR! stack Error)/i.test(line),
  );
  return [telling, errors, output.trim().split('\n')].find((lines) => lines.length > 0)?.slice(0, 6) ?? [];
}

/** Whether Electron's binary is here (npm brings the package without it). */
export function electronBinary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override ?? join(MODULES, 'electron', 'dist');
  return existsSync(folder) && readdirSync(folder).some((name) => /^electron(\.exe|\.app)?$/i.test(name));
}
