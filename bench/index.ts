/**
 * `npm run bench [NAME…]`: measures and prints; never a test. `--write` keeps the tables in docs/benchmarks.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { haveSharedData, sharedData } from '../test/support/data.ts';
import { benchAudit } from './audit.ts';
import { benchGuardSound } from './guard-sound.ts';
import { benchGuards } from './guards.ts';
import { benchHearing } from './hearing/index.ts';
import { benchKnowledge } from './knowledge.ts';
import { machineLine } from './machine.ts';
import { benchTurns } from './turns.ts';
import { benchUnderstanding } from './understanding.ts';
import { benchVoice } from './voice.ts';

const BENCHES: Readonly<Record<string, { readonly title: string; readonly run: () => Promise<string> }>> = {
  turns: { title: 'Where the time of a turn goes', run: benchTurns },
  voice: { title: 'How the voice speaks', run: benchVoice },
  understanding: { title: 'What is understood without a language model', run: benchUnderstanding },
  hearing: { title: 'How well people are heard', run: benchHearing },
  knowledge: { title: 'What the pages answer', run: benchKnowledge },
  guards: { title: 'What the guards find', run: benchGuards },
  'guard-sound': { title: 'What the screen of sound finds', run: benchGuardSound },
  audit: { title: 'What the audit log costs', run: benchAudit },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no bench called ${name}.`);
  console.log(`npm run bench -- [--write] [${Object.keys(BENCHES).join('|')}…]`);
  process.exit(unknown.length > 0 ? 2 : 0);
}
if (!haveSharedData) {
  console.error(`The benches measure on recordings that are not on this machine: ${sharedData}`);
  process.exit(3);
}

const sections: string[] = [];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (!bench) continue;
  const startedMs = performance.now();
  const section = `## ${bench.title}\n\n${await bench.run()}\n`;
  sections.push(section);
  console.log(`${section}\n(${name}: ${Math.round((performance.now() - startedMs) / 1000)} s)\n`);
}
const page = `# Benchmarks\n\nMade by \`npm run bench -- --write\`. ${machineLine()}.\n\n${sections.join('\n')}`;
if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), page);
process.exit(0);
