import type { CompiledDesk, Expectation } from '../dialogue/index.ts';

/**
 * How finished is what the person has said so far? `complete`: it answers what was asked and nothing can follow.
 * `open`: it could go on and need not. `midThought`: something must follow.
 */
export type Finish = 'complete' | 'open' | 'midThought';

/** Nobody means to end on one of these: hesitations, conjunctions, prepositions, articles and other openings. */
const DANGLING = new Set(
  (
    'um uh uhm er erm ah hmm and or but so because then to from into for of with on at by in about as under near ' +
    'the a an my our your this is are was would like need want i plus minus point dot dash double triple'
  ).split(' '),
);

/** Judges a partial transcript. @param now epoch ms, for dates. */
export function finishOf(desk: CompiledDesk, text: string, expectation: Expectation, now: number): Finish {
  const words = text.split(' ');
  const last = words.at(-1) ?? '';
  if (last === '') return 'open';
  if (isLetters(desk, expectation)) {
    // Letters are spelled with pauses, and "a" and "i" are letters here.
    return desk.understand(text, expectation, now).complete ? 'complete' : 'open';
  }
  if (DANGLING.has(last)) return 'midThought';
  const { complete, slots } = desk.understand(text, expectation, now);
  if (complete) return 'complete';
  return isNumber(desk, expectation) && expectation.kind === 'slot' && slots[expectation.slot] === undefined
    ? 'midThought'
    : 'open';
}

/** The type of the slot that is asked for; empty when none is. */
function asked(desk: CompiledDesk, expectation: Expectation): string {
  if (expectation.kind !== 'slot') return '';
  return desk.pack.flows[expectation.flow]?.slots[expectation.slot]?.type ?? '';
}

function isLetters(desk: CompiledDesk, expectation: Expectation): boolean {
  return asked(desk, expectation) === 'spelled';
}

/** A number that is no value yet has digits to come. */
function isNumber(desk: CompiledDesk, expectation: Expectation): boolean {
  return /^(digits|phone)/.test(asked(desk, expectation));
}
