import { expect, test } from 'vitest';
import { arpabetOf } from '../../main/speech/recogniser/arpabet.ts';
import { wordsOfJsgf } from '../../main/speech/recogniser/grammar-words.ts';

test.each([
  ["tS_'3:_tS_j_A@_d", 'CH ER CH Y AA R D'],
  ["p_r_I_s_k_r_'I_p_S_@_n", 'P R IH S K R IH P SH AH N'],
  ["h_j_'u:_z", 'HH Y UW Z'],
  ["T_r_'u:", 'TH R UW'],
  ["l_'I_d_@_k_,eI_n", 'L IH D AH K EY N'],
  ["s_'0_t#_oU", 'S AA T OW'],
  ["z_'aI_l_0_f_@_n", 'Z AY L AA F AH N'],
])('%s is pronounced %s', (mnemonics, phones) => {
  expect(arpabetOf(mnemonics)).toBe(phones);
});

test('what is no English phoneme is not guessed', () => {
  expect(arpabetOf('b_§')).toBeUndefined();
  expect(arpabetOf('')).toBeUndefined();
});

test('the words of a grammar are found among its operators, weights, tags and comments', () => {
  const jsgf = `#JSGF V1.0 UTF-8 en;
grammar desk.test;
// a comment with words
public <order> = /0.5/ [i'd like] (a | an {tag words}) <drink>+ | /1e-3/ stop* ; /* more
words */
<drink> = latte | mocha;`;
  expect(wordsOfJsgf(jsgf).sort()).toEqual(["i'd", 'a', 'an', 'latte', 'like', 'mocha', 'stop'].sort());
});
