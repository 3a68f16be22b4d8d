import { decodings, fromTags } from './encodings.ts';

/** Zero-width, bidirectional and tag characters, soft hyphens, variation selectors, and controls but white space. */
const INVISIBLE = /\p{DI}|(?![\t\n\r])\p{Cc}/gu;

/** A text in its normal form, and what it looks like to a reader once tricks of spelling are undone. */
export interface Normalised {
  /** For understanding and record: NFKC, nothing invisible, single spaces. */
  readonly clean: string;
  /** Further readings, for screening only: look-alikes folded, spaced letters joined, encodings undone. */
  readonly readings: readonly string[];
  /** What was undone. */
  readonly tricks: readonly string[];
}

/** Longer texts are screened up to here; they are cut for everything else long before. */
const SCREENED = 16_000;

/** Brings a text to its normal form and finds what else it can be read as. Linear in its length. */
export function normalise(text: string): Normalised {
  const visible = text
    .slice(0, SCREENED)
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(FLAG_LETTERS, fromFlag);
  const clean = visible.replace(/\s+/g, ' ').trim();
  const tricks: string[] = [];
  if (hasInvisible(text)) tricks.push('invisible-characters');
  const folded = foldLookAlikes(clean.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase());
  if (folded.tricked) tricks.push('look-alike-letters');
  const readings = new Set([folded.text]);
  const note = (reading: string | null, trick: string) => {
    if (reading === null || readings.has(reading)) return;
    readings.add(reading);
    if (trick) tricks.push(trick);
  };
  note(joinSpaced(visible.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()), 'spaced-letters');
  note(unleet(folded.text, 'i'), 'digits-for-letters');
  note(unleet(folded.text, 'l'), 'digits-for-letters');
  note(joinBroken(folded.text), '');
  for (const [decoded, trick] of decodings(visible, folded.text)) note(decoded, trick);
  note(fromTags(text.slice(0, SCREENED)), 'hidden-text');
  return { clean, readings: [...readings], tricks: [...new Set(tricks)] };
}

/** Takes out what nobody sees. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

function hasInvisible(text: string): boolean {
  // Variation selectors and joiners belong to emoji; alone they hide nothing.
  return /(?!\u200D|\p{VS})\p{DI}|(?![\t\n\r])\p{Cc}/u.test(text);
}

/** Letters drawn as flags and in coloured squares, which no normal form undoes. */
const FLAG_LETTERS = /[\u{1F1E6}-\u{1F1FF}\u{1F130}-\u{1F149}\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}]/gu;

function fromFlag(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const first = [0x1f1e6, 0x1f170, 0x1f150, 0x1f130].find((start) => code >= start) ?? code;
  return String.fromCharCode(97 + code - first);
}

/** Letters of other alphabets that look Latin (the commonest of Unicode's confusables). */
const LOOK_ALIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    ё: 'e',
    ғ: 'f',
    ɡ: 'g',
    һ: 'h',
    н: 'h',
    і: 'i',
    ї: 'i',
    ı: 'i',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    п: 'n',
    о: 'o',
    р: 'p',
    ԛ: 'q',
    г: 'r',
    ѕ: 's',
    т: 't',
    ц: 'u',
    ѵ: 'v',
    ԝ: 'w',
    х: 'x',
    у: 'y',
    ʏ: 'y',
    з: 'z',
    α: 'a',
    β: 'b',
    ϲ: 'c',
    δ: 'd',
    ε: 'e',
    η: 'n',
    ι: 'i',
    κ: 'k',
    μ: 'm',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    σ: 'o',
    τ: 't',
    υ: 'u',
    χ: 'x',
    γ: 'y',
    ω: 'w',
    օ: 'o',
    ո: 'n',
    ս: 'u',
    հ: 'h',
    ց: 'g',
    ᴀ: 'a',
    ʙ: 'b',
    ᴄ: 'c',
    ᴅ: 'd',
    ᴇ: 'e',
    ꜰ: 'f',
    ɢ: 'g',
    ʜ: 'h',
    ɪ: 'i',
    ᴊ: 'j',
    ᴋ: 'k',
    ʟ: 'l',
    ᴍ: 'm',
    ɴ: 'n',
    ᴏ: 'o',
    ᴘ: 'p',
    ʀ: 'r',
    ꜱ: 's',
    ᴛ: 't',
    ᴜ: 'u',
    ᴠ: 'v',
    ᴡ: 'w',
    ᴢ: 'z',
    ł: 'l',
    ø: 'o',
    đ: 'd',
  }),
);

/** Folds look-alikes in words that also have Latin letters, or that are made of look-alikes alone. */
function foldLookAlikes(text: string): { text: string; tricked: boolean } {
  let tricked = false;
  const folded = text.replace(/[\p{L}]+/gu, (word) => {
    if (/^[a-z]+$/.test(word)) return word;
    const letters = Array.from(word);
    const strange = letters.filter((letter) => LOOK_ALIKE.has(letter));
    const latin = letters.some((letter) => /[a-z]/.test(letter));
    if (strange.length === 0 || (!latin && strange.length < letters.length)) return word;
    if (latin && /[^łøđı\p{ASCII}]/u.test(word)) tricked = true;
    return letters.map((letter) => LOOK_ALIKE.get(letter) ?? letter).join('');
  });
  return { text: folded, tricked };
}

const SPACED = /(?<![\p{L}\p{N}])\p{L}(?:(?:[ .\-_*|/]|[.\-_*|/] [.\-_*|/])\p{L}(?![\p{L}\p{N}])){4,400}/gu;

/** "i g n o r e  a l l" and "i.g.n.o.r.e": joined; two spaces stay a space. Null where nothing is spaced. */
function joinSpaced(text: string): string | null {
  const joined = text.replace(SPACED, (run) => run.replace(/[^\p{L}]/gu, ''));
  return joined === text ? null : joined.replace(/\s+/g, ' ').trim();
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '+': 't',
};

/** "1gn0r3 pr3v10us": words that mix letters with digits that look like letters. */
function unleet(text: string, one: 'i' | 'l'): string | null {
  const plain = text.replace(/[\w@$!+]+/g, (word) => {
    if (!/[a-z]/.test(word) || !/[0134578@$]/.test(word) || /^\d+(st|nd|rd|th|s|k|m|am|pm)$/.test(word))
      return word;
    return word
      .replace(/!+$/, '')
      .replace(/[0134578@$!+]/g, (sign) => (sign === '1' ? one : (LEET[sign] ?? sign)));
  });
  return plain === text ? null : plain;
}

/** "in-struc-tions", "sys_tem": words broken inside. */
function joinBroken(text: string): string | null {
  const joined = text.replace(/(?<=[a-z])[-_*'`~^](?=[a-z])/g, '');
  return joined === text ? null : joined;
}
