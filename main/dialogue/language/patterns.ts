/**
 * What may be said now, as patterns: a meaning with the phrase that says it. Both the speech grammar and the
 * understanding are made from the same list, so that what is heard is always understood.
 */
import type { Expectation } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import { type Phrase, phraseOf } from './phrase.ts';
import { type Scope, type Slot, scopeOf } from './scope.ts';
import {
  ANSWER_LEADS,
  ANSWER_PREPOSITIONS,
  CORRECTION_LEADS,
  LEADS,
  SELF_CORRECTION,
  STANDING,
  STANDING_WEIGHTS,
  type StandingMeaning,
  TAILS,
} from './standing.ts';
import { spokenWords } from './words.ts';

export type Meaning =
  | {
      readonly kind: 'flow';
      readonly flow: string;
      /** The flow done last, once more: what was told stays, but for what is told now. */
      readonly again?: true;
      /** "The other account": the slot whose other value is meant. */
      readonly other?: string;
    }
  | { readonly kind: 'standing'; readonly means: StandingMeaning }
  /** Values for slots of the flow under way. */
  | { readonly kind: 'answer'; readonly flow: string }
  /** Values that replace others. */
  | { readonly kind: 'correction'; readonly flow: string };

export interface Pattern {
  readonly meaning: Meaning;
  readonly phrase: Phrase;
  readonly scope: Scope;
  /** Added to the cost of a parse: what is less expected now. */
  readonly penalty: number;
  /** `typed`: for understanding only, too loose or too large for the speech grammar. */
  readonly use: 'both' | 'typed';
  /** How often it is said, relative to the other patterns of its kind of meaning: what the recogniser leans to. */
  readonly weight: number;
}

const NO_NAMES = scopeOf([]);
/** A penalty large enough to break ties, too small to outweigh a word. */
const LESS_EXPECTED = 0.04;
const DIGRESSION = 0.08;
/** How often, beside the plain answer, people say other things to a question: guesses, checked by bench/spoken-desks.ts. */
const SAID = { otherSlot: 0.04, correction: 0.05, otherCorrection: 0.02, bareChange: 0.1 };
/** Within an answer: "my customer number is", a mended value, further values. */
const NAMED = 0.1;
const MENDED = 0.03;
const ALONG = 0.05;
/** Before a value: "to {account}". */
const CUED = 0.2;
const EMPTY: Phrase = { kind: 'words', words: [] };

/** Patterns of everything that can be said under this expectation. */
export function patternsFor(
  pack: DeskPack,
  flows: ReadonlyMap<string, CompiledFlow>,
  expectation: Expectation,
): readonly Pattern[] {
  const current = expectation.kind === 'open' ? undefined : flows.get(expectation.flow);
  const own: Pattern[] = [];
  if (current && expectation.kind === 'slot') own.push(...answers(current, expectation.slot));
  if (current && expectation.kind === 'yesNo') own.push(...changes(current));
  const free = expectation.kind === 'open' ? 0 : DIGRESSION;
  const others = [...flows.values()].flatMap((flow) => flowPatterns(flow, free));
  const answersYesNo =
    current && expectation.kind === 'slot' && current.slots.get(expectation.slot)?.kind === 'yesNo';
  return [...own, ...others, ...standing(pack, expectation, answersYesNo === true)];
}

/** What may stand around a request, and before an answer of this kind of slot. */
export function openPhrases(kind: string): {
  readonly leads: readonly Phrase[];
  readonly tails: readonly Phrase[];
  readonly answerLeads: readonly Phrase[];
} {
  const before = ANSWER_PREPOSITIONS[kind.replace(/\(.*/, '')];
  return {
    leads: LEADS.map(phraseOf),
    tails: TAILS.map(phraseOf),
    answerLeads: [...ANSWER_LEADS, ...(before === undefined ? [] : [before])].map(phraseOf),
  };
}

function flowPatterns(flow: CompiledFlow, penalty: number): Pattern[] {
  const meaning: Meaning = { kind: 'flow', flow: flow.declaration.flow };
  const urgent = flow.declaration.takesOver ? 0 : penalty;
  return flow.phrases.map((phrase) => ({
    meaning,
    phrase,
    scope: flow.scope,
    penalty: urgent,
    use: 'both',
    weight: 1,
  }));
}

function standing(pack: DeskPack, expectation: Expectation, withoutYesNo: boolean): Pattern[] {
  const weights = STANDING_WEIGHTS[expectation.kind];
  const deskScope = scopeOf([{ prefix: 'desk', lists: pack.desk.lists }]);
  const patterns = Object.entries(STANDING).flatMap(([means, phrases]) =>
    withoutYesNo && (means === 'yes' || means === 'no' || means === 'farewell')
      ? []
      : phrases.map((text) =>
          standingPattern(means as StandingMeaning, text, NO_NAMES, weights[means as StandingMeaning]),
        ),
  );
  return [
    ...patterns,
    ...pack.desk.handOff.phrases.map((text) => standingPattern('handOff', text, deskScope, weights.handOff)),
  ];
}

function standingPattern(means: StandingMeaning, text: string, scope: Scope, weight: number): Pattern {
  const meaning: Meaning = { kind: 'standing', means };
  return { meaning, phrase: phraseOf(text), scope, penalty: 0, use: 'both', weight };
}

/** Ways of answering the question for a slot, and of mending what was said. */
function answers(flow: CompiledFlow, name: string): Pattern[] {
  const meaning: Meaning = { kind: 'answer', flow: flow.declaration.flow };
  const asked = slotPhrase(flow, name);
  const others = [...flow.slots.values()].filter((slot) => slot.name !== name && slot.kind !== 'text');
  const more: Phrase[] = others.flatMap((slot) => cuePhrase(flow, slot.name) ?? []);
  const along: Phrase =
    more.length === 0
      ? EMPTY
      : { kind: 'optional', item: { kind: 'repeat', item: oneOf(more), atLeast: 1 }, share: ALONG };
  const mended: Phrase = {
    kind: 'optional',
    item: inOrder([oneOf(SELF_CORRECTION.map(phraseOf)), { kind: 'slot', name }]),
    share: MENDED,
  };
  const base = { meaning, scope: flow.scope };
  const counted = isNumberLike(flow.slots.get(name));
  const patterns: Pattern[] = [
    ...(counted ? plainNumber(base, name, asked) : []),
    {
      ...base,
      phrase: inOrder([named(name), asked, mended, along]),
      penalty: 0,
      use: counted ? 'typed' : 'both',
      weight: 1,
    },
  ];
  if (flow.slots.get(name)?.kind === 'text')
    return [{ ...base, phrase: asked, penalty: 0.5, use: 'typed', weight: 1 }];
  const alone = others.flatMap((slot) => {
    const cued = cuePhrase(flow, slot.name);
    if (couldBeTaken(flow.slots.get(name), slot)) return cued ?? [];
    const single: Phrase = { kind: 'slot', name: slot.name };
    return oneOf(cued ? [cued, single] : [single]);
  });
  for (const phrase of alone)
    patterns.push({
      ...base,
      phrase,
      penalty: LESS_EXPECTED,
      use: counted ? 'typed' : 'both',
      weight: SAID.otherSlot / alone.length,
    });
  const inAnyOrder: Phrase = { kind: 'repeat', item: oneOf([asked, ...alone]), atLeast: 1 };
  patterns.push({ ...base, phrase: inAnyOrder, penalty: LESS_EXPECTED, use: 'typed', weight: 0 });
  return [...patterns, ...corrections(flow, name)];
}

/** Kinds of which a value of one looks like a value of another: a digit too few must not become an amount. */
const NUMBER_LIKE = new Set(['amount', 'phone', 'time', 'spelled']);

function couldBeTaken(asked: Slot | undefined, other: Slot): boolean {
  return isNumberLike(asked) && isNumberLike(other);
}

function isNumberLike(slot: Slot | undefined): boolean {
  return slot !== undefined && (NUMBER_LIKE.has(slot.kind) || slot.kind.startsWith('digits'));
}

/** A number is heard alone: where more could follow, pauses and breaths between digits are taken for words. */
function plainNumber(base: Pick<Pattern, 'meaning' | 'scope'>, name: string, asked: Phrase): Pattern[] {
  const announced: Phrase = {
    kind: 'optional',
    item: oneOf([announcement(name), phraseOf('(my|the) number is')].filter((item) => item !== EMPTY)),
    share: NAMED,
  };
  const phrase = inOrder([announced, asked]);
  return [{ ...base, phrase, penalty: 0, use: 'both', weight: 1 }];
}

/** "my customer number is", or nothing. */
function named(name: string): Phrase {
  const item = announcement(name);
  return item === EMPTY ? EMPTY : { kind: 'optional', item, share: NAMED };
}

/** "my customer number is", after the slot's own name. */
function announcement(name: string): Phrase {
  const words = spokenWords(name.replaceAll('_', ' ').replaceAll(/([A-Z])/g, ' $1'));
  const last = words.at(-1);
  if (last === undefined) return EMPTY;
  const before: Phrase[] = words
    .slice(0, -1)
    .map((word) => ({ kind: 'optional', item: { kind: 'words', words: [word] } }));
  return inOrder([
    phraseOf('(my|the)'),
    ...before,
    { kind: 'words', words: [last] },
    phraseOf('[(is|would be)]'),
  ]);
}

/** At a yes-or-no question: "no, the second of May", "make it two hundred", or the value alone. */
function changes(flow: CompiledFlow): Pattern[] {
  const meaning: Meaning = { kind: 'correction', flow: flow.declaration.flow };
  const bare = [...flow.slots.values()]
    .filter((slot) => slot.kind !== 'text' && slot.kind !== 'yesNo')
    .map(
      (slot): Pattern => ({
        meaning,
        phrase: slotPhrase(flow, slot.name),
        scope: flow.scope,
        penalty: LESS_EXPECTED,
        use: 'both',
        weight: SAID.bareChange,
      }),
    );
  return [...bare, ...corrections(flow, null)];
}

function corrections(flow: CompiledFlow, asked: string | null): Pattern[] {
  const meaning: Meaning = { kind: 'correction', flow: flow.declaration.flow };
  const lead = oneOf(CORRECTION_LEADS.map(phraseOf));
  return [...flow.slots.values()]
    .filter((slot) => slot.kind !== 'text' && slot.kind !== 'yesNo')
    .map((slot) => ({
      meaning,
      phrase: inOrder([lead, { kind: 'optional', item: phraseOf('(the|not)') }, slotPhrase(flow, slot.name)]),
      scope: flow.scope,
      penalty: slot.name === asked ? 0 : LESS_EXPECTED,
      use: 'both' as const,
      weight: asked === null ? 1 : slot.name === asked ? SAID.correction : SAID.otherCorrection,
    }));
}

/** The slot, with or without the word that announces it. */
function slotPhrase(flow: CompiledFlow, name: string): Phrase {
  const cued = cuePhrase(flow, name);
  const slot: Phrase = { kind: 'slot', name };
  const cues = flow.cues.get(name) ?? [];
  return cued ? inOrder([{ kind: 'optional', item: cueWords(cues), share: CUED }, slot]) : slot;
}

function cuePhrase(flow: CompiledFlow, name: string): Phrase | null {
  const cues = flow.cues.get(name) ?? [];
  return cues.length === 0 ? null : inOrder([cueWords(cues), { kind: 'slot', name }]);
}

function cueWords(cues: readonly string[]): Phrase {
  return inOrder([
    oneOf(cues.map((word) => ({ kind: 'words', words: [word] }))),
    { kind: 'optional', item: phraseOf('(my|the)') },
  ]);
}

function oneOf(options: readonly Phrase[]): Phrase {
  const only = options[0];
  return options.length === 1 && only ? only : { kind: 'choice', options };
}

function inOrder(items: readonly Phrase[]): Phrase {
  return { kind: 'sequence', items: items.filter((item) => item !== EMPTY) };
}
