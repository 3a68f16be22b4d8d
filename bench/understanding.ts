import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Classifier } from '../main/dialogue/language/classifier.ts';
import { dataFile } from '../test/support/data.ts';
import { table } from './machine.ts';

interface Labelled {
  readonly text: string;
  readonly label: string;
}

const answerSchema = z.object({
  flow: z.string().nullable(),
  confidence: z.number(),
  inScope: z.boolean(),
  commands: z.array(z.string()),
  between: z.array(z.string()),
});
const measuredSchema = z.object({
  loadMs: z.number(),
  compileMs: z.number(),
  learnMs: z.number(),
  sentenceMs: z.number(),
  idleMiB: z.number(),
  compiledMiB: z.number(),
  peakMiB: z.number(),
  answers: z.array(answerSchema),
});
type Measured = z.infer<typeof measuredSchema>;
type Answer = z.infer<typeof answerSchema>;

/** Of each label's examples so many are the flow's phrases, the rest its examples. */
const PHRASES = 5;
/** What the standing phrases of every desk mean, by CLINC150's names. */
const STANDING: Readonly<Record<string, (answer: Answer) => boolean>> = {
  yes: ({ commands }) => commands.includes('affirm'),
  no: ({ commands }) => commands.includes('deny'),
  cancel: ({ commands }) => commands.includes('cancel'),
  repeat: ({ commands }) => commands.includes('repeat'),
  goodbye: ({ commands }) => commands.includes('deny'),
  what_can_i_ask_you: ({ commands }) => commands.includes('help'),
  greeting: ({ commands, inScope }) => inScope && commands.length === 0,
  thank_you: ({ commands, inScope }) => inScope && commands.length === 0,
};

/** What is understood without a language model: two public sets, each made into a desk pack and put through the door. */
export async function benchUnderstanding(): Promise<string> {
  return [banking(), clinc()].join('\n\n');
}

function banking(): string {
  const rows = parseCsv(readFileSync(dataFile('text', 'banking77-train.csv'), 'utf8')).slice(1);
  const all = rows.map(([text = '', label = '']) => ({ text, label }));
  const held = all.filter(({ text }) => bucket(text, 10) === 0);
  const train = all.filter(({ text }) => bucket(text, 10) !== 0);
  const desk = deskOf(train);
  const measured = measure(desk, held);
  const alone = new Classifier(train);
  const best = held.filter(({ text, label }) => alone.classify(text).ranking[0]?.label === label).length;
  const right = held.filter(({ label }, at) => isRight(desk, label, measured.answers[at])).length;
  const asked = held.filter(({ label }, at) =>
    measured.answers[at]?.between.includes(desk.flows.get(label) ?? ''),
  ).length;
  const refused = measured.answers.filter(({ commands }) => commands.includes('outOfScope')).length;
  const share = (count: number) => percent(count / held.length);
  return [
    '### banking77',
    '',
    `Of the training file, ${held.length} of ${all.length} sentences (by a hash of their text) were held out. “Best flow” is the`,
    'statistical reading alone, as papers count. The others are what a desk of 77 flows made of the rest does with the sentence:',
    'start the right flow at once, ask which of two with the right one among them, or take it for out of scope.',
    '',
    table(
      [
        'best flow',
        'started at once',
        'asked, right one among the two',
        'refused',
        'learning, s',
        'a sentence, ms',
      ],
      [
        [
          `**${share(best)}**`,
          share(right),
          share(asked),
          share(refused),
          seconds(measured.learnMs),
          measured.sentenceMs.toFixed(1),
        ],
      ],
    ),
    '',
    'How sure it says it is, and how often it is right (sentences for which a flow was started):',
    '',
    reliability(desk, held, measured.answers),
  ].join('\n');
}

function clinc(): string {
  const sets = z
    .record(z.string(), z.array(z.tuple([z.string(), z.string()])))
    .parse(JSON.parse(readFileSync(dataFile('text', 'clinc150-train-val.json'), 'utf8')));
  const labelled = (name: string) => (sets[name] ?? []).map(([text, label]) => ({ text, label }));
  const desk = deskOf(labelled('train'));
  const asked = [...labelled('val'), ...labelled('oos_train'), ...labelled('oos_val')];
  const measured = measure(desk, asked);
  const shares = (half: number | null) => {
    const chosen = asked
      .map((one, at) => ({ one, answer: measured.answers[at] }))
      .filter(({ one }) => half === null || bucket(one.text, 2) === half);
    const inScope = chosen.filter(({ one }) => one.label !== 'oos');
    const outside = chosen.filter(({ one }) => one.label === 'oos');
    const refused = outside.filter(({ answer }) => answer?.commands.includes('outOfScope') ?? false).length;
    return [
      `${inScope.length} + ${outside.length}`,
      percent(inScope.filter(({ one, answer }) => isRight(desk, one.label, answer)).length / inScope.length),
      percent(refused / outside.length),
    ];
  };
  return [
    '### CLINC150',
    '',
    'A desk of 150 flows from the training set (100 sentences each; none of the out-of-scope ones), asked the validation set and',
    'both out-of-scope sets of the train-val file. How sure is sure enough was chosen on one half (by a hash of the text).',
    '',
    table(
      ['', 'in scope + out of scope', 'in-scope accuracy', 'out-of-scope recall'],
      [
        ['tuning half', ...shares(0)],
        ['**reporting half**', ...shares(1)],
        ['both', ...shares(null)],
      ],
    ),
    '',
    'Larson et al. 2019 (EMNLP, table 2) publish what others reach on the set’s test half, which is not measured here and whose',
    'figures were not at hand to be checked, so none stand beside ours.',
    '',
    'Compiling 150 intents of 100 sentences each, in a process of its own (memory with Node itself):',
    '',
    table(
      [
        'reading and checking, s',
        'compiling, s',
        'learning, s',
        'a sentence, ms',
        'peak, MiB',
        'after, MiB',
        'Node alone, MiB',
      ],
      [
        [
          seconds(measured.loadMs),
          seconds(measured.compileMs),
          seconds(measured.learnMs),
          measured.sentenceMs.toFixed(1),
          Math.round(measured.peakMiB),
          Math.round(measured.compiledMiB),
          Math.round(measured.idleMiB),
        ],
      ],
    ),
  ].join('\n');
}

interface MadeDesk {
  readonly flows: ReadonlyMap<string, string>;
  readonly files: Readonly<Record<string, string>>;
}

/** A desk pack with one flow a label; labels that the standing phrases of every desk cover stay flows too. */
function deskOf(sentences: readonly Labelled[]): MadeDesk {
  const labels = [...new Set(sentences.map(({ label }) => label))].sort();
  const flows = new Map(labels.map((label, at) => [label, `intent_${at}`]));
  const files: Record<string, string> = {
    'desk.yaml': [
      'format: 1',
      'id: bench-desk',
      'name: Bench desk',
      'version: 1.0.0',
      'agent: { name: Robin }',
      'disclosures: [{ id: automated, say: I am an automated assistant. }]',
      'greeting: How can I help?',
      'handOff: { to: a person, say: One moment., phrases: [fetch me the manager] }',
    ].join('\n'),
  };
  for (const [label, flow] of flows) {
    const texts = sentences.filter((one) => one.label === label).map(({ text }) => text);
    const phrases = texts.slice(0, PHRASES).map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^a-z' ]+/g, ' ')
        .trim(),
    );
    files[`flows/${flow}.yaml`] = JSON.stringify({
      flow,
      description: label
        .toLowerCase()
        .replaceAll(/[^a-z]+/g, ' ')
        .trim(),
      phrases,
      examples: texts.slice(PHRASES),
      steps: [{ say: 'Done.' }],
    });
  }
  return { flows, files };
}

function measure(desk: MadeDesk, asked: readonly Labelled[]): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  try {
    mkdirSync(join(folder, 'desk', 'flows'), { recursive: true });
    for (const [name, text] of Object.entries(desk.files)) writeFileSync(join(folder, 'desk', name), text);
    const sentences = join(folder, 'sentences.json');
    writeFileSync(sentences, JSON.stringify(asked.map(({ text }) => text)));
    const program = fileURLToPath(new URL('understanding-child.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, join(folder, 'desk'), sentences],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 2 ** 20,
      },
    );
    if (status !== 0) throw new Error(`The child failed: ${stderr}`);
    return measuredSchema.parse(JSON.parse(stdout));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRight(desk: MadeDesk, label: string, answer: Answer | undefined): boolean {
  if (!answer) return false;
  return answer.flow === desk.flows.get(label) || (STANDING[label]?.(answer) ?? false);
}

function reliability(desk: MadeDesk, asked: readonly Labelled[], answers: readonly Answer[]): string {
  const started = asked
    .map((one, at) => ({ one, answer: answers[at] }))
    .filter(({ answer }) => answer?.commands.includes('startFlow'));
  const bands = [0.35, 0.5, 0.7, 0.9, 0.97, 1.01];
  const rows = bands.slice(0, -1).map((from, at) => {
    const band = started.filter(
      ({ answer }) => answer && answer.confidence >= from && answer.confidence < (bands[at + 1] ?? 2),
    );
    const mean = band.reduce((sum, { answer }) => sum + (answer?.confidence ?? 0), 0) / band.length;
    const right = band.filter(({ one, answer }) => isRight(desk, one.label, answer)).length / band.length;
    return [`${from} and more`, band.length, percent(mean), percent(right)];
  });
  return table(['sure', 'sentences', 'sure on average', 'right'], rows);
}

/** The same bucket for the same text, always. */
function bucket(text: string, of: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % of;
}

/** RFC 4180: quoted fields may hold commas, quotes and line ends. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const fields = [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)];
  const rows: string[][] = [[]];
  for (const [whole, field = '', end] of fields) {
    if (whole === '') break;
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(share * 100).toFixed(1)} %`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
