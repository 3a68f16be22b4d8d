/**
 * How well the sample desks understand what is said to them: `node bench/spoken-desks.ts [--desk ID] [--voices a,b]
 * [--kinds open,digits] [--outside] [--misses] [--json FILE]`. Run by hand. Needs flite, espeak-ng, sox, and ../shared/data.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog } from '../main/base/index.ts';
import { type CompiledDesk, compileDesk, type Expectation, loadDeskPack } from '../main/dialogue/index.ts';
import { type Recognition, type RecognitionStream, startSpeech } from '../main/speech/index.ts';
import { hear, readWav } from '../test/speech/sound.ts';
import { dataFile } from '../test/support/data.ts';
import { expectationOf, meaningOf } from './spoken/meaning.ts';
import { SENTENCES } from './spoken/sentences.ts';
import { spokenFile, VOICES } from './spoken/voices.ts';

/** Longer stretches of reading than people say to a desk in one breath are cut. */
const READ_SAMPLES = 64_000;

interface Trial {
  readonly desk: string;
  readonly kind: string;
  readonly voice: string;
  readonly said: string;
  readonly meant: string;
  readonly text: string;
  readonly got: string;
  readonly right: boolean;
  readonly inGrammar: boolean;
  readonly confidence: number;
  readonly competition: number;
  readonly processMs: number;
  readonly audioMs: number;
}

const { values: options } = parseArgs({
  options: {
    desk: { type: 'string' },
    voices: { type: 'string' },
    kinds: { type: 'string' },
    outside: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const voices = options.voices?.split(',') ?? VOICES;
const kinds = options.kinds?.split(',');
const speech = await startSpeech({ log: silentLog });
const trials: Trial[] = [];
try {
  for (const [id, sentences] of Object.entries(SENTENCES)) {
    if (options.desk && options.desk !== id) continue;
    const desk = compileDesk(await loadDeskPack(fileURLToPath(new URL(`../desks/${id}`, import.meta.url))));
    const stream = await speech.recogniser.open(desk.grammar({ kind: 'open' }));
    if (options.outside) await outside(desk, stream);
    else
      for (const voice of voices)
        for (const [expected, said, meant] of sentences) {
          const expectation = expectationOf(expected);
          const kind = kindOf(desk, expectation);
          const file = !kinds || kinds.includes(kind) ? spokenFile(said, voice) : null;
          if (file) await tryOut(desk, stream, { expectation, voice, said, meant, file });
        }
    await stream.close();
  }
} finally {
  await speech.close();
}
if (options.json) writeFileSync(options.json, JSON.stringify(trials));
report();

/** Speech that asks for nothing the desk can do, under every kind of expectation. */
async function outside(desk: CompiledDesk, stream: RecognitionStream): Promise<void> {
  const read = readdirSync(dataFile('speech', 'read')).filter((name) => name.endsWith('.wav'));
  const chat = JSON.parse(readFileSync(dataFile('text', 'clinc150-train-val.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  const sentences = (chat.oos_train ?? []).filter((_, at) => at % 4 === 0).map(([text]) => text);
  const flows = Object.values(desk.pack.flows);
  const slots = flows.flatMap(({ flow, slots }) => Object.keys(slots).map((slot) => `${flow}.${slot}`));
  const expected = (at: number) =>
    at % 2 === 0
      ? 'open'
      : at % 4 === 1
        ? `${flows[at % flows.length]?.flow}?`
        : (slots[at % slots.length] ?? 'open');
  const clips = [
    ...read.map((name) => ({ voice: 'read', said: name, file: dataFile('speech', 'read', name) })),
    ...sentences.map((said, at) => {
      const voice = ['slt', 'rms', 'awb'][at % 3] ?? 'slt';
      return { voice, said, file: spokenFile(said, voice) ?? '' };
    }),
  ];
  for (const [at, clip] of clips.entries())
    await tryOut(desk, stream, { ...clip, meant: 'nothing', expectation: expectationOf(expected(at)) });
}

async function tryOut(
  desk: CompiledDesk,
  stream: RecognitionStream,
  trial: { expectation: Expectation; voice: string; said: string; meant: string; file: string },
): Promise<void> {
  const { expectation, voice, said, meant, file } = trial;
  await stream.setGrammar(desk.grammar(expectation));
  const heard: Recognition = await hear(
    stream,
    readWav(file).samples.subarray(0, voice === 'read' ? READ_SAMPLES : undefined),
  );
  const got = meaningOf(desk, expectation, heard.text);
  trials.push({
    desk: desk.pack.desk.id,
    kind: kindOf(desk, expectation),
    voice,
    said,
    meant,
    text: heard.text,
    got,
    right: got === meant,
    inGrammar: heard.inGrammar,
    confidence: heard.confidence,
    competition: heard.competition,
    processMs: heard.processMs,
    audioMs: heard.audioMs,
  });
}

function kindOf(desk: CompiledDesk, expectation: Expectation): string {
  if (expectation.kind !== 'slot') return expectation.kind;
  return desk.pack.flows[expectation.flow]?.slots[expectation.slot]?.type ?? 'slot';
}

function report(): void {
  const acts = (trial: Trial) => trial.inGrammar && trial.got !== 'nothing';
  if (options.misses)
    for (const trial of trials.filter((each) =>
      options.outside ? acts(each) : !each.right || !each.inGrammar,
    ))
      console.log(
        `${trial.right ? 'refused' : trial.inGrammar ? 'WRONG  ' : 'missed '} ${trial.kind} ${trial.voice} [${trial.competition.toFixed(0)}] "${trial.said}" -> "${trial.text}" = ${trial.got}`,
      );
  const table = (by: (trial: Trial) => string) => {
    for (const key of [...new Set(trials.map(by))].sort()) {
      const own = trials.filter((trial) => by(trial) === key);
      const share = (test: (trial: Trial) => boolean) =>
        `${((own.filter(test).length / own.length) * 100).toFixed(1)} %`.padStart(9);
      const inside = options.outside
        ? `acted on ${share(acts)}`
        : `exact ${share((t) => t.right)}  and taken ${share((t) => t.right && t.inGrammar)}  wrongly acted ${share((t) => !t.right && acts(t))}  falsely refused ${share((t) => t.right && !t.inGrammar)}  confidence >= 0.5 ${share((t) => t.right && t.confidence >= 0.5)}`;
      console.log(`${key.padEnd(28)} ${String(own.length).padStart(4)}  ${inside}`);
    }
  };
  table((trial) => `${trial.desk}`);
  table((trial) => `kind ${trial.kind}`);
  table((trial) => `voice ${trial.voice}`);
  table(() => 'all');
  const load =
    trials.reduce((sum, t) => sum + t.processMs, 0) / trials.reduce((sum, t) => sum + t.audioMs, 0);
  console.log(`processor time ${(load * 100).toFixed(1)} % of real time`);
}
