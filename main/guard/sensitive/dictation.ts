import { pieceAt } from './number-words.ts';
import { isCommon } from './ordinary-words.ts';
import { glued, type Token } from './tokens.ts';

/**
 * A value dictated digit by digit, in pairs or in groups, written or spoken, with its separators, hesitations and
 * corrections: "four nine, uh, double two… no, five". The whole of it, so that no part can be pieced together.
 */
export interface Dictation {
  /** Indices of its first token and of the token after it. */
  readonly from: number;
  readonly to: number;
  /** Digits and letters without separators, in capitals. */
  readonly value: string;
  readonly digits: number;
  /** Digits that were said as digits; those of "eight thousand" are not. */
  readonly exact: number;
  /** It is nothing but quantities: "eight thousand and ninety". */
  readonly quantity: boolean;
  /** Two or more digits said one at a time. */
  readonly digitByDigit: boolean;
  /** Pieces with "hundred", "thousand"… */
  readonly scaled: number;
  /** Dashes or strokes stand between its parts, as in serial numbers. */
  readonly dashed: boolean;
  /** Letters stand in it. */
  readonly letters: number;
}

const SEPARATOR = /^[-–—_./\\,;:()+#*·•|'"\u2018-\u201D\p{M}\p{Cf}]$/u;
/** Words inside a dictated number that stand for no digit: separators, hesitations, corrections. */
export const BETWEEN: ReadonlySet<string> = new Set(
  `dash hyphen dot point slash space comma period plus underscore stroke asterisk hash
  uh um er erm ah hmm mm and then next followed by well like okay ok right so yes yeah you know it's
  no sorry wait actually i mean make that correction rather scratch pardon not oops`.split(/\s+/),
);
const MOST_WORDS_BETWEEN = 5;
const MOST_TOKENS_BETWEEN = 9;
/** A recogniser's spellings of two, four, eight, one: digits only between digits. */
const SOUNDS_LIKE: ReadonlyMap<string, string> = new Map([
  ['to', '2'],
  ['too', '2'],
  ['for', '4'],
  ['fore', '4'],
  ['ate', '8'],
  ['won', '1'],
]);
/** The spelling alphabets of pilots and their likes. */
export const SPELLING: ReadonlyMap<string, string> = new Map(
  `alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec
  romeo sierra tango uniform victor whiskey whisky x-ray yankee zulu`
    .split(/\s+/)
    .map((word) => [word, word.charAt(0).toUpperCase()]),
);

/** Capitals before a number that are words about it. */
const ACRONYMS: ReadonlySet<string> = new Set(
  'US UK EU AM PM AD BC USD GBP EUR OTP PIN SSN ID PNR NHS NPI MBI MRN DOB CVV CVC IBAN ATM TV IP NO CARD CODE'.split(
    ' ',
  ),
);
/** All dictated values of a text. `stops` are tokens that belong to something else (an amount, a time). */
export function dictationsIn(tokens: readonly Token[], stops: ReadonlySet<number>): Dictation[] {
  const found: Dictation[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (stops.has(at) || !pieceAt(tokens, at)) {
      at += 1;
      continue;
    }
    const dictation = new Reader(tokens, stops, at, found.at(-1)?.to ?? 0).read();
    found.push(dictation);
    at = Math.max(dictation.to, at + 1);
  }
  return found;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #stops: ReadonlySet<number>;
  readonly #floor: number;
  readonly #start: number;
  #value = '';
  #exact = 0;
  #pieces = 0;
  #scaled = 0;
  #singles = 0;
  #lastSingles = 0;
  #dashed = false;

  constructor(tokens: readonly Token[], stops: ReadonlySet<number>, start: number, floor: number) {
    this.#tokens = tokens;
    this.#stops = stops;
    this.#start = start;
    this.#floor = floor;
  }

  read(): Dictation {
    const from = this.#lettersBefore();
    let to = this.#take(this.#start);
    for (;;) {
      const next = this.#across(to);
      if (next === null) break;
      to = this.#take(next);
    }
    to = this.#lettersAfter(to);
    const digits = this.#value.replace(/\D/g, '').length;
    return {
      from,
      to,
      value: this.#value,
      digits,
      exact: this.#exact,
      quantity: this.#scaled > 0 && this.#scaled === this.#pieces,
      digitByDigit: this.#singles >= 2,
      scaled: this.#scaled,
      dashed: this.#dashed,
      letters: this.#value.length - digits,
    };
  }

  #take(at: number): number {
    const piece = pieceAt(this.#tokens, at);
    if (!piece) return at;
    this.#value += piece.digits;
    this.#pieces += 1;
    if (piece.scaled) this.#scaled += 1;
    else this.#exact += piece.digits.length;
    if (piece.single) this.#singles += 1;
    this.#lastSingles = piece.single ? this.#lastSingles + 1 : 0;
    return piece.next;
  }

  /** Where the next piece of the same value starts, past separators, hesitations and letters; null at its end. */
  #across(to: number): number | null {
    let words = 0;
    let letters = '';
    let dashed = false;
    for (let at = to; at < this.#tokens.length && at - to <= MOST_TOKENS_BETWEEN; at += 1) {
      const token = this.#tokens[at];
      if (!token || this.#stops.has(at)) return null;
      if (pieceAt(this.#tokens, at)) {
        this.#value += letters;
        this.#dashed ||= dashed;
        return at;
      }
      dashed ||= token.raw === '-' || token.raw === '/';
      if (SEPARATOR.test(token.raw)) continue;
      const letter = this.#letterAt(at);
      if (letter !== null) letters += letter;
      else if (this.#soundsLikeDigit(at)) letters += SOUNDS_LIKE.get(token.text) ?? '';
      else {
        words += 1;
        if (!BETWEEN.has(token.text) || words > MOST_WORDS_BETWEEN) return null;
      }
    }
    return null;
  }

  #soundsLikeDigit(at: number): boolean {
    const next = pieceAt(this.#tokens, at + 1);
    return this.#lastSingles >= 2 && next?.single === true && SOUNDS_LIKE.has(this.#tokens[at]?.text ?? '');
  }

  /** The letters that a token stands for inside a value: "B", "bravo", "WBK" against digits, "NWBK" in capitals. */
  #letterAt(at: number): string | null {
    const token = this.#tokens[at];
    if (token?.kind !== 'word') return null;
    const spelled = SPELLING.get(token.text);
    if (spelled !== undefined) return spelled;
    if (!/^[A-Za-z]{1,6}$/.test(token.raw)) return null;
    if (token.raw.length === 1) return token.raw.toUpperCase();
    const touches =
      (glued(this.#tokens[at - 1], token) && this.#tokens[at - 1]?.kind === 'digits') ||
      (glued(token, this.#tokens[at + 1]) && this.#tokens[at + 1]?.kind === 'digits');
    const [before, after] = [this.#tokens[at - 1], this.#tokens[at + 1]];
    const hyphened = before?.raw === '-' && after?.raw === '-' && glued(before, token) && glued(token, after);
    if (hyphened && token.raw.length <= 3) return token.raw.toUpperCase();
    if (!touches && ACRONYMS.has(token.raw)) return null;
    if (touches || (token.raw.length <= 4 && /^[A-Z]+$/.test(token.raw) && !BETWEEN.has(token.text)))
      return token.raw.toUpperCase();
    return null;
  }

  /** Letters that open the value: "G B two nine", "AB 12", "ab9453". */
  #lettersBefore(): number {
    let from = this.#start;
    let letters = '';
    while (from > this.#floor && this.#start - from < 6 && !this.#stops.has(from - 1)) {
      const token = this.#tokens[from - 1];
      if (!token) break;
      const dash = token.raw === '-' && glued(token, this.#tokens[from]) && this.#opens(from - 2);
      if (dash) {
        from -= 1;
        continue;
      }
      if (!this.#opens(from - 1)) break;
      letters = (this.#letterAt(from - 1) ?? token.raw.toUpperCase()) + letters;
      from -= 1;
    }
    this.#value = letters;
    return from;
  }

  /** "a" and "i" are words before a number; as letters they stand in capitals or against it. */
  #opens(at: number): boolean {
    const token = this.#tokens[at];
    if (!token || at < this.#floor) return false;
    if (at === this.#start - 1 && this.#opensCode(at)) return true;
    if (this.#letterAt(at) === null) return false;
    if (!/^[ai]$/i.test(token.raw) || this.#isLetter(at + 1)) return true;
    const lead = this.#tokens[at - 1]?.text ?? '';
    if (at === 0 || /^(is|:|it's)$/.test(lead)) {
      if ((at > 0 && token.raw === 'A') || this.#opensDigits(at + 1)) return true;
    } else if (/^(number|mrn|nino|iban|mbi|id|chart|record)$/.test(lead)) return true;
    return glued(token, this.#tokens[at + 1]) || this.#tokens[at - 1]?.raw.length === 1;
  }

  /** "is a four four": digits one at a time, not "is a four digit code". */
  #opensDigits(at: number): boolean {
    const [first, second] = [pieceAt(this.#tokens, at), pieceAt(this.#tokens, at + 1)];
    return first?.single === true && second !== null && !second.scaled;
  }

  #isLetter(at: number): boolean {
    return at < this.#start && /^[a-z]$/i.test(this.#tokens[at]?.raw ?? '');
  }

  /** "is ab nine four": a few letters that are no word, after "is". */
  #opensCode(at: number): boolean {
    const raw = this.#tokens[at]?.raw ?? '';
    const lead = this.#tokens[at - 1]?.text ?? '';
    return /^[a-z]{2,3}$/.test(raw) && !isCommon(raw) && /^(is|:|it's|code)$/.test(lead);
  }

  #lettersAfter(start: number): number {
    let to = start;
    for (let at = start; at < this.#tokens.length && at - start < 6 && !this.#stops.has(at); at += 1) {
      const token = this.#tokens[at];
      if (!token) break;
      if (token.raw === '-' && glued(this.#tokens[at - 1], token)) continue;
      const letter = this.#letterAt(at);
      const last = token.text === 'a' && this.#tokens[at + 1] === undefined && /[A-Z]/.test(this.#value);
      const among = /^\p{L}$/u.test(this.#tokens[at + 1]?.raw ?? '') && /[A-Z]/.test(this.#value);
      const standsAlone = /^[ai]$/i.test(token.raw) && !glued(this.#tokens[at - 1], token) && !last && !among;
      if (letter === null || standsAlone) break;
      this.#value += letter;
      to = at + 1;
    }
    return to;
  }
}
