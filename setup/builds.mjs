// The two things that are built: the window (renderer/) always, the shell around it where Electron's binary is.
// What is built is known by a hash over all that goes into it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Failure } from './failure.mjs';
import { electronBinary } from './npm-packages.mjs';
import { CACHE, LOG, NODE, ownPath, ROOT } from './places.mjs';
import { runLogged, step } from './progress.mjs';

const STAMP = join(CACHE, 'built.json');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"](\.[^'"]+)['"]/g;

/** @typedef {'renderer' | 'shell'} Name */

/** @type {Record<Name, { title: string, entries: () => string[], result: string, runs: string[][] }>} */
const BUILDS = {
  renderer: {
    title: 'Building the window',
    entries: () => [...filesIn('renderer'), 'main/api/contract.ts', 'main/api/client.ts'],
    result: 'dist/renderer/index.html',
    runs: [['build', '--config', 'renderer/vite.config.ts']],
  },
  shell: {
    title: 'Building the Electron shell',
    entries: () => ['main/shell/main.ts', 'main/shell/preload.ts', 'main/shell/vite.config.ts'],
    result: 'dist/shell/main.js',
    runs: [
      ['build', '--config', 'main/shell/vite.config.ts'],
      ['build', '--config', 'main/shell/vite.config.ts', '--mode', 'preload'],
    ],
  },
};

/** Builds whose result is missing or older than what goes into it. @returns {Name[]} */
export function planBuilds() {
  const built = readStamp();
  const names = /** @type {Name[]} */ (electronBinary() ? ['renderer', 'shell'] : ['renderer']);
  return names.filter(
    (name) => !existsSync(join(ROOT, BUILDS[name].result)) || built[name] !== hashOf(BUILDS[name].entries()),
  );
}

/**
 * @param {Name[]} names
 * @throws Failure
 */
export async function runBuilds(names) {
  for (const name of names) {
    const { title, entries, runs } = BUILDS[name];
    const hash = hashOf(entries());
    await step(title, async () => {
      for (const args of runs) await vite(args);
    });
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(STAMP, `${JSON.stringify({ ...readStamp(), [name]: hash }, null, 2)}\n`);
  }
}

/** @param {string[]} args */
async function vite(args) {
  const env = { ...process.env, PATH: ownPath(), NODE_ENV: 'production' };
  const { status, output } = await runLogged(NODE, [VITE, ...args], env);
  if (status === 0) return;
  const words = output.trim().split('\n').slice(-12);
  throw new Failure(
    ['The build failed:', ...words.map((line) => `  ${line}`)].join('\n'),
    `Put right what it says, then run the same command again.\nThe whole log: ${LOG}`,
  );
}

/** @returns {Partial<Record<Name, string>>} */
function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** A hash over the files, all that they import of this checkout, and the versions of the packages. */
function hashOf(/** @type {string[]} */ entries) {
  const hash = createHash('sha256');
  for (const file of [...withImports(entries), 'package-lock.json'].sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function withImports(/** @type {string[]} */ entries) {
  const seen = new Set();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (!/\.(ts|tsx|mjs)$/.test(file)) continue;
    for (const [, to] of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)) {
      const target = relative(ROOT, resolve(ROOT, dirname(file), to));
      if (existsSync(join(ROOT, target))) queue.push(target);
    }
  }
  return seen;
}

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}
