import { DIGIT_WORDS, TEEN_WORDS, TENS_WORDS } from '../numbers.ts';

const unit = DIGIT_WORDS.slice(1).join('|');

/** Rules for numbers in speech grammars, shared by slot types. */
export const NUMBER_RULES: Readonly<Record<string, readonly string[]>> = {
  digit: [`(${DIGIT_WORDS.join('|')}|oh)`],
  belowHundred: [`(${unit}|${TEEN_WORDS.join('|')}|(${TENS_WORDS.join('|')}) [(${unit})])`],
  hundreds: [`(a|${unit}|${TEEN_WORDS.slice(1).join('|')}) hundred [[and] <belowHundred>]`],
};
