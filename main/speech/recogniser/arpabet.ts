/**
 * eSpeak NG's phoneme mnemonics (US English) as ARPAbet phones of cmudict.
 * The mnemonics are those of eSpeak's `ph_english_us`; https://github.com/espeak-ng/espeak-ng/blob/master/docs/phonemes.md
 * The first mnemonic of a phone is the one that it is spoken with (`mnemonicsOf`).
 */
const PHONES: Readonly<Record<string, string>> = {
  // Vowels
  'U@': 'UH R',
  'o@': 'AO R',
  'A@': 'AA R',
  'i@3': 'IH R',
  'e@': 'EH R',
  U: 'UH',
  E: 'EH',
  V: 'AH',
  '3:': 'ER',
  I: 'IH',
  'i:': 'IY',
  'u:': 'UW',
  'O:': 'AO',
  'A:': 'AA',
  a: 'AE',
  aa: 'AE',
  'a#': 'AH',
  '&': 'AE',
  A: 'AA',
  '0': 'AA',
  '0#': 'AA',
  O: 'AO',
  'O@': 'AO R',
  oU: 'OW',
  oUL: 'OW L',
  OI: 'OY',
  aI: 'AY',
  'aI@': 'AY ER',
  aI3: 'AY ER',
  aU: 'AW',
  'aU@': 'AW ER',
  eI: 'EY',
  'E@': 'EH R',
  '3': 'ER',
  '@': 'AH',
  '@2': 'AH',
  '@5': 'AH',
  '@L': 'AH L',
  '@r': 'ER',
  'V#': 'AH',
  I2: 'IH',
  'I#': 'IH',
  i: 'IY',
  'i@': 'IH R',
  i2: 'IY',
  u: 'UW',
  'ju:': 'Y UW',
  IR: 'IH R',
  VR: 'ER',
  E2: 'EH',
  e: 'EH',
  o: 'OW',
  '8': 'UH',
  // Consonants
  b: 'B',
  tS: 'CH',
  d: 'D',
  D: 'DH',
  'd#': 'D',
  f: 'F',
  g: 'G',
  h: 'HH',
  dZ: 'JH',
  k: 'K',
  l: 'L',
  'l#': 'L',
  L: 'L',
  m: 'M',
  n: 'N',
  N: 'NG',
  p: 'P',
  r: 'R',
  'r-': 'R',
  s: 'S',
  S: 'SH',
  t: 'T',
  't#': 'T',
  t2: 'T',
  T: 'TH',
  v: 'V',
  w: 'W',
  j: 'Y',
  z: 'Z',
  'z#': 'Z',
  Z: 'ZH',
  x: 'K',
  'm-': 'AH M',
  'n-': 'AH N',
  '?': '',
  'w#': 'W',
  Q: 'G',
  C: 'SH',
  R: 'R',
  x2: 'K',
};

/**
 * ARPAbet for mnemonics with `_` between phonemes (`tS_'3:_tS_j_A@_d` becomes `CH ER CH Y AA R D`); undefined when
 * a mnemonic has no English counterpart or nothing is left.
 */
export function arpabetOf(mnemonics: string): string | undefined {
  const phones: string[] = [];
  for (const token of mnemonics.split(/[_\s]+/)) {
    // Stress, length and syllable marks, and language switches such as (en).
    const phoneme = token.replace(/\([a-z-]+\)/g, '').replace(/^[',%=|!]+|[;|!~^]+$/g, '');
    if (phoneme === '' || phoneme === ':') continue;
    const found = PHONES[phoneme] ?? PHONES[phoneme.replace(/[#\d:]+$/, '')];
    if (found === undefined) return undefined;
    if (found !== '') phones.push(found);
  }
  return phones.length === 0 ? undefined : collapse(phones.join(' '));
}

/** What the dictionary writes as one: `ER R` before a vowel is `ER`, `AH R` at a syllable's end is `ER`. */
function collapse(phones: string): string {
  return phones.replace(/\bER R\b/g, 'ER').replace(/\bAH R(?= [^AEIOU]|$)/g, 'ER');
}

/** From the same table: how each phone, and each vowel with an r, is written for eSpeak. */
const MNEMONICS = firstOfEach(PHONES);
/** Vowels that are weak where nothing says otherwise. */
const WEAK = new Set(['AH', 'ER', 'IH']);

/**
 * eSpeak mnemonics for ARPAbet phones (`B AH N AE1 N AH` becomes `b@|n|'a|n|@|`); undefined when one of them is not a phone.
 * A digit 1 marks the stressed vowel; without one it is guessed: the first full vowel.
 */
export function mnemonicsOf(phones: string): string | undefined {
  const given = phones.trim().toUpperCase().split(/\s+/);
  const bare = given.map((phone) => phone.replace(/[0-2]$/, ''));
  if (bare.some((phone) => MNEMONICS[phone] === undefined)) return undefined;
  const vowels = bare.flatMap((phone, at) => (/^[AEIOU]/.test(phone) ? [at] : []));
  const marked = given.findIndex((phone) => phone.endsWith('1'));
  const full = vowels.find((at) => !WEAK.has(bare[at] ?? ''));
  const stressed = marked >= 0 ? marked : (full ?? vowels[0] ?? -1);
  let written = '';
  for (let at = 0; at < bare.length; at += 1) {
    const phone = bare[at] ?? '';
    const withR = MNEMONICS[`${phone} ${bare[at + 1]}`];
    // `|` ends a mnemonic, so that two of them are not read as one.
    if (at === stressed) written += "'";
    if (phone === 'AH' && at !== stressed) written += '@|';
    else if (withR !== undefined && bare[at + 1] === 'R') written += `${withR}|`;
    else written += `${MNEMONICS[phone]}|`;
    if (withR !== undefined && bare[at + 1] === 'R') at += 1;
  }
  return written;
}

function firstOfEach(phones: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const first: Record<string, string> = {};
  for (const [mnemonic, phone] of Object.entries(phones)) if (phone !== '') first[phone] ??= mnemonic;
  return first;
}
