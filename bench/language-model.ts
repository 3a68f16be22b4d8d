import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installRoot, silentLog, systemClock } from '../main/base/index.ts';
import {
  compileDesk,
  createUnderstander,
  type Generated,
  type LanguageModel,
  loadDeskPack,
  openLlama,
  Patience,
} from '../main/dialogue/index.ts';
import { writeTinyGguf } from '../test/support/tiny-gguf.ts';
import { percentile, table } from './machine.ts';

/** A GGUF file to measure with; without it a toy is made. */
const { SOTTO_BENCH_GGUF: FILE } = process.env;
const ROUNDS = 8;
const SENTENCES = [
  'the plastic rectangle in my wallet has gone walkabout',
  'my purse and all that was in it is no longer with me',
  'would be grand to shuffle some cash about',
  'somebody rang and wanted my numbers, which was odd',
];

/**
 * What a language model costs in a turn of the bank's desk: the first token with the desk's instructions still in the
 * engine's memory and without, tokens a second, and how soon a turn that is given up is let go.
 */
export async function benchLanguageModel(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-model-'));
  const file = FILE ?? join(folder, 'toy.gguf');
  if (FILE === undefined) writeTinyGguf(file);
  try {
    const rows: (readonly (string | number)[])[] = [];
    for (const threads of [1, 2]) rows.push(await measured(file, threads));
    const head = [
      'threads',
      'tokens of the prompt',
      'first token, prompt new',
      'first token, prompt known',
      'tokens reused',
      'tokens a second',
      'let go after (median, most)',
    ];
    return [table(head, rows), said(FILE)].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function said(file: string | undefined): string {
  const what = `\`SOTTO_BENCH_GGUF=FILE npm run bench -- language-model\` measures another. Answers are held to the command grammar of ${SENTENCES.length} sentences at the bank's desk.`;
  if (file !== undefined) return `Measured with the GGUF file that was named. ${what}`;
  return `**These are figures of a toy**: one layer, 32 wide, random weights, a token for every byte. They show that the prompt is read once and that cancelling works, and nothing about how fast or how clever a real model is. ${what}`;
}

async function measured(file: string, threads: number): Promise<readonly (string | number)[]> {
  const desk = compileDesk(await loadDeskPack(join(installRoot, 'desks', 'bank-branch')));
  const model = openLlama({ file, log: silentLog, threads, contextTokens: 16_384 });
  try {
    const fresh: Generated[] = [];
    const known: Generated[] = [];
    const letGo: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // Another canary: a new conversation. Its first turn reads what differs, its second only the words.
      const [first, second] = await turns(desk, model, round);
      if (first && round === 0) fresh.push(first);
      if (second) known.push(second);
      letGo.push(await interrupted(model));
    }
    const [start] = fresh;
    const reused = known.map(({ reusedTokens }) => reusedTokens ?? 0);
    const perSecond = known.map(
      ({ tokens, tookMs, firstTokenMs }) => (1000 * (tokens - 1)) / (tookMs - firstTokenMs),
    );
    return [
      threads,
      start?.promptTokens ?? 0,
      `${Math.round(start?.firstTokenMs ?? 0)} ms`,
      `${Math.round(
        percentile(
          known.map(({ firstTokenMs }) => firstTokenMs),
          0.5,
        ),
      )} ms`,
      Math.round(percentile(reused, 0.5)),
      Math.round(percentile(perSecond, 0.5)),
      `${percentile(letGo, 0.5).toFixed(1)} ms, ${Math.max(...letGo).toFixed(1)} ms`,
    ];
  } finally {
    await model.close();
  }
}

/** Two turns of one conversation, as they are asked for. */
async function turns(
  desk: ReturnType<typeof compileDesk>,
  model: LanguageModel,
  round: number,
): Promise<readonly Generated[]> {
  const seen: Generated[] = [];
  const watched: LanguageModel = {
    ...model,
    generate: async (request) => {
      const answer = await model.generate(request);
      seen.push(answer);
      return answer;
    },
  };
  const patience = new Patience(systemClock, { mostMs: 120_000, leastMs: 120_000 });
  const parts = { desk, model: watched, clock: systemClock, log: silentLog, patience };
  const understander = createUnderstander(parts);
  for (let at = 0; at < 2; at += 1) {
    const text = SENTENCES[(round + at) % SENTENCES.length] ?? '';
    const off = { text, inScope: false, flow: null, slots: {}, confidence: 0, complete: false };
    const builtIn = { ...off, commands: [{ command: 'outOfScope' as const }] };
    const situation = { expectation: { kind: 'open' }, flow: null, given: [] } as const;
    await understander.improve(builtIn, situation, new AbortController().signal);
  }
  return seen;
}

/** How long a caller waits who gives up in the middle of an answer. */
async function interrupted(model: LanguageModel): Promise<number> {
  const stop = new AbortController();
  const form = { name: 'ever', grammar: 'root ::= [a-z]{1,4000}', schema: {} };
  const request = {
    lane: 'phrasing',
    system: 'Say anything.',
    prompt: 'go on',
    form,
    maxTokens: 2000,
  } as const;
  const running = model.generate({ ...request, signal: stop.signal }).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 150));
  const stoppedAt = performance.now();
  stop.abort(new Error('given up'));
  await running;
  return performance.now() - stoppedAt;
}
