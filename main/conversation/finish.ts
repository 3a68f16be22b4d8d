import type { CompiledDesk, Expectation, Understanding } from '../dialogue/index.ts';

/**
 * How finished is what the person has said so far?
 * `answered`: it is the answer that was asked for, of a kind that is whole or is not. `complete`: it can stand as it is,
 * and one thing that can be done without can follow at most. `whole`: it can stand, and more can follow. `open`: it is not clear.
 * `midThought`: something must follow.
 */
export type Finish = 'answered' | 'complete' | 'whole' | 'open' | 'midThought';

/** A reading surer than this leaves no word over. */
const SURE = 0.8;
/** Nobody means to end on one of these: hesitations, conjunctions, prepositions, articles and other openings. */
const DANGLING = new Set(
  (
    'um uh uhm er erm ah hmm and or but so because then to from into for of with on at by in about as under near ' +
    'the a an my our your this is are was would like need want i plus minus point dot dash double triple'
  ).split(' '),
);
/** Breath after a whole sentence sounds like these: of 151 recorded orders six ended so, and nobody had said it. */
const ARTICLES = new Set(['a', 'an', 'the']);
/** Kinds of answer in which people pause, and in which a part looks like a whole. */
const IN_PARTS = /^(amount|phone|digits|spelled|text)/;
/** Kinds of answer of which everybody knows when they are over. */
const WHOLE_OR_NOT = /^(digits|choice)/;

/** Judges a partial transcript. @param now epoch ms, for dates. */
export function finishOf(desk: CompiledDesk, text: string, expectation: Expectation, now: number): Finish {
  const words = text.split(' ').filter((word) => word !== '');
  if (words.length === 0) return 'open';
  const kind = askedKind(desk, expectation);
  // Letters are spelled with pauses, and "a" and "i" are letters here.
  const end = kind === 'spelled' ? words.length : words.findLastIndex((word) => !DANGLING.has(word)) + 1;
  if (end === 0) return 'midThought';
  const finish = judged(desk, words.slice(0, end).join(' '), expectation, kind, now);
  if (end === words.length) return finish;
  if (finish === 'open' || finish === 'midThought') return 'midThought';
  // Into the quiet after a sentence that can stand the grammar hears its next little word; "and" may be meant.
  return ARTICLES.has(words.slice(end).join(' ')) ? finish : 'open';
}

function judged(
  desk: CompiledDesk,
  text: string,
  expectation: Expectation,
  kind: string,
  now: number,
): Finish {
  const understanding = desk.understand(text, expectation, now);
  const {
    complete,
    inScope,
    confidence,
    slots,
    commands,
    further = Number.POSITIVE_INFINITY,
  } = understanding;
  if (complete) return isAnswer(understanding, expectation, kind) ? 'answered' : 'complete';
  const sure = inScope && confidence >= SURE;
  // Who has said all but one thing seldom stops before that: in 108 recorded orders nobody did for more than 160 ms.
  const whole = further > 1 ? 'whole' : 'complete';
  if (!IN_PARTS.test(kind) || expectation.kind !== 'slot') return sure ? whole : 'open';
  const answers = commands.some(({ command }) => command === 'setSlot' || command === 'correctSlot');
  if (sure && !answers) return whole;
  // A number that is no value yet has digits to come.
  const tooShort = /^(phone|digits)/.test(kind) && slots[expectation.slot] === undefined;
  return tooShort ? 'midThought' : 'open';
}

/**
 * Whether a complete sentence is the value that was asked for, and nothing beside it. A yes or a no is none: the one is
 * carried out and cannot be taken back, after the other people say what is wrong.
 */
function isAnswer({ commands }: Understanding, expectation: Expectation, kind: string): boolean {
  const [only, ...more] = commands;
  if (!only || more.length > 0) return false;
  if (expectation.kind !== 'slot' || !WHOLE_OR_NOT.test(kind)) return false;
  return only.command === 'setSlot' && only.slot === expectation.slot;
}

/** The type of the slot that is asked for; empty when none is. */
function askedKind(desk: CompiledDesk, expectation: Expectation): string {
  if (expectation.kind !== 'slot') return '';
  return desk.pack.flows[expectation.flow]?.slots[expectation.slot]?.type ?? '';
}
