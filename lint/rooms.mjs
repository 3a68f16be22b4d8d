// Holds the direction of imports that DESIGN.md draws. Run: node lint/rooms.mjs
//
// 1. Within main/, a room imports only rooms below it, and only through their index.ts.
// 2. renderer/ imports nothing of main/ but api/contract.ts, api/client.ts and guard/sound/trace.ts.
// 3. Nothing but main/shell/ imports electron; desks/ import nothing of main/.
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/** From the top of the house to its ground. A room may import those that come after it. */
const ROOMS = [
  'shell',
  'cli',
  'headless',
  'appliance',
  'api',
  'conversation',
  'media',
  'speech',
  'dialogue',
  'tools',
  'guard',
  'identity',
  'records',
  'models',
  'audit',
  'vault',
  'base',
];
/** Both run in a browser and hold no appliance code. */
const RENDERER_MAY_IMPORT = [
  'main/api/contract.ts',
  'main/api/client.ts',
  // Arithmetic that imports nothing: the same screen before the client's codec and in the appliance.
  'main/guard/sound/trace.ts',
];

/** The hosts stand side by side on the appliance; the command line starts the headless host. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const files = globSync(['main/**/*.ts', 'renderer/**/*.{ts,tsx}', 'desks/**/*.ts', 'models/**/*.ts']);
const problems = files.flatMap((file) => importsOf(file).flatMap((to) => judge(file, to)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`rooms: ${files.length} files keep the direction of imports`);

function importsOf(file) {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? match[2]);
}

function judge(file, to) {
  if (/^electron(\/|$)/.test(to) && !file.startsWith('main/shell/'))
    return [`${file}: only main/shell imports electron`];
  if (!to.startsWith('.')) return [];
  const target = relative('.', resolve(dirname(file), to));
  if (file.startsWith('renderer/')) return judgeRenderer(file, target);
  if (file.startsWith('desks/'))
    return target.startsWith('main/') ? [`${file}: a desk imports nothing of main/ (${target})`] : [];
  if (!target.startsWith('main/'))
    return target.startsWith('renderer/') ? [`${file}: main/ does not import renderer/`] : [];
  return judgeRoom(file, target);
}

function judgeRenderer(file, target) {
  if (!target.startsWith('main/') || RENDERER_MAY_IMPORT.includes(target)) return [];
  return [`${file}: of main/ the renderer knows ${RENDERER_MAY_IMPORT.join(' and ')} only (${target})`];
}

function judgeRoom(file, target) {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === to) return [];
  if (!ROOMS.includes(from) || !ROOMS.includes(to)) return [`${file}: ${target} is in no known room`];
  if (ROOMS.indexOf(to) < ROOMS.indexOf(from))
    return [`${file}: ${from}/ is below ${to}/ and may not import it`];
  const door = to === 'appliance' ? 'main/appliance.ts' : `main/${to}/index.ts`;
  if (target !== door) return [`${file}: enter ${to}/ by its door (${door}), not ${target}`];
  return [];
}

function roomOf(file) {
  return file.split('/')[1].replace(/\.ts$/, '');
}
