/**
 * eSpeak NG's phoneme mnemonics (US English) as ARPAbet phones of cmudict.
 * The mnemonics are those of eSpeak's `ph_english_us`; https://github.com/espeak-ng/espeak-ng/blob/master/docs/phonemes.md
 */
const PHONES: Readonly<Record<string, string>> = {
  // Vowels
  a: 'AE',
  aa: 'AE',
  'a#': 'AH',
  '&': 'AE',
  A: 'AA',
  'A:': 'AA',
  'A@': 'AA R',
  '0': 'AA',
  '0#': 'AA',
  O: 'AO',
  'O:': 'AO',
  'O@': 'AO R',
  'o@': 'AO R',
  oU: 'OW',
  oUL: 'OW L',
  OI: 'OY',
  aI: 'AY',
  'aI@': 'AY ER',
  aI3: 'AY ER',
  aU: 'AW',
  'aU@': 'AW ER',
  eI: 'EY',
  E: 'EH',
  'E@': 'EH R',
  'e@': 'EH R',
  '3': 'ER',
  '3:': 'ER',
  '@': 'AH',
  '@2': 'AH',
  '@5': 'AH',
  '@L': 'AH L',
  '@r': 'ER',
  V: 'AH',
  'V#': 'AH',
  I: 'IH',
  I2: 'IH',
  'I#': 'IH',
  i: 'IY',
  'i:': 'IY',
  'i@': 'IH R',
  'i@3': 'IH R',
  i2: 'IY',
  U: 'UH',
  'U@': 'UH R',
  u: 'UW',
  'u:': 'UW',
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
