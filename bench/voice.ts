import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../main/base/index.ts';
import { deskVoice, promptSentences } from '../main/conversation/index.ts';
import { compileDesk, loadDeskPack } from '../main/dialogue/index.ts';
import { type SupervisedSpeech, spokenForm, startSpeech, type Voice } from '../main/speech/index.ts';
import { dataFile } from '../test/support/data.ts';
import { percentile, table } from './machine.ts';

const KINDS = ['cardinal', 'date', 'electronic', 'money', 'serial', 'telephone'];
const DESKS = ['bank-branch', 'clinic-frontdesk'];
/** Sentences of which each is timed with and without the cache. */
const TIMED = 60;

/** How what is written is spoken, and how soon the voice sounds. */
export async function benchVoice(): Promise<string> {
  return [
    '### Written forms, spoken',
    '',
    'NeMo-text-processing’s pairs, written to spoken, cut in two by odd and even lines. All files had been read before the',
    'rules were written: neither half is unseen. Compared are the letters in their order: case, spaces, punctuation and the',
    'word “and” do not count (“A.T.M.” is “ATM”, “two hundred and five” is “two hundred five”), “oh” is “zero”, and “https',
    'colon slash slash” may be left out.',
    '',
    spokenTable(),
    '',
    '### First sound',
    '',
    await soundTables(),
  ].join('\n');
}

function spokenTable(): string {
  const rows = KINDS.map((kind) => {
    const lines = readFileSync(dataFile('text', 'spoken-numbers', `test_cases_${kind}.txt`), 'utf8').split(
      '\n',
    );
    const right = lines.filter(Boolean).map((line) => {
      const [written = '', spoken = ''] = line.split('~');
      const ours = letters(spokenForm(written));
      return ours === letters(spoken) || ours === letters(spoken.replace(/HTTPS? colon slash slash /g, ''));
    });
    const half = (odd: number) => {
      const own = right.filter((_, at) => at % 2 === odd);
      return `${own.filter(Boolean).length} of ${own.length}`;
    };
    return [kind, half(0), half(1)];
  });
  return table(['kind', 'tuning half', 'reporting half'], rows);
}

function letters(text: string): string {
  return text
    .toLowerCase()
    .replace(/\boh\b/g, 'zero')
    .replace(/\band\b/g, ' ')
    .replace(/[^a-z]/g, '');
}

async function soundTables(): Promise<string> {
  const speech = await startSpeech({ log: silentLog });
  try {
    await speech.warmUp();
    const rows: (string | number)[][] = [];
    const sizes: (string | number)[][] = [];
    for (const id of DESKS) {
      const desk = compileDesk(await loadDeskPack(fileURLToPath(new URL(`../desks/${id}`, import.meta.url))));
      const sentences = promptSentences(desk);
      const voice = deskVoice(desk);
      const fresh = await timed(speech, sentences.slice(0, TIMED), voice);
      const startedMs = performance.now();
      const { prepared, bytes } = await speech.synthesiser.prepare(sentences, voice);
      const seconds = (performance.now() - startedMs) / 1000;
      const cached = await timed(speech, sentences.slice(0, TIMED), voice);
      sizes.push([id, prepared, (bytes / 2 ** 20).toFixed(1), seconds.toFixed(1)]);
      rows.push([`${id}, made when it is said`, ...fresh.map(rounded)]);
      rows.push([`${id}, made in advance`, ...cached.map(rounded)]);
      rows.push([`${id}, ratio`, ...cached.map((value, at) => (value / (fresh[at] ?? 1)).toFixed(3))]);
    }
    return [
      'Milliseconds from asking for a sentence to its first block of sound, on an idle engine.',
      '',
      table(['sentences', 'median', '95th percentile', 'longest'], rows),
      '',
      table(['desk', 'sentences kept', 'MiB', 'seconds to make, in the background'], sizes),
    ].join('\n');
  } finally {
    await speech.close();
  }
}

/** Median, 95th percentile and longest wait for the first block. */
async function timed(
  speech: SupervisedSpeech,
  sentences: readonly string[],
  voice: Voice,
): Promise<number[]> {
  const waits: number[] = [];
  for (const sentence of sentences) {
    const startedMs = performance.now();
    let first = true;
    for await (const _ of speech.synthesiser.synthesise(sentence, voice)) {
      if (first) waits.push(performance.now() - startedMs);
      first = false;
    }
  }
  return [percentile(waits, 0.5), percentile(waits, 0.95), Math.max(...waits)];
}

function rounded(ms: number): string {
  return ms.toFixed(1);
}
