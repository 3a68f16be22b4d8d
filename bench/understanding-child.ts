// Loads a desk pack, compiles it, understands sentences, and says what it took. Arguments: desk folder, sentences (JSON).
import { readFileSync } from 'node:fs';
import { compileDesk, loadDeskPack } from '../main/dialogue/index.ts';

const [folder = '', file = ''] = process.argv.slice(2);
const sentences = JSON.parse(readFileSync(file, 'utf8')) as string[];
const MIB = 2 ** 20;
const idle = process.memoryUsage().rss;
const times: number[] = [];
const timed = <T>(work: () => T): T => {
  const startedMs = performance.now();
  const result = work();
  times.push(performance.now() - startedMs);
  return result;
};
const startedMs = performance.now();
const pack = await loadDeskPack(folder);
times.push(performance.now() - startedMs);
const desk = timed(() => compileDesk(pack));
timed(() => desk.learn());
const compiledPeak = process.resourceUsage().maxRSS / 1024;
const compiled = process.memoryUsage().rss;
const answers = timed(() =>
  sentences.map((text) => {
    const { flow, confidence, commands, inScope } = desk.understand(text, { kind: 'open' }, 0);
    const between = commands.flatMap((one) => (one.command === 'clarify' ? [...one.flows] : []));
    return { flow, confidence, inScope, between, commands: commands.map(({ command }) => command) };
  }),
);
const [loadMs = 0, compileMs = 0, learnMs = 0, allMs = 0] = times;
console.log(
  JSON.stringify({
    loadMs,
    compileMs,
    learnMs,
    sentenceMs: allMs / Math.max(1, sentences.length),
    idleMiB: idle / MIB,
    compiledMiB: compiled / MIB,
    peakMiB: compiledPeak,
    answers,
  }),
);
