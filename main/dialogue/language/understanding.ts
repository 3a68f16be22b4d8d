/** From a sentence to commands: phrases first, then statistics, then questions, else out of scope. */
import type { Expectation, Understanding } from '../acts.ts';
import { chosen, classified } from './likeness.ts';
import { meaningOf } from './parse-meaning.ts';
import type { Parse, PatternParser } from './parser.ts';
import { placesOf } from './places.ts';
import { clarify, type Meant, type Reader, round } from './reader.ts';
import { cutsOf, severalIn } from './several.ts';
import type { Sentence } from './slots/slot-type.ts';
import { spellNumbers, type Token, tokenise } from './words.ts';

/** Sentences are read up to here; what comes behind is not looked at. */
const MOST_TOKENS = 80;
/** A parse whose words are mostly those of the phrase. */
const SURE = 0.6;
/** A parse that leaves next to nothing over: the sentence is one request. */
const WHOLE = 0.93;
/** Under a question, a bare answer in many words is still an answer. */
const ANSWERS = 0.35;
/** Two flows this close in cost are asked about. */
const CLOSE = 0.02;
const KNOWN = 0.5;
/** A value found counts as so many words more than it has. */
const SLOT_WEIGHT = 1;
const QUESTION =
  /^(?:(?:and|so|okay|please|hi|hello|hey|tell|me|i|was|wondering|would|like|to|know|want|can|you|could) )*(?:what|where|when|why|who|whom|whose|which|how|do|does|did|is|are|am|was|were|can|could|should|will|would|may|must|has|have)\b/;

/**
 * What a sentence means where this is expected: the first way of reading it that is sure enough. It may be several
 * requests in one. `now`: epoch milliseconds, for "tomorrow".
 */
export function understand(
  reader: Reader,
  text: string,
  expectation: Expectation,
  now: number,
): Understanding {
  const whole = asOne(reader, text, expectation, now);
  // A yes or no stays what it is: nothing may slip in beside it.
  if (expectation.kind === 'yesNo' || cutsOf(text).length === 0) return whole;
  if ((parsed(reader, read(text, now), expectation)?.confidence ?? 0) >= WHOLE) return whole;
  const alone = (part: string) => asOne(reader, part, { kind: 'open' }, now);
  return severalIn(text, (part) => asOne(reader, part, expectation, now), alone) ?? whole;
}

function asOne(reader: Reader, text: string, expectation: Expectation, now: number): Understanding {
  const sentence = read(text, now);
  const meant =
    sentence.words.length === 0
      ? nothing(0)
      : (parsed(reader, sentence, expectation) ??
        chosen(reader, sentence, expectation) ??
        classified(reader, sentence, expectation) ??
        asked(reader, sentence) ??
        loosely(reader, sentence, expectation) ??
        nothing(0.5));
  return { text, ...meant };
}

/** What a phrase of the pack, an answer or a standing phrase says exactly, or nearly. */
function parsed(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  const parses = bestParses(reader.parser(expectation), sentence);
  const [best, second] = parses;
  if (!best) return null;
  const confidence = sureness(best);
  if (confidence < SURE) return null;
  if (
    best.meaning.kind === 'flow' &&
    second?.meaning.kind === 'flow' &&
    best.meaning.flow !== second.meaning.flow &&
    second.cost - best.cost < CLOSE &&
    second.matched >= best.matched
  )
    return clarify([best.meaning.flow, second.meaning.flow], confidence);
  const said = placesOf(sentence.tokens, best.captures);
  return { ...meaningOf(reader, sentence, best, expectation, confidence), said };
}

/** An answer somewhere in a sentence that is otherwise not understood, while a slot is asked for. */
function loosely(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  if (expectation.kind !== 'slot') return null;
  const best = bestParses(reader.parser(expectation), sentence).find(
    ({ meaning }) => meaning.kind === 'answer' || meaning.kind === 'correction',
  );
  if (!best || sureness(best) < ANSWERS) return null;
  const said = placesOf(sentence.tokens, best.captures);
  return { ...meaningOf(reader, sentence, best, expectation, sureness(best)), said };
}

/** Reads the sentence as written and with its numbers in words; the cheaper reading of each meaning counts. */
function bestParses(parser: PatternParser, sentence: Sentence): readonly Parse[] {
  const parses = parser.parse(sentence);
  if (!sentence.words.some((word) => /\d/.test(word))) return parses;
  const spelled = parser.parse(sentenceOf(sentence.text, spellNumbers(sentence.tokens), sentence.now));
  return [...parses, ...spelled]
    .toSorted((a, b) => a.cost - b.cost)
    .filter(
      (parse, at, all) =>
        all.findIndex(({ meaning }) => JSON.stringify(meaning) === JSON.stringify(parse.meaning)) === at,
    );
}

function asked(reader: Reader, sentence: Sentence): Meant | null {
  const isQuestion = /\?\s*$/.test(sentence.text) || QUESTION.test(sentence.words.join(' '));
  const known = isQuestion ? reader.knows(sentence.words) : 0;
  if (known < KNOWN) return null;
  return {
    inScope: true,
    flow: null,
    slots: {},
    confidence: round(known),
    complete: false,
    commands: [{ command: 'askKnowledge', question: sentence.text }],
  };
}

function nothing(confidence: number): Meant {
  return {
    inScope: false,
    flow: null,
    slots: {},
    confidence,
    complete: false,
    commands: [{ command: 'outOfScope' }],
  };
}

/** How much of the sentence the parse accounts for. */
function sureness(parse: Parse): number {
  return round(Math.max(0, 1 - parse.cost / (parse.matched + SLOT_WEIGHT * parse.captures.length + 0.5)));
}

function read(text: string, now: number): Sentence {
  return sentenceOf(text, tokenise(text).slice(0, MOST_TOKENS), now);
}

function sentenceOf(text: string, tokens: readonly Token[], now: number): Sentence {
  return { text, tokens, words: tokens.map((token) => token.text), now };
}
