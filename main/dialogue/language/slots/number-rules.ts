import { DIGIT_WORDS, TEEN_WORDS, TENS_WORDS } from '../numbers.ts';

const unit = DIGIT_WORDS.slice(1).join('|');

/** Rules for numbers in speech grammars, shared by slot types. */
export const NUMBER_RULES: Readonly<Record<string, readonly string[]>> = {
  digit: [`(${DIGIT_WORDS.join('|')}|oh)`],
  belowHundred: [
    `(/0.3/ (${unit})|/0.2/ (${TEEN_WORDS.join('|')})|/0.5/ (${TENS_WORDS.join('|')}) [/0.4/ (${unit})])`,
  ],
  hundreds: [
    `(/0.15/ a|/0.7/ (${unit})|/0.15/ (${TEEN_WORDS.slice(1).join('|')})) hundred [/0.3/ [/0.3/ and] <belowHundred>]`,
  ],
};
