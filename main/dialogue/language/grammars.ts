/** Speech grammars: what the recogniser decodes against under each expectation. */
import { createHash } from 'node:crypto';
import type { Expectation } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { SpeechGrammar } from './compiled.ts';
import { JsgfWriter } from './jsgf.ts';
import { openPhrases, type Pattern, sizeOf } from './patterns.ts';
import { scopeOf } from './scope.ts';
import { HESITATIONS } from './standing.ts';

/** A grammar of more unrolled words than this loads and decodes too slowly: digressions are left out, largest first. */
const MOST_WORDS = 9000;
/** Share of utterances that begin with something around the request, as priors for the decoder. */
const LEAD_WEIGHT = 0.1;
const HESITATION_WEIGHT = 0.04;
const TAIL_WEIGHT = 0.1;

export function speechGrammar(
  pack: DeskPack,
  patterns: readonly Pattern[],
  expectation: Expectation,
  vocabulary: readonly string[],
): SpeechGrammar {
  const writer = new JsgfWriter();
  const spoken = fitting(patterns.filter(({ use }) => use === 'both'));
  const requests = spoken.filter(({ meaning }) => meaning.kind === 'flow');
  const answers = spoken.filter(({ meaning }) => meaning.kind === 'answer' || meaning.kind === 'correction');
  const standing = spoken.filter(({ meaning }) => meaning.kind === 'standing');
  const { leads, tails, answerLeads } = openPhrases();
  const none = scopeOf([]);
  const hesitation = rarely(HESITATIONS.slice(0, 3).join('|'), HESITATION_WEIGHT);
  const lead = rarely(writer.alternatives(leads, none) ?? '', LEAD_WEIGHT);
  const tail = rarely(writer.alternatives(tails, none) ?? '', TAIL_WEIGHT);
  const answerLead = rarely(writer.alternatives(answerLeads, none) ?? '', 0.3);
  const parts = [
    around(`${hesitation} ${answerLead}`, written(writer, answers), tail),
    around(`${hesitation} ${lead}`, written(writer, requests), tail),
    around(hesitation, written(writer, standing), ''),
    asksForText(pack, expectation) ? `(${[...vocabulary].sort().join('|')})+` : '',
  ].filter((part) => part !== '');
  const jsgf = writer.grammar(parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' | ')})`);
  const pronunciations = declaredPronunciations(pack);
  const id = createHash('sha256')
    .update(JSON.stringify([jsgf, pronunciations]))
    .digest('hex')
    .slice(0, 32);
  return { id, jsgf, pronunciations };
}

/** Every word of a grammar's rules. */
export function wordsOf(jsgf: string): string[] {
  const rules = jsgf
    .split('\n')
    .slice(2)
    .join('\n')
    .replaceAll(/<[^>]*>|\/[\d.]+\//g, ' ')
    .replaceAll('public', ' ');
  return [...new Set(rules.match(/[a-z][a-z']*/g) ?? [])].sort();
}

function written(writer: JsgfWriter, patterns: readonly Pattern[]): string {
  const parts = patterns.flatMap(({ phrase, scope }) => writer.write(phrase, scope) || []);
  return [...new Set(parts)].join(' | ');
}

function around(before: string, body: string, after: string): string {
  return body === '' ? '' : `(${before} (${body}) ${after})`;
}

/** Something that is mostly not said. */
function rarely(text: string, weight: number): string {
  return `(/${(1 - weight).toFixed(2)}/ <NULL> | /${weight.toFixed(2)}/ (${text}))`;
}

/** All that must be there, and as many digressions as fit, the smallest first. */
function fitting(patterns: readonly Pattern[]): readonly Pattern[] {
  const sized = patterns.map((pattern) => ({ pattern, size: sizeOf(pattern.phrase, pattern.scope) }));
  const digressions = sized
    .filter(({ pattern }) => pattern.penalty > 0 && pattern.meaning.kind === 'flow')
    .sort((a, b) => a.size - b.size);
  let room =
    MOST_WORDS -
    sized.filter((entry) => !digressions.includes(entry)).reduce((sum, { size }) => sum + size, 0);
  const left = new Set<Pattern>();
  for (const { pattern, size } of digressions) {
    room -= size;
    if (room < 0) left.add(pattern);
  }
  return patterns.filter((pattern) => !left.has(pattern));
}

function asksForText(pack: DeskPack, expectation: Expectation): boolean {
  return (
    expectation.kind === 'slot' && pack.flows[expectation.flow]?.slots[expectation.slot]?.type === 'text'
  );
}

function declaredPronunciations(pack: DeskPack): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(pack.desk.pronunciations).map(([word, sounds]) => [
      word.toLowerCase(),
      typeof sounds === 'string' ? [sounds] : sounds,
    ]),
  );
}
