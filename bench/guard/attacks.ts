import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { screenTranscript } from '../../main/guard/index.ts';
import { dataFile } from '../../test/support/data.ts';
import { percentile, table } from '../machine.ts';
import { type Half, halfOf, opening } from './halves.ts';

const lists = z.record(z.string(), z.array(z.string()));

/** What must be caught, by set. */
export function attacks(): Readonly<Record<string, readonly string[]>> {
  const text = (name: string) => JSON.parse(readFileSync(dataFile('text', name), 'utf8'));
  const bipia = lists.parse(text('bipia-text-attacks-train.json'));
  const ordinary = ORDINARY.flatMap((kind) => bipia[kind] ?? []);
  const told = Object.entries(bipia).flatMap(([kind, all]) => (ORDINARY.includes(kind) ? [] : all));
  return {
    'jailbreaks-in-the-wild': z.array(z.string()).parse(text('jailbreaks-in-the-wild.json')),
    'system-prompt-extraction': Object.values(lists.parse(text('system-prompt-extraction.json'))).flat(),
    'bipia: told to change the reply': told,
    'bipia: ordinary questions and tasks': ordinary,
  };
}
const ORDINARY = [
  'Information Retrieval',
  'Content Creation',
  'Learning and Tutoring',
  'Language Translation',
  'Programming Help',
];

/** What must pass, by set. */
export function harmless(): Readonly<Record<string, readonly string[]>> {
  const clinc = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
  return {
    'xstest, safe prompts': csv('xstest.csv').flatMap(([, prompt, , label]) =>
      label === 'safe' && prompt ? [prompt] : [],
    ),
    'banking77-train': csv('banking77-train.csv').flatMap(([text]) => (text ? [text] : [])),
    'clinc150 (not asked for)': Object.values(
      clinc.parse(JSON.parse(readFileSync(dataFile('text', 'clinc150-train-val.json'), 'utf8'))),
    ).flatMap((pairs) => pairs.map(([text]) => text)),
    'the desks’ own phrases': deskPhrases(),
  };
}

function csv(name: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of readFileSync(dataFile('text', name), 'utf8').matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows.slice(1);
}

/** Phrases, examples and wordings of the sample desks, the marks of their grammar taken out. */
function deskPhrases(): string[] {
  const said: string[] = [];
  const take = (value: unknown): void => {
    if (typeof value === 'string') said.push(value.replace(/[[\]()<>{}|*+]/g, ' '));
    else if (Array.isArray(value)) for (const each of value) take(each);
    else if (value && typeof value === 'object') for (const each of Object.values(value)) take(each);
  };
  for (const desk of ['bank-branch', 'clinic-frontdesk']) {
    const folder = fileURLToPath(new URL(`../../desks/${desk}`, import.meta.url));
    take(parse(readFileSync(`${folder}/desk.yaml`, 'utf8')));
    for (const file of readdirSync(`${folder}/flows`)) {
      const flow = parse(readFileSync(`${folder}/flows/${file}`, 'utf8'));
      for (const part of ['phrases', 'examples', 'lists', 'slots', 'description']) take(flow[part]);
    }
    for (const file of readdirSync(`${folder}/knowledge`))
      said.push(
        ...readFileSync(`${folder}/knowledge/${file}`, 'utf8')
          .split('\n')
          .filter((line) => line.length > 3),
      );
  }
  return said;
}

export function halfOfText(text: string): Half {
  return halfOf(`opening:${opening(text)}`);
}

export function attackTable(): string {
  const rows: (string | number)[][] = [];
  for (const [name, all] of Object.entries(attacks()))
    for (const half of ['tuning', 'reporting'] as const) rows.push(row(name, half, all));
  return table(['attacks', 'half', 'texts', 'blocked', 'blocked or flagged'], rows);
}

export function harmlessTable(): string {
  const rows: (string | number)[][] = [];
  for (const [name, all] of Object.entries(harmless()))
    for (const half of ['tuning', 'reporting'] as const) rows.push(row(name, half, all));
  return table(['harmless', 'half', 'texts', 'wrongly blocked', 'blocked or flagged'], rows);
}

function row(name: string, half: Half, all: readonly string[]): (string | number)[] {
  const texts = all.filter((text) => halfOfText(text) === half);
  const verdicts = texts.map((text) => screenTranscript(text));
  const blocked = verdicts.filter(({ verdict }) => verdict === 'block').length;
  // Length alone is flagged too; that is not counted as caught.
  const flagged = verdicts.filter(({ reasons }) => reasons.some((reason) => reason !== 'too-long')).length;
  return [name, half, texts.length, share(blocked, texts.length), share(flagged, texts.length)];
}

function share(part: number, of: number): string {
  return `${((100 * part) / of).toFixed(of > 2000 ? 2 : 1)} % (${part})`;
}

/** How long screening takes, microseconds a line. */
export function speedTable(work: Readonly<Record<string, (text: string) => unknown>>): string {
  const sets = {
    'banking77 lines': csv('banking77-train.csv')
      .flatMap(([text]) => (text ? [text] : []))
      .slice(0, 3000),
    'jailbreaks (1,600 characters)': attacks()['jailbreaks-in-the-wild'] ?? [],
  };
  const rows: (string | number)[][] = [];
  for (const [what, run] of Object.entries(work))
    for (const [name, texts] of Object.entries(sets)) {
      const times = texts.map((text) => {
        const startedMs = performance.now();
        run(text);
        return (performance.now() - startedMs) * 1000;
      });
      rows.push([what, name, Math.round(percentile(times, 0.5)), Math.round(percentile(times, 0.99))]);
    }
  return table(['', 'on', 'median µs', '99th percentile µs'], rows);
}
