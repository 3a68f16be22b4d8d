/** Every type that the issue lists, item by item: written, spoken, asked for, over words and turns. */
import { describe, expect, it } from 'vitest';
import { createMasker, maskSensitive } from '../../main/guard/index.ts';
import { carriersOf, DIGIT_TYPES, isAllGone, isGone, madeValue } from './said-values.ts';
import { seeded } from './spoken-forms.ts';

const masked = (text: string) => maskSensitive(text, { thisYear: 2026 }).masked;

const SAID: Readonly<Record<string, readonly (readonly [text: string, kept: string])[]>> = {
  card: [
    ['it is 4929-1312-0007-4451', 'it is [card]'],
    ['four nine two nine one three one two double zero oh seven four four five one', '[card]'],
    ['forty nine twenty nine thirteen twelve zero zero oh seven forty four fifty one', '[card]'],
    ['the card is four nine two nine, no sorry, four nine two eight, one three', 'the card is [card]'],
    ['the amex three seven eight two eight two two four six three one oh oh oh five', 'the amex [card]'],
  ],
  cvv: [
    ['the cvv is three one two', 'the cvv is [cvv]'],
    ['c v v is triple one', 'c v v is [cvv]'],
    ['the three digits on the back are three twelve', 'the three digits on the back are [cvv]'],
    ['security code is 3 1 2', 'security code is [cvv]'],
  ],
  expiry: [
    ['exp 03-2027', 'exp [expiry]'],
    ['expiry is march twenty seven', 'expiry is [expiry]'],
    ['it expires in March 2027', 'it expires in [expiry]'],
    ['expires march twenty twenty seven', 'expires [expiry]'],
    ['valid thru zero three slash two seven', 'valid thru [expiry]'],
  ],
  account: [
    ['account number twelve thirty four fifty six seventy eight', 'account number [account]'],
    ['acct 0034-5567-89', 'acct [account]'],
  ],
  routing: [
    ['routing is oh two one triple zero oh two one', 'routing is [routing]'],
    ['a b a number 021000021', 'a b a number [routing]'],
    ['sort code 20-02-35', 'sort code [routing]'],
    ['sort code twelve thirty four fifty six', 'sort code [routing]'],
  ],
  iban: [
    ['DE89370400440532013000', '[iban]'],
    ['g b two nine n w b k six zero one six one three three one nine two six eight one nine', '[iban]'],
    [
      'iban golf bravo twenty nine november whiskey bravo kilo sixty sixteen thirteen thirty one ninety two sixty eight nineteen',
      'iban [iban]',
    ],
  ],
  ssn: [
    ['078-05-1120', '[ssn]'],
    ['my social is zero seven eight oh five eleven twenty', 'my social is [ssn]'],
    ['s s n is oh seven eight, zero five, one one two zero', 's s n is [ssn]'],
  ],
  nino: [
    ['QQ 12 34 56 C', '[nino]'],
    ['my n i number is quebec quebec twelve thirty four fifty six charlie', 'my n i number is [nino]'],
    ['national insurance number a b one two three four five six c', 'national insurance number [nino]'],
  ],
  nhs: [['my n h s number is nine four three four seven six five nine one nine', 'my n h s number is [nhs]']],
  npi: [
    ['the n p i is one two three four five six seven eight nine three', 'the n p i is [npi]'],
    ['provider number 1234567893', 'provider number [npi]'],
  ],
  mbi: [
    ['1WJ1-RA6-FC73', '[mbi]'],
    ['my medicare is one echo golf four tango echo five mike kilo seventy three', 'my medicare is [mbi]'],
    ['m b i is one e g four t e five m k seven three', 'm b i is [mbi]'],
    // Letters of an acronym go with a number that follows at once: what is hidden is more, not less.
    ['m b i one e g four t e five m k seven three', '[number]'],
  ],
  mrn: [
    ['m r n is double four five two one oh', 'm r n is [mrn]'],
    ['my chart number is a four four five two ten', 'my chart number is [mrn]'],
  ],
  phone: [
    ['reach me at 202.555.0101', 'reach me at [phone]'],
    ['call me on plus forty four seven seven double oh nine hundred one two three', 'call me on [phone]'],
  ],
  email: [
    ['john dot smith forty two at g mail dot com', '[email]'],
    ['it is j o h n at gmail dot com', 'it is [email]'],
    ['mary underscore s at clinic dash mail dot co dot uk', '[email]'],
  ],
  address: [
    ['my address is one twenty three north main street apartment four b', 'my address is [address]'],
    ['PO Box 1234', '[address]'],
    ['my zip code is six two seven oh four', 'my zip code is [postcode]'],
  ],
  'birth date': [
    ['dob five two eighty one', 'dob [birthdate]'],
    ['i was born in nineteen eighty one', 'i was born in [birthdate]'],
    ['my date of birth is the second of may eighty one', 'my date of birth is [birthdate]'],
  ],
  name: [
    ['the last name is o dell', 'the last name is [name]'],
    ['spelled v r b o v a', 'spelled [name]'],
    ['my surname is d e double l', 'my surname is [name]'],
  ],
  password: [
    ['the passphrase is correct horse battery staple', 'the passphrase is [password]'],
    ['password hunter2', 'password [password]'],
    ['my memorable word is marmalade', 'my memorable word is [password]'],
  ],
  'one-time code': [
    ['my verification code is a b nine four', 'my verification code is [code]'],
    ['the o t p is double four nine one', 'the o t p is [code]'],
    ['they texted me eighty four thirty one seventy seven', 'they texted me [code]'],
  ],
};

describe.each(Object.entries(SAID))('%s', (_, forms) => {
  it.each(forms)('%s', (text, kept) => {
    expect(masked(text)).toBe(kept);
  });
});

describe('an answer is masked for its question', () => {
  it.each([
    ['What is your last name?', 'vrbova', '[name]'],
    ['What is the name on the card?', "it's ottoline vrbova", "it's [name]"],
    ['And your full name please?', 'yes it is marmaduke', 'yes it is [name]'],
    ['What is the password?', 'blue horse seven', '[password]'],
    ['What is your memorable word?', 'marmalade', '[password]'],
    ['What is your address?', 'seven the old mill', '[address]'],
    ['What is the iban?', 'g b', '[iban]'],
  ])('%s %s', (question, answer, kept) => {
    const masker = createMasker();
    masker.mask(question, 'agent');
    expect(masker.mask(answer, 'person').masked).toBe(kept);
  });

  it('though the question was talked over', () => {
    const masker = createMasker();
    masker.mask('And your', 'agent');
    expect(masker.mask('it is 312', 'person', 'And your security code?').masked).toBe('it is [cvv]');
    expect(createMasker().mask('it is 12', 'person').masked).toBe('it is 12');
  });

  it.each([
    ['What is your last name?', 'can you repeat that'],
    ['What is your last name?', 'no i do not want to'],
    ['What is your last name?', 'get me a person please'],
    ['What is the password?', 'i do not know'],
    ['How can I help?', 'i lost my card'],
  ])('and no other: %s %s', (question, answer) => {
    const masker = createMasker();
    masker.mask(question, 'agent');
    expect(masker.mask(answer, 'person').masked).toBe(answer);
  });
});

describe('of 150 made values', () => {
  it.each(DIGIT_TYPES)('%s: nothing is left, written, spoken, or over two turns', (type) => {
    const random = seeded(20_261_121);
    const left: string[] = [];
    const carriers = carriersOf(type);
    for (let at = 0; at < 150; at += 1) {
      const { written, spoken } = madeValue(type, random);
      const carrier = carriers[at % carriers.length] ?? '#';
      for (const form of [written, spoken])
        if (!isGone(maskSensitive(carrier.replace('#', form)).masked, carrier)) left.push(form);
      const masker = createMasker();
      masker.mask(`What is your ${type === 'cvv' ? 'security code' : type} number?`, 'agent');
      const words = spoken.split(' ');
      const half = Math.ceil(words.length / 2);
      for (const turn of [words.slice(0, half), words.slice(half)])
        if (!isAllGone(masker.mask(turn.join(' '), 'person').masked)) left.push(turn.join(' '));
    }
    // 0.99 of 600 told; the few that are not found are in the message.
    expect(left.length, left.join(' / ')).toBeLessThanOrEqual(6);
  });
});
