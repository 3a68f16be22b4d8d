/**
 * Free words. Typed, any words fill it, as they were written. Spoken, no grammar can hold it: the recogniser is
 * given a loop over the pack's own vocabulary, which is a rough net: ask for text by voice only where rough will do.
 */
import type { SlotType } from './slot-type.ts';

/** Words of a text slot at most; what comes behind is not taken. */
const MOST_TOKENS = 60;

export const textSlot: SlotType = {
  spoken: null,
  rules: {},
  match: ({ text, tokens }, at) => {
    const first = tokens[at];
    if (!first) return [];
    return tokens.slice(at, at + MOST_TOKENS).map((last, index) => ({
      end: at + index + 1,
      value: text.slice(first.start, last.end).replaceAll(/\s+/g, ' '),
      mayGoOn: true,
    }));
  },
  readBack: (value) => value,
};
