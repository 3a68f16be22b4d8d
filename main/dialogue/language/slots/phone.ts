/** Telephone numbers: digits in groups, with or without a country code ("plus one", "+1"). */
import { sayDigits } from '../numbers.ts';
import { DIGIT_RULES, digitRuns, digitsExactly, groups } from './digits.ts';
import type { SlotType } from './slot-type.ts';

const SHORTEST = 7;
const LONGEST = 15;

/** American: with an area code, without one, with the one of the country before it; from abroad behind "plus" only. */
const SPOKEN = `(/0.65/ ${digitsExactly(10)}|/0.2/ ${digitsExactly(7)}|/0.1/ [plus] one ${digitsExactly(10)}|/0.03/ plus (${[8, 9, 11, 12].map(digitsExactly).join('|')}))`;

export const phoneSlot: SlotType = {
  spoken: SPOKEN,
  rules: DIGIT_RULES,
  match: (sentence, at) => {
    const plus = sentence.words[at] === 'plus';
    return digitRuns(sentence, plus ? at + 1 : at)
      .filter(({ digits }) => digits.length >= SHORTEST && digits.length <= LONGEST)
      .map(({ digits, end }) => ({
        end,
        value: plus ? `+${digits}` : digits,
        mayGoOn: digits.length < (plus || digits.startsWith('1') ? 11 : 10),
      }));
  },
  readBack: (value) => {
    const digits = value.replace(/^\+/, '');
    const country = digits.length > 10 ? digits.slice(0, -10) : '';
    const said = groups(digits.slice(country.length)).map(sayDigits).join(', ');
    return `${value.startsWith('+') ? 'plus ' : ''}${country === '' ? '' : `${sayDigits(country)}, `}${said}`;
  },
};
