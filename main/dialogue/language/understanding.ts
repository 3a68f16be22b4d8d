/** From a sentence to commands: phrases first, then statistics, then questions, else out of scope. */
import type { Command, Expectation, Understanding } from '../acts.ts';
import type { Classified } from './classifier.ts';
import { otherValue } from './follow-ups.ts';
import type { Capture, Parse, PatternParser } from './parser.ts';
import type { CompiledFlow, Meaning } from './patterns.ts';
import { placesOf } from './places.ts';
import { cutsOf, severalIn } from './several.ts';
import type { Sentence } from './slots/slot-type.ts';
import type { StandingMeaning } from './standing.ts';
import { spellNumbers, type Token, tokenise } from './words.ts';

export interface Reader {
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  parser(expectation: Expectation): PatternParser;
  classify(text: string): Classified | null;
  /** 0..1: how much of what a question asks about occurs in the knowledge pages. */
  knows(words: readonly string[]): number;
}

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
const CLASSIFIED = { sure: 0.35, similarity: 0.45, moreOfFew: 0.25 };
/** After "do you want this or that?" a word that tells them apart is enough. */
const CHOSEN = { share: 0.75, together: 0.4, similarity: 0.2 };
/** Under a question, only a clear change of subject counts. */
const DIGRESSION = { sure: 0.75, similarity: 0.6, moreOfFew: 0 };
/**
 * A desk with few flows shares out all likelihood between them, whatever was said: there, likeness must tell what is out
 * of scope. Among many flows a strange sentence is torn, and that tells it.
 */
const FEW_FLOWS = 20;
const MANY_FLOWS = 75;
/** Two flows that share what is likely, neither below this, are asked about. */
const EITHER = { together: 0.6, least: 0.33 };
const KNOWN = 0.5;
/** A value found counts as so many words more than it has. */
const SLOT_WEIGHT = 1;
const QUESTION =
  /^(?:(?:and|so|okay|please|hi|hello|hey|tell|me|i|was|wondering|would|like|to|know|want|can|you|could) )*(?:what|where|when|why|who|whom|whose|which|how|do|does|did|is|are|am|was|were|can|could|should|will|would|may|must|has|have)\b/;

const COMMANDS: Readonly<Record<StandingMeaning, readonly Command[]>> = {
  cancel: [{ command: 'cancel' }],
  help: [{ command: 'help' }],
  repeat: [{ command: 'repeat' }],
  handOff: [{ command: 'handOff' }],
  courtesy: [],
  farewell: [{ command: 'deny' }],
  yes: [{ command: 'affirm' }],
  no: [{ command: 'deny' }],
};

type Meant = Omit<Understanding, 'text'>;

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

function meaningOf(
  reader: Reader,
  sentence: Sentence,
  parse: Parse,
  expectation: Expectation,
  confidence: number,
): Meant {
  const { meaning } = parse;
  const slots = valuesOf(parse.captures);
  if (meaning.kind === 'standing') {
    const flow = expectation.kind === 'open' ? null : expectation.flow;
    const complete = parse.complete || (meaning.means === 'yes' && expectation.kind !== 'open');
    const commands = answersNothing(meaning.means, expectation) ? [] : COMMANDS[meaning.means];
    return { inScope: true, flow, slots, confidence, commands, complete };
  }
  const base = { inScope: true, flow: meaning.flow, confidence };
  if (meaning.kind === 'correction')
    return { ...base, complete: !parse.open, ...corrected(reader, sentence, parse, expectation, confidence) };
  if (meaning.kind === 'flow' && meaning.again)
    return {
      ...base,
      complete: parse.complete,
      further: parse.further,
      ...onceMore(reader, meaning, slots, expectation, confidence),
    };
  const sets = setSlots(slots, confidence);
  const answered = meaning.kind === 'answer';
  const goesOn =
    answered || (expectation.kind !== 'open' && expectation.flow === meaning.flow && sets.length > 0);
  const commands: Command[] = goesOn ? sets : [{ command: 'startFlow', flow: meaning.flow }, ...sets];
  // More slots may always follow an answer; that they may must not keep people waiting.
  const complete = answered ? !parse.open : parse.complete;
  return { ...base, slots, commands, complete, further: complete ? 0 : parse.further };
}

/** A yes or a no where nothing was asked: people say them to each other, and noise is heard as them. */
function answersNothing(means: StandingMeaning, expectation: Expectation): boolean {
  if (means !== 'yes' && means !== 'no') return false;
  return expectation.kind === 'open' && !expectation.more && !expectation.between;
}

/** The last flow with what it was told, but for what is told anew; what "the other" is, where it cannot be known, is asked. */
function onceMore(
  reader: Reader,
  meaning: Extract<Meaning, { kind: 'flow' }>,
  told: Readonly<Record<string, string>>,
  expectation: Expectation,
  confidence: number,
): Pick<Meant, 'slots' | 'commands'> {
  const last = (expectation.kind === 'open' && expectation.last?.slots) || {};
  const flow = reader.flows.get(meaning.flow);
  const { other } = meaning;
  const value = flow && other !== undefined ? otherValue(flow, other, last[other]) : null;
  const anew = { ...told, ...(other !== undefined && value !== null ? { [other]: value } : {}) };
  const kept = Object.fromEntries(
    Object.entries(last).filter(([name]) => !(name in anew) && name !== other && flow?.slots.has(name)),
  );
  return {
    slots: { ...kept, ...anew },
    commands: [
      { command: 'startFlow', flow: meaning.flow },
      ...setSlots(kept, 1),
      ...setSlots(anew, confidence),
    ],
  };
}

/** One of the flows that were just asked about, by a word or two of its own. */
function chosen(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  if (expectation.kind !== 'open' || !expectation.between) return null;
  const { between } = expectation;
  const result = reader.classify(sentence.text);
  const among = result?.ranking.filter(({ label }) => between.includes(label)) ?? [];
  const [best] = among;
  const whole = among.reduce((sum, { probability }) => sum + probability, 0);
  const flow = best && reader.flows.get(best.label);
  if (!result || !flow || result.similarity < CHOSEN.similarity) return null;
  const share = best.probability / whole;
  return share < CHOSEN.share || whole < CHOSEN.together ? null : started(flow, sentence, round(share));
}

function corrected(
  reader: Reader,
  sentence: Sentence,
  parse: Parse,
  expectation: Expectation,
  confidence: number,
): Pick<Meant, 'slots' | 'commands'> {
  const found = parse.captures.map((capture) => ({
    slot: correctedSlot(reader, sentence, capture, expectation),
    value: capture.value,
  }));
  const named = found.filter(({ slot }) => slot !== '').map(({ slot, value }) => [slot, value]);
  return {
    slots: Object.fromEntries(named),
    commands: found.map(({ slot, value }) => ({ command: 'correctSlot', slot, value, confidence })),
  };
}

/** The slot that a correction is for; empty when several of its kind could be meant and no word says which. */
function correctedSlot(
  reader: Reader,
  sentence: Sentence,
  capture: Capture,
  expectation: Expectation,
): string {
  const { slot, from } = capture;
  const flow = reader.flows.get(slot.flow);
  const alike = [...(flow?.slots.values() ?? [])].filter((other) => sameKind(other, slot.name, flow));
  if (alike.length <= 1) return slot.name;
  const before = sentence.words.slice(0, from).findLast((word) => word !== 'my' && word !== 'the') ?? '';
  const cued = alike.filter(({ name }) => flow?.cues.get(name)?.includes(before));
  if (cued.length === 1 && cued[0]) return cued[0].name;
  const asked = expectation.kind === 'slot' ? alike.find(({ name }) => name === expectation.slot) : undefined;
  return asked?.name ?? '';
}

function sameKind(
  other: { name: string; kind: string },
  name: string,
  flow: CompiledFlow | undefined,
): boolean {
  const mine = flow?.declaration.slots[name];
  const theirs = flow?.declaration.slots[other.name];
  return (
    mine !== undefined &&
    theirs !== undefined &&
    mine.type === theirs.type &&
    JSON.stringify(mine.options) === JSON.stringify(theirs.options)
  );
}

/** What the sentence is most like, where it is like something. */
function classified(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  const result = reader.classify(sentence.text);
  const [best, second] = result?.ranking ?? [];
  if (!result || !best) return null;
  const least = expectation.kind === 'open' ? CLASSIFIED : DIGRESSION;
  const few = fewness(result.ranking.length);
  if (result.similarity < least.similarity * few) return null;
  const sure = round(sureOf(best.probability, result.similarity));
  if (second && expectation.kind === 'open' && second.probability > EITHER.least)
    return best.probability + second.probability > EITHER.together
      ? clarify([best.label, second.label], sure)
      : null;
  if (sure < least.sure + least.moreOfFew * few) return null;
  const flow = reader.flows.get(best.label);
  return flow ? started(flow, sentence, sure) : null;
}

function started(flow: CompiledFlow, sentence: Sentence, confidence: number): Meant {
  const slots = scan(flow, sentence);
  const name = flow.declaration.flow;
  return {
    inScope: true,
    flow: name,
    slots,
    confidence,
    complete: false,
    commands: [{ command: 'startFlow', flow: name }, ...setSlots(slots, confidence)],
  };
}

/** Values of a flow's slots found anywhere in a sentence: the longest at each place, each slot once. */
function scan(flow: CompiledFlow, sentence: Sentence): Record<string, string> {
  const found: Record<string, string> = {};
  let at = 0;
  while (at < sentence.words.length) {
    const here = [...flow.slots.values()]
      .filter((slot) => slot.kind !== 'text' && slot.kind !== 'yesNo' && found[slot.name] === undefined)
      .flatMap((slot) =>
        slot.type.match(sentence, at).map((match) => ({
          slot,
          match,
          cued: flow.cues.get(slot.name)?.includes(sentence.words[at - 1] ?? '') ?? false,
        })),
      )
      .sort((a, b) => b.match.end - a.match.end || Number(b.cued) - Number(a.cued))[0];
    if (here && isTelling(here.slot.kind, sentence.words.slice(at, here.match.end)))
      found[here.slot.name] = here.match.value;
    at = here?.match.end ?? at + 1;
  }
  return found;
}

/** "a", "one" and "may" alone are too common to be taken for a letter, a time or a date. */
function isTelling(kind: string, words: readonly string[]): boolean {
  if (words.length > 1 || /\d/.test(words[0] ?? '')) return true;
  return kind === 'choice' || kind === 'date' || kind === 'amount';
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

function clarify(flows: readonly string[], confidence: number): Meant {
  return {
    inScope: true,
    flow: null,
    slots: {},
    confidence,
    complete: false,
    commands: [{ command: 'clarify', flows }],
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

function valuesOf(captures: readonly Capture[]): Record<string, string> {
  return Object.fromEntries(captures.map(({ slot, value }) => [slot.name, value]));
}

function setSlots(slots: Readonly<Record<string, string>>, confidence: number): Command[] {
  return Object.entries(slots).map(([slot, value]) => ({ command: 'setSlot', slot, value, confidence }));
}

/** 1 for a desk with few flows, 0 for one with many. */
function fewness(flows: number): number {
  return Math.min(1, Math.max(0, (MANY_FLOWS - flows) / (MANY_FLOWS - FEW_FLOWS)));
}

/**
 * How likely a statistical reading is right, from the classifier's share and the likeness to what it learnt from: a
 * logistic fitted on one half of CLINC150's validation set, out-of-scope questions weighing five times
 * (`npm run bench -- understanding` shows on other data how far it can be believed).
 */
function sureOf(probability: number, similarity: number): number {
  const share = Math.min(0.9999, Math.max(0.0001, probability));
  return 1 / (1 + Math.exp(-(0.853 * Math.log(share / (1 - share)) + 3.753 * similarity - 2.389)));
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

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
