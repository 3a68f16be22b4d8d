import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spokenForm } from '../../main/speech/index.ts';

test.each([
  ['Your balance is $1,204.50.', 'Your balance is one thousand two hundred four dollars and fifty cents.'],
  [
    'It costs £0.01, $2.5 million or $20/mo.',
    'It costs one penny, two point five million dollars or twenty dollars per month.',
  ],
  [
    'Between $50 and $100, or $50-100.',
    'Between fifty dollars and one hundred dollars, or fifty to one hundred dollars.',
  ],
  ['€1,50', 'one euro and fifty cents'],
])('amounts: %s', says);

test.each([
  ['See you on May 2, 2026.', 'See you on May second, twenty twenty six.'],
  ['It ended on the 26th May.', 'It ended on the twenty sixth of May.'],
  ['2006-08-05', 'August fifth, two thousand six'],
  ['Due by 5/2.', 'Due by May second.'],
  ['Mon-Fri 9-5', 'Monday to Friday nine to five'],
  ['At 2:05 p.m., or 14:30.', 'At two oh five P.M., or two thirty P.M.'],
  ['9:00-17:00', "nine o'clock to five P.M."],
  ['12:00', "twelve o'clock"],
])('dates and times: %s', says);

test.each([
  ['Your reference is AB-12345-X.', 'Your reference is A.B., one two three four five, X.'],
  ['Account ending in 8876.', 'Account ending in eight eight seven six.'],
  ['Customer 100200 called.', 'Customer one zero zero, two zero zero called.'],
  ['4111 1111 1111 1111', 'four one one one, one one one one, one one one one, one one one one'],
  ['(202) 555-0101 ext. 12', 'two zero two, five five five, zero one zero one, extension one two'],
  ['Call +44 20 7946 0958.', 'Call plus four four, two zero, seven nine four six, zero nine five eight.'],
  ['Dial 911.', 'Dial nine one one.'],
  ['1-800-555-0199', 'one, eight hundred, five five five, zero one nine nine'],
])('references and telephone numbers: %s', says);

test.each([
  ['Write to anna.b@harbor-bank.com.', 'Write to anna dot B at harbor dash bank dot com.'],
  ['https://www.harbor-bank.com/cards', 'W.W.W. dot harbor dash bank dot com slash cards'],
])('addresses: %s', says);

test.each([
  ['Dr. Lee, 12 Main St., near St. Mary Dr.', 'doctor Lee, twelve Main Street, near Saint Mary Drive'],
  ['Your appt. is in room 204.', 'Your appointment is in room two oh four.'],
  ['Use the ATM with your PIN and ID.', 'Use the A.T.M. with your PIN and I.D.'],
  ['It is NOT possible.', 'It is NOT possible.'],
  ['Mrs. Hill & Mr. Hall', 'missus Hill and mister Hall'],
])('abbreviations: %s', says);

test.each([
  ['The 1st, 2nd and 23rd of 1,204.', 'The first, second and twenty third of one thousand two hundred four.'],
  ['3 1/2 hours, 1/2 a day, 24/7', 'three and a half hours, one half a day, twenty four seven'],
  ['2.5% to 3-4%', 'two point five percent to three to four percent'],
  ['500 mg every 4-6 hrs.', 'five hundred milligrams every four to six hours.'],
  [
    'BP 120/80, 37.5°C',
    'blood pressure one hundred twenty over eighty, thirty seven point five degrees Celsius',
  ],
  [
    'Between 1204 dollars and -5 in 1985.',
    'Between one thousand two hundred four dollars and minus five in nineteen eighty five.',
  ],
])('numbers and units: %s', says);

test('words stay words', () => {
  for (const text of [
    'I heard one hundred twenty dollars and fifty cents. Is that right?',
    'Please tell me your customer number. It has six digits.',
    'Hello, this is Robin, an automated assistant. I am a computer program and not a person.',
    'Four, seven, one, one; S, M, I, T, H.',
    'The teller may be late. No. I do not know.',
  ])
    expect(spokenForm(text)).toBe(text);
});

test('no digit is left to the engine, whatever the text', () => {
  const parts = fc.constantFrom(
    ...'0 1 7 12 2026 05 $ € % . , - / : @ # + ( ) am st kg May Mon AB x . com www. & '.split(' '),
    ' ',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 14 }), (all) => {
      expect(spokenForm(all.join(''))).not.toMatch(/\d/);
    }),
    { numRuns: 3000 },
  );
});

test('an amount is heard as the amount it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999_999 }), (cents) => {
      const written = (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
      expect(centsOf(spokenForm(written))).toBe(cents);
    }),
  );
});

test('a long text takes no longer than it should', () => {
  const startedMs = performance.now();
  spokenForm(`${'1-1/1.1:1 '.repeat(200)}${'9'.repeat(1500)}`);
  spokenForm('a.'.repeat(1500));
  spokenForm('$'.repeat(2000));
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

function says(written: string, spoken: string): void {
  expect(spokenForm(written)).toBe(spoken);
}

/** Reads words back by adding and multiplying: an independent reader, for amounts alone. */
function centsOf(words: string): number {
  const small =
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    );
  const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
  let total = 0;
  let group = 0;
  let cents = 0;
  for (const word of words.split(' ')) {
    if (small.includes(word)) group += small.indexOf(word);
    else if (tens.includes(word)) group += (tens.indexOf(word) + 2) * 10;
    else if (word === 'hundred') group *= 100;
    else if (word === 'thousand') [total, group] = [total + group * 1000, 0];
    else if (word.startsWith('dollar')) [total, group] = [total + group, 0];
    else if (word.startsWith('cent')) [cents, group] = [group, 0];
  }
  return total * 100 + cents;
}
