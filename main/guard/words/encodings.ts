/** Texts in codes that any model reads as easily as plain words; people at a desk use none of them. */

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

/**
 * What a text says once codes in it are undone, and which: base64 and base32 (once more inside), numbers of characters,
 * escapes, Morse, letters put elsewhere in the alphabet, writing backwards. Linear in its length but for the alphabets, of
 * which there are 26.
 */
export function* decodings(visible: string, folded: string): Generator<Decoded> {
  yield* inLetters(visible);
  yield* inNumbers(visible);
  if (/%[0-9a-f]{2}|&#\w{2,6};|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i.test(visible))
    yield [unescapeAll(visible), 'escaped-characters'];
  const morse = fromMorse(visible);
  if (morse !== null) yield [morse, 'morse'];
  if (telling(folded) > 0) return;
  for (const [turned, trick] of turnings(folded)) if (telling(turned) >= 2) yield [turned, trick];
}

type Decoded = readonly [decoded: string, trick: string];

function* inLetters(visible: string): Generator<Decoded> {
  for (const [word] of visible.matchAll(/[A-Za-z0-9+/_-]{16,4000}={0,2}/g)) {
    const once = Buffer.from(word, 'base64').toString('utf8');
    const text = readable(once) ?? readable(Buffer.from(once, 'base64').toString('utf8'));
    if (text) yield [text, 'base64'];
  }
  for (const [word] of visible.matchAll(/[A-Z2-7]{16,4000}={0,6}/g)) {
    const text = readable(fromBase32(word));
    if (text) yield [text, 'base32'];
  }
}

function* inNumbers(visible: string): Generator<Decoded> {
  for (const [word] of visible.matchAll(/(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]{0,2}){8,2000}/g)) {
    const text = readable(Buffer.from(word.replace(/0x|[^0-9a-fA-F]/g, ''), 'hex').toString('utf8'));
    if (text) yield [text, 'hexadecimal'];
  }
  for (const [pattern, base, trick] of NUMBERED)
    for (const [run] of visible.matchAll(pattern)) {
      const codes = run.match(/\d+/g) ?? [];
      const text = readable(codes.map((code) => fromCode(Number.parseInt(code, base))).join(''));
      if (text) yield [text, trick];
    }
}

/** Characters by number, one after the other. */
const NUMBERED: readonly (readonly [pattern: RegExp, base: number, trick: string])[] = [
  [/(?:[01]{7,8}[ ,]{0,2}){8,2000}/g, 2, 'binary'],
  [/(?:\b(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])\b[ ,;-]{0,2}){8,2000}/g, 10, 'character-codes'],
  [/(?:\\[01]?[0-7]{2}[ ,]?){8,2000}/g, 8, 'escaped-characters'],
];

function fromCode(code: number): string {
  return code > 0 && code < 0x11_00_00 ? String.fromCodePoint(code) : ' ';
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(word: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let left = 0;
  for (const sign of word.replace(/=/g, '')) {
    bits = ((bits << 5) | BASE32.indexOf(sign)) & 0xfff;
    left += 5;
    if (left < 8) continue;
    left -= 8;
    bytes.push((bits >> left) & 0xff);
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Unicode's tag characters: a second ASCII that nobody sees. Null where there are none. */
export function fromTags(text: string): string | null {
  const tags = text.match(/[\u{E0020}-\u{E007E}]/gu) ?? [];
  if (tags.length < 4) return null;
  return tags
    .map((tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000))
    .join('')
    .toLowerCase();
}

/** The alphabet turned by any number of letters, turned round, and the text written backwards. */
function* turnings(text: string): Generator<Decoded> {
  yield [Array.from(text).reverse().join(''), 'written-backwards'];
  const start = text.slice(0, 1000);
  for (let by = 1; by < 26; by += 1) {
    const turn = (letter: string) => String.fromCharCode(((letter.charCodeAt(0) - 97 + by) % 26) + 97);
    // Two words at the beginning first: most texts are none of the 25.
    if (telling(start.replace(/[a-z]/g, turn)) >= 2)
      yield [text.replace(/[a-z]/g, turn), by === 13 ? 'rot13' : 'turned-alphabet'];
  }
  yield [
    text.replace(/[a-z]/g, (letter) => String.fromCharCode(219 - letter.charCodeAt(0))),
    'turned-alphabet',
  ];
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
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16)))
    .replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/gi, (_, a: string, b: string) =>
      fromCode(Number.parseInt(a ?? b, 16)),
    )
    .replace(/&#x([0-9a-f]{2,5});/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16)))
    .replace(/&#(\d{2,6});/g, (_, code: string) => fromCode(Number(code)))
    .toLowerCase();
}
