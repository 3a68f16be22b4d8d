/** Speech grammars: what the recogniser decodes against under each expectation. */
import { createHash } from 'node:crypto';
import type { Expectation } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { SpeechGrammar } from './compiled.ts';
import { JsgfWriter, oneOf, rarely } from './jsgf.ts';
import { openPhrases, type Pattern } from './patterns.ts';
import { scopeOf } from './scope.ts';
import { sizeOf } from './size.ts';
import { HESITATIONS } from './standing.ts';

/** A grammar of more unrolled words than this loads and decodes too slowly: digressions are left out, largest first. */
const MOST_WORDS = 9000;
/** Share of utterances that begin with something around the request, as priors for the decoder. */
const LEAD_WEIGHT = 0.1;
const HESITATION_WEIGHT = 0.03;
const TAIL_WEIGHT = 0.08;
const ANSWER_LEAD_WEIGHT = 0.15;
/** Share of what is said by kind of meaning, under each expectation; urgent requests keep their own. */
const SHARES: Readonly<
  Record<
    Expectation['kind'],
    { answer: number; correction: number; standing: number; request: number; urgent: number }
  >
> = {
  open: { answer: 0, correction: 0, standing: 0.15, request: 0.75, urgent: 0.1 },
  slot: { answer: 0.83, correction: 0.02, standing: 0.07, request: 0.05, urgent: 0.03 },
  yesNo: { answer: 0, correction: 0.12, standing: 0.8, request: 0.05, urgent: 0.03 },
};

export function speechGrammar(
  pack: DeskPack,
  patterns: readonly Pattern[],
  expectation: Expectation,
  vocabulary: readonly string[],
): SpeechGrammar {
  const writer = new JsgfWriter();
  const spoken = fitting(patterns.filter(({ use }) => use === 'both'));
  const isUrgent = ({ meaning }: Pattern) =>
    meaning.kind === 'flow' && pack.flows[meaning.flow]?.takesOver === true;
  const of = (kind: Pattern['meaning']['kind']) => spoken.filter(({ meaning }) => meaning.kind === kind);
  const { leads, tails, answerLeads } = openPhrases(slotKind(pack, expectation));
  const shares = SHARES[expectation.kind];
  const none = scopeOf([]);
  const hesitation = rarely(HESITATIONS.slice(0, 3).join('|'), HESITATION_WEIGHT);
  const lead = rarely(writer.alternatives(leads, none) ?? '', LEAD_WEIGHT);
  const tail = rarely(writer.alternatives(tails, none) ?? '', TAIL_WEIGHT);
  const answerLead = rarely(writer.alternatives(answerLeads, none) ?? '', ANSWER_LEAD_WEIGHT);
  const anyWords = slotKind(pack, expectation) === 'text' ? `(${[...vocabulary].sort().join('|')})+` : '';
  const parts: readonly (readonly [string, number])[] = [
    [around(`${hesitation} ${answerLead}`, written(writer, of('answer')), tail) || anyWords, shares.answer],
    [around(hesitation, written(writer, of('correction')), tail), shares.correction],
    [
      around(
        `${hesitation} ${lead}`,
        written(
          writer,
          of('flow').filter((pattern) => !isUrgent(pattern)),
        ),
        tail,
      ),
      shares.request,
    ],
    [around(`${hesitation}`, written(writer, of('flow').filter(isUrgent)), ''), shares.urgent],
    [around(hesitation, written(writer, of('standing')), ''), shares.standing],
  ];
  const jsgf = writer.grammar(`(${oneOf(parts.filter(([text]) => text !== ''))})`);
  const pronunciations = declaredPronunciations(pack);
  const id = createHash('sha256')
    .update(JSON.stringify([jsgf, pronunciations, pack.desk.outsideAbove]))
    .digest('hex')
    .slice(0, 32);
  return { id, jsgf, pronunciations, outsideAbove: pack.desk.outsideAbove };
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
  const parts = new Map<string, number>();
  for (const { phrase, scope, weight } of patterns) {
    const text = writer.write(phrase, scope);
    if (text) parts.set(text, Math.max(parts.get(text) ?? 0, weight));
  }
  return oneOf([...parts]);
}

function around(before: string, body: string, after: string): string {
  return body === '' ? '' : `(${before} (${body}) ${after})`;
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

/** The type of the slot that is asked for; empty when none is. */
function slotKind(pack: DeskPack, expectation: Expectation): string {
  if (expectation.kind !== 'slot') return '';
  return pack.flows[expectation.flow]?.slots[expectation.slot]?.type ?? '';
}

function declaredPronunciations(pack: DeskPack): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(pack.desk.pronunciations).map(([word, sounds]) => [
      word.toLowerCase(),
      // Stress (`AO1`) is for the voice; the recogniser's phones have none.
      [sounds].flat().map((phones) => phones.replace(/(?<=[A-Z])[0-2]\b/g, '')),
    ]),
  );
}
