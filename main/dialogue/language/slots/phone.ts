/** Telephone numbers: digits in groups, with or without a country code ("plus one", "+1"). */
import { sayDigits } from '../numbers.ts';
import { DIGIT_RULES, digitRuns, groups } from './digits.ts';
import type { SlotType } from './slot-type.ts';

const SHORTEST = 7;
const LONGEST = 15;

export const phoneSlot: SlotType = {
  spoken: '[plus] (<digitGroup>)+',
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
