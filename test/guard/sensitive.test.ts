import { describe, expect, it } from 'vitest';
import { createMasker, maskSensitive } from '../../main/guard/index.ts';
import { seeded, spokenIn } from './spoken-forms.ts';

const YEAR = { thisYear: 2026 };
const masked = (text: string) => maskSensitive(text, YEAR).masked;

describe('maskSensitive finds', () => {
  it.each([
    ['cards', 'my card is 4929 1312 0007 4451 thanks', 'my card is [card] thanks'],
    ['cards whose checksum fails', 'my card is 4929 1312 0007 4452', 'my card is [card]'],
    ['cards without a word about them', '4929131200074451', '[card]'],
    ['long runs of digits that are no card', '1111 2222 3333 4444 555', '[card]'],
    ['the last digits of a card', 'the visa ending in 4451', 'the visa ending in [card]'],
    ['a CVV', 'the security code is 312', 'the security code is [cvv]'],
    [
      'a spoken CVV',
      'the three digits on the back are three one two',
      'the three digits on the back are [cvv]',
    ],
    ['an expiry', 'it expires 03/27', 'it expires [expiry]'],
    ['a spoken expiry', 'expiry date oh three twenty seven', 'expiry date [expiry]'],
    ['bank accounts', 'from account 12345678 please', 'from account [account] please'],
    [
      'accounts said as a quantity',
      'account number one thousand two hundred thirty four',
      'account number [account]',
    ],
    ['routing numbers', 'the routing number is 021000021', 'the routing number is [routing]'],
    ['sort codes', 'sort code 12-34-56', 'sort code [routing]'],
    ['an IBAN', 'pay GB29 NWBK 6016 1331 9268 19 now', 'pay [iban] now'],
    ['an IBAN in small letters', 'to gb29nwbk60161331926819', 'to [iban]'],
    ['social security numbers', 'social security 078-05-1120', 'social security [ssn]'],
    ['the last four of a social', 'last four of my social are 1120', 'last four of my social are [ssn]'],
    [
      'national insurance numbers',
      'QQ 12 34 56 C is my national insurance number',
      '[nino] is my national insurance number',
    ],
    ['NHS numbers', 'NHS number 943 476 5919', 'NHS number [nhs]'],
    ['provider numbers', 'the NPI is 1234567893', 'the NPI is [npi]'],
    ['Medicare numbers', 'medicare 1EG4-TE5-MK73', 'medicare [mbi]'],
    ['medical record numbers', 'the MRN is A 445 210', 'the MRN is [mrn]'],
    ['phone numbers', 'call me on (555) 010-4477', 'call me on [phone]'],
    [
      'spoken phone numbers',
      'call me at plus one, five five five, oh one oh, four four seven seven',
      'call me at [phone]',
    ],
    ['e-mail', 'write to j.doe@example.com please', 'write to [email] please'],
    ['spoken e-mail', 'it is j doe at example dot com thanks', 'it is [email] thanks'],
    ['spoken e-mail with marks', 'mary underscore smith one two at mail dot example dot org', '[email]'],
    ['postal addresses', 'I live at 42 Maple Street, Springfield, IL 62704', 'I live at [address]'],
    ['spoken addresses', 'i live at forty two maple street', 'i live at [address]'],
    ['addresses abroad', 'My address is Kastanienallee 82, Berlin', 'My address is [address]'],
    ['birth dates in figures', 'born 02/05/1981', 'born [birthdate]'],
    [
      'birth dates in words',
      'my birthday is the second of may nineteen eighty one',
      'my birthday is [birthdate]',
    ],
    ['birth dates without a word about them', 'may second nineteen eighty one', '[birthdate]'],
    ['birth days without a year', 'my birthday is may second', 'my birthday is [birthdate]'],
    ['introduced names', 'my name is ottoline vrbova', 'my name is [name]'],
    ['names after titles', 'put it on Mrs. Vrbová’s account', 'put it on Mrs. [name]’s account'],
    ['names by their capitals', 'Ask Ottoline Vrbová about it', 'Ask [name] about it'],
    ['names in lists', 'Anna, Oldrich and Ottoline came', '[name], [name] and [name] came'],
    ['known names without capitals', 'i spoke to jennifer lopez', 'i spoke to [name]'],
    ['passwords', 'my password is blue horse seven', 'my password is [password]'],
    ['passwords with marks', 'password: Tr0ub4dor&3!', 'password: [password]!'],
    ['one-time codes', 'they texted me 84 31 77', 'they texted me [code]'],
    ['one-time codes with letters', 'your otp is ab nine four five three', 'your otp is [code]'],
    ['PINs', 'my pin is two oh one four', 'my pin is [pin]'],
    ['network addresses', 'from 10.20.30.40', 'from [network-address]'],
  ])('%s', (_, text, expected) => {
    expect(masked(text)).toBe(expected);
  });
});

describe('maskSensitive hears digits however they are said', () => {
  it.each([
    'four nine double two one three',
    'four nine, uh, two two one three',
    'forty nine twenty two thirteen',
    'four nine two two no sorry one three',
    'four nine two, no, five two one three',
    'triple nine oh eight',
    'nine hundred ninety nine one two three four',
    'one eight hundred five five five one two one two',
    'four nine two to three',
    '４９２９ １３',
    '٤٩٢٩١٣',
    '4️⃣9️⃣2️⃣9️⃣',
    '4.9.2.9.1',
    '49\u200B29\u200B13',
    'four-nine-two-nine',
    'FOUR NINE TWO NINE',
  ])('%j', (text) => {
    expect(maskSensitive(text).masked).toMatch(/^\[(number|card|phone)\]\p{M}*$/u);
  });
});

describe('maskSensitive leaves readable', () => {
  it.each([
    'a hundred and twenty dollars',
    'transfer two thousand five hundred dollars',
    'it was $18,925.50 on the bill',
    'one point four three six billion yuan',
    'at two thirty',
    'at ten thirty five on monday',
    'the visit is at 10:45 am',
    'on the second of May',
    'next tuesday the fifteenth of december',
    'see you on December 15, 2026',
    'all four of them, at 9',
    'in 2012 I moved here',
    'two or three hundred people',
    'my password is not working',
    'what is the routing number',
    'can i change my pin at the cash machine',
    'I lost my card in the Harbor Street branch',
    'the limit is 20.00 a day',
    'Is the bank open on Good Friday?',
  ])('%j', (text) => {
    expect(maskSensitive(text, YEAR)).toEqual({ masked: text, spans: [] });
  });
});

describe('a finding', () => {
  it('spans the whole value in the text as given, and says why without the value', () => {
    const text = 'pin 1 2 3 4 ok';
    const [span] = maskSensitive(text).spans;
    expect(text.slice(span?.start, span?.end)).toBe('1 2 3 4');
    expect(span).toMatchObject({ type: 'pin', why: 'pin: 4 long, "pin" before' });
    expect(span?.score).toBeGreaterThan(0.5);
  });

  it('is surer when the checksum holds', () => {
    const [holds] = maskSensitive('4929131200074454').spans;
    const [fails] = maskSensitive('4929131200074451').spans;
    expect([holds, fails].map((span) => span?.type)).toEqual(['card', 'card']);
    expect(holds?.score ?? 0).not.toBe(fails?.score);
  });

  it('is named by the type that the pack declares', () => {
    const packTypes = [{ type: 'member-number', shapes: ['HB-999999'], near: ['member'], words: [] }];
    expect(maskSensitive('my member number is H B one two three four five six', { packTypes }).masked).toBe(
      'my member number is [member-number]',
    );
  });
});

describe('a masker of one conversation', () => {
  it('knows what was asked for', () => {
    const masker = createMasker(YEAR);
    masker.mask('What is the security code on the back?', 'agent');
    expect(masker.mask('it is 312', 'person').masked).toBe('it is [cvv]');
  });

  it('keeps times that were asked for', () => {
    const masker = createMasker(YEAR);
    masker.mask('What time would you like?', 'agent');
    expect(masker.mask('ten thirty', 'person').masked).toBe('ten thirty');
  });

  it('masks digits spread over turns', () => {
    const masker = createMasker(YEAR);
    masker.mask('Please tell me the card number.', 'agent');
    const turns = ['four nine two nine', 'thirteen twelve', 'zero zero', '07', 'four four five one'];
    expect(turns.map((turn) => masker.mask(turn, 'person').masked)).toEqual(turns.map(() => '[card]'));
  });

  it('forgets the value when the talk goes on', () => {
    const masker = createMasker(YEAR);
    masker.mask('four nine two nine', 'person');
    masker.mask('thank you, that is all', 'person');
    expect(masker.mask('there are 12', 'person').masked).toBe('there are 12');
  });
});

describe('maskSensitive over many values', () => {
  it('leaves no digit of 400 card numbers said in every way', () => {
    const random = seeded(20260401);
    for (let round = 0; round < 400; round += 1) {
      const digits = Array.from({ length: 13 + Math.floor(random() * 7) }, () => Math.floor(random() * 10));
      const said = spokenIn(digits.join(''), random);
      const { masked: left, spans } = maskSensitive(`the card number is ${said} thank you`);
      expect(left, said).toBe('the card number is [card] thank you');
      expect(spans).toHaveLength(1);
    }
  });

  it('gives spans in order, inside the text, whatever the text', () => {
    const random = seeded(7);
    const scraps = [
      '4929',
      ' one ',
      'double',
      '@',
      ' at ',
      'dot com',
      '\n',
      ', ',
      'Mr. ',
      'é',
      '💳',
      '\uD83D',
      'March',
      '+',
      '(',
      'Street ',
    ];
    for (let round = 0; round < 1500; round += 1) {
      const text = Array.from(
        { length: Math.floor(random() * 30) },
        () => scraps[Math.floor(random() * scraps.length)],
      ).join('');
      const { spans } = maskSensitive(text);
      let end = 0;
      for (const span of spans) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });

  it.each([
    ['digits', '4'.repeat(50_000)],
    ['spaced digits', '4 '.repeat(25_000)],
    ['number words', 'forty nine '.repeat(5_000)],
    ['almost an address', '1 Street '.repeat(5_000)],
    ['almost e-mail', 'a.'.repeat(25_000)],
    ['ats and dots', 'a at b dot '.repeat(5_000)],
    ['capitals', 'Anna de '.repeat(6_000)],
    ['slashes', '1/1/'.repeat(12_000)],
    ['commas', '1,000,'.repeat(8_000)],
    ['months', 'may '.repeat(12_000)],
    ['passwords', 'password is '.repeat(4_000)],
    ['cues', 'card account '.repeat(4_000)],
  ])('stays fast on 50,000 characters of %s', (_, text) => {
    const startedMs = performance.now();
    maskSensitive(text);
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });
});
