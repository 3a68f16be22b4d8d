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
  note(unleet(folded.text), 'digits-for-letters');
  note(joinBroken(folded.text), '');
  for (const [decoded, trick] of decodings(visible, folded.text)) note(decoded, trick);
  return { clean, readings: [...readings], tricks };
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

const SPACED = /(?<![\p{L}\p{N}])\p{L}(?:[ .\-_*|/]\p{L}(?![\p{L}\p{N}])){4,400}/gu;

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
function unleet(text: string): string | null {
  const plain = text.replace(/[\w@$!+]+/g, (word) => {
    if (!/[a-z]/.test(word) || !/[0134578@$]/.test(word) || /^\d+(st|nd|rd|th|s|k|m|am|pm)$/.test(word))
      return word;
    return word.replace(/!+$/, '').replace(/[0134578@$!+]/g, (sign) => LEET[sign] ?? sign);
  });
  return plain === text ? null : plain;
}

/** "in-struc-tions", "sys_tem": words broken inside. */
function joinBroken(text: string): string | null {
  const joined = text.replace(/(?<=[a-z])[-_*'`~^](?=[a-z])/g, '');
  return joined === text ? null : joined;
}

const MORSE: ReadonlyMap<string, string> = new Map(
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'
    .split(' ')
    .map((code, at) => [code, String.fromCharCode(97 + at)]),
);

/** Ten and more letters of Morse code: run together, since the gaps between words are often lost. */
function fromMorse(text: string): string | null {
  const signs = text.match(/(?<![^\s/])[.\-–—·]{1,5}(?![^\s/])/g) ?? [];
  if (signs.length < 10) return null;
  return signs.map((sign) => MORSE.get(sign.replace(/[–—]/g, '-').replace(/·/g, '.')) ?? '').join('');
}

/** Words that tell plain English from noise, once decoded. */
const TELLING =
  /\b(ignore|disregard|forget|instructions?|prompt|system|previous|reveal|password|pretend|rules?|transfer|account|admin|override|secret|balance|you are|show me|print|the|and|your)\b/g;

function* decodings(visible: string, folded: string): Generator<[decoded: string, trick: string]> {
  for (const [word] of visible.matchAll(/[A-Za-z0-9+/_-]{16,4000}={0,2}/g)) {
    const text = readable(Buffer.from(word, 'base64').toString('utf8'));
    if (text) yield [text, 'base64'];
  }
  for (const [word] of visible.matchAll(/(?:0x)?(?:[0-9a-fA-F]{2}[ :,]?){8,2000}/g)) {
    const text = readable(Buffer.from(word.replace(/0x|[^0-9a-fA-F]/g, ''), 'hex').toString('utf8'));
    if (text) yield [text, 'hexadecimal'];
  }
  if (/%[0-9a-f]{2}|&#\w{2,6};|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i.test(visible))
    yield [unescapeAll(visible), 'escaped-characters'];
  const morse = fromMorse(visible);
  if (morse !== null) yield [morse, 'morse'];
  const turned = folded.replace(/[a-z]/g, rot13);
  if (telling(turned) >= 2 && telling(folded) === 0) yield [turned, 'rot13'];
  const backwards = Array.from(folded).reverse().join('');
  if (telling(backwards) >= 2 && telling(folded) === 0) yield [backwards, 'written-backwards'];
}

function rot13(letter: string): string {
  return String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97);
}

function telling(text: string): number {
  return new Set(text.slice(0, 4000).match(TELLING)).size;
}

/** Decoded bytes count when they read as words. */
function readable(text: string): string | null {
  if (text.length < 8 || !/^[\x20-\x7E\s]+$/.test(text)) return null;
  const letters = text.replace(/[^A-Za-z ]/g, '').length;
  return letters / text.length > 0.8 && / /.test(text.trim()) ? text.toLowerCase() : null;
}

function unescapeAll(text: string): string {
  const from = (code: number) => (code > 0 && code < 0x11_00_00 ? String.fromCodePoint(code) : ' ');
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => from(Number.parseInt(hex, 16)))
    .replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/gi, (_, a: string, b: string) =>
      from(Number.parseInt(a ?? b, 16)),
    )
    .replace(/&#x([0-9a-f]{2,5});/gi, (_, hex: string) => from(Number.parseInt(hex, 16)))
    .replace(/&#(\d{2,6});/g, (_, code: string) => from(Number(code)))
    .toLowerCase();
}
