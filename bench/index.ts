/**
 * `npm run bench [NAME…]`: measures and prints; never a test. `--write` keeps the tables in docs/benchmarks.md. Each bench
 * runs in a process of its own: one that fails, crashes or hangs says so in its section and takes no other with it.
 */
import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NODE_ARGUMENTS, NODE_ENVIRONMENT } from '../main/base/index.ts';
import { haveSharedData, sharedData } from '../test/support/data.ts';
import { machineLine } from './machine.ts';

interface Bench {
  readonly title: string;
  /** Imported when it runs, so that what one bench needs, no other needs. */
  readonly run: () => Promise<string>;
  /** Without the recordings and texts of the shared data it cannot be measured. */
  readonly needsData?: true;
  /** Runs only when it is named. */
  readonly long?: true;
}

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const LIMIT_MS = 30 * 60_000;
const LONG_LIMIT_MS = 90 * 60_000;

const BENCHES: Readonly<Record<string, Bench>> = {
  client: {
    title: 'What a person waits at the window',
    run: async () => await (await import('./client.ts')).benchClient(),
  },
  'side-by-side': {
    title: 'The same turn through LiveKit’s agents',
    run: async () => await (await import('./side-by-side.ts')).benchSideBySide(),
  },
  turns: {
    title: 'Where the time of a turn goes',
    run: async () => await (await import('./turns.ts')).benchTurns(),
    needsData: true,
  },
  'language-model': {
    title: 'What a language model costs in a turn',
    run: async () => await (await import('./language-model.ts')).benchLanguageModel(),
  },
  'turn-taking': {
    title: 'How often a person is cut off',
    run: async () => await (await import('./turn-taking.ts')).benchTurnTaking(),
    needsData: true,
  },
  'barge-in': {
    title: 'How soon the agent falls silent',
    run: async () => await (await import('./barge-in.ts')).benchBargeIn(),
    needsData: true,
  },
  voice: {
    title: 'How the voice speaks',
    run: async () => await (await import('./voice.ts')).benchVoice(),
    needsData: true,
  },
  understanding: {
    title: 'What is understood without a language model',
    run: async () => await (await import('./understanding.ts')).benchUnderstanding(),
    needsData: true,
  },
  hearing: {
    title: 'How well people are heard',
    run: async () => await (await import('./hearing/index.ts')).benchHearing(),
    needsData: true,
  },
  knowledge: {
    title: 'What the pages answer',
    run: async () => await (await import('./knowledge.ts')).benchKnowledge(),
    needsData: true,
  },
  guards: {
    title: 'What the guards find',
    run: async () => await (await import('./guards.ts')).benchGuards(),
    needsData: true,
  },
  'guard-sound': {
    title: 'What the screen of sound finds',
    run: async () => await (await import('./guard-sound.ts')).benchGuardSound(),
    needsData: true,
  },
  audit: {
    title: 'What the audit log costs',
    run: async () => await (await import('./audit.ts')).benchAudit(),
  },
  capacity: {
    title: 'How many conversations at once',
    run: async () => await (await import('./capacity.ts')).benchCapacity(),
  },
  store: {
    title: 'What is kept, and what its encryption costs',
    run: async () => await (await import('./store.ts')).benchStore(),
  },
  soak: {
    title: 'An hour of conversations',
    run: async () => await (await import('./soak.ts')).benchSoak(),
    long: true,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));

if (process.send !== undefined) await measure(positionals[0] ?? '');
else if (values.list)
  for (const [name, { title, long }] of Object.entries(BENCHES))
    console.log(`${name.padEnd(16)}${title}${long ? ' (long: only when named)' : ''}`);
else if (values.help || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no bench called ${name}.`);
  console.log(`npm run bench -- [--write] [--list] [${Object.keys(BENCHES).join('|')}…]`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else await runAll();

async function runAll(): Promise<void> {
  const names =
    positionals.length > 0 ? positionals : Object.keys(BENCHES).filter((name) => !BENCHES[name]?.long);
  const measured = new Map<string, string>();
  for (const name of names) {
    const bench = BENCHES[name];
    if (!bench) continue;
    const startedMs = performance.now();
    const { text, ok } = await inProcessOfItsOwn(name, bench);
    if (!ok) process.exitCode = 1;
    measured.set(bench.title, `*${machineLine()}*\n\n${text}`);
    console.log(`## ${bench.title}\n\n${text}\n`);
    console.log(`(${name}: ${Math.round((performance.now() - startedMs) / 1000)} s)\n`);
    // After each, so that a machine that is switched off in the middle keeps what it has measured.
    // With names, the sections of the others stand as they were measured, by others meanwhile too.
    if (values.write) writePage(positionals.length > 0 ? [...sectionsOf(PAGE), ...measured] : [...measured]);
  }
}

/** In the child: one bench, its text handed to the parent. */
async function measure(name: string): Promise<void> {
  const text = await BENCHES[name]?.run();
  process.send?.({ text }, () => process.exit(0));
}

interface Measured {
  readonly text: string;
  readonly ok: boolean;
}

async function inProcessOfItsOwn(name: string, bench: Bench): Promise<Measured> {
  if (bench.needsData && !haveSharedData)
    return {
      ok: false,
      text: `Not measured: it needs recordings or texts that are not on this machine (${sharedData}).`,
    };
  const child = fork(fileURLToPath(import.meta.url), [name], {
    // What is measured in the bench's own process is measured as it ships.
    execArgv: [...NODE_ARGUMENTS],
    env: { ...process.env, ...NODE_ENVIRONMENT },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const { promise, resolve } = Promise.withResolvers<Measured>();
  let complaints = '';
  child.stderr?.on('data', (block) => {
    complaints = `${complaints}${block}`.slice(-2_000);
  });
  child.once('message', (message) => {
    if (typeof message === 'object' && message !== null && 'text' in message)
      resolve({ text: String(message.text), ok: true });
  });
  child.once('error', (error) => resolve({ text: `Failed: ${error.message}`, ok: false }));
  child.once('close', (code, signal) =>
    resolve({ text: `Failed (${signal ?? code}):\n\n\`\`\`\n${complaints.trim()}\n\`\`\``, ok: false }),
  );
  const limitMs = bench.long ? LONG_LIMIT_MS : LIMIT_MS;
  const late = setTimeout(() => {
    resolve({ text: `Failed: not done after ${limitMs / 60_000} minutes.`, ok: false });
    child.kill('SIGKILL');
  }, limitMs);
  return await promise.finally(() => clearTimeout(late));
}

function sectionsOf(page: URL): Map<string, string> {
  const written = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const parts = written.split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end).trim()];
    }),
  );
}

/** @param measured the last of each title counts */
function writePage(measured: readonly (readonly [title: string, text: string])[]): void {
  const sections = new Map(measured);
  // In the order of the list above, whatever was measured first.
  const kept = Object.values(BENCHES).flatMap(({ title }) => {
    const text = sections.get(title);
    return text === undefined ? [] : [`## ${title}\n\n${text}\n`];
  });
  writeFileSync(PAGE, `# Benchmarks\n\nMade by \`npm run bench -- --write\`.\n\n${kept.join('\n')}`);
}
