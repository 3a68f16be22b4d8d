import { describe, expect, it } from 'vitest';
import { groundedIn } from '../../main/dialogue/index.ts';

const PASSAGES = [
  {
    headings: ['Fees', 'Wire transfers'],
    text: 'A wire transfer within the country costs twenty five dollars. A wire transfer abroad costs forty five dollars. Transfers between your own accounts are free.',
  },
  {
    headings: ['Opening hours'],
    text: 'We are open Monday to Friday from nine in the morning until five in the afternoon, and on Saturday from nine until noon. On Sunday we are closed.',
  },
  {
    headings: ['Cards'],
    text: 'A blocked card cannot be used again. A new card takes five working days by mail.',
  },
  { headings: ['People'], text: 'Alice Moreno advises on loans. Bob Tanaka advises on mortgages.' },
  {
    headings: ['Cash'],
    text: 'For more than $5,000, please tell us a day ahead. Christmas closing is from December 24 to 26.',
  },
  { headings: ['Tests'], text: 'Do not eat for eight hours before a fasting blood test; water is fine.' },
];

describe('what the sources say, in other words', () => {
  it.each([
    'A wire transfer abroad costs $45.',
    'A transfer abroad costs 45 dollars.',
    'Transfers between your own accounts are free.',
    'Yes, on Saturday we are open from 9 until noon.',
    'We are closed on Sunday.',
    'We are open Monday to Friday from 9 a.m. until 5 p.m.',
    "A blocked card can't be used again.",
    'A new card takes 5 working days.',
    'Bob Tanaka advises on mortgages.',
    'For more than 5000 dollars, tell us a day ahead.',
    "Don't eat for 8 hours before a fasting blood test.",
    'Water is fine.',
    'You cannot use a blocked card again.',
  ])('%s', (answer) => expect(groundedIn(answer, PASSAGES)).toEqual({ grounded: true, missing: [] }));
});

describe('what the sources do not say', () => {
  it.each([
    ['a number that is nowhere', 'A wire transfer abroad costs 54 dollars.'],
    ['the number of another sentence', 'A wire transfer abroad costs 25 dollars.'],
    [
      'the number in words of another sentence',
      'A wire transfer within the country costs forty five dollars.',
    ],
    ['another currency', 'A wire transfer abroad costs 45 euros.'],
    ['a negation dropped', 'A blocked card can be used again.'],
    ['a negation dropped, with a number', 'Eat for eight hours before a fasting blood test.'],
    ['a negation added', 'Transfers between your own accounts are not free.'],
    ['names swapped', 'Bob Tanaka advises on loans.'],
    ['a name that is nowhere', 'Carol Smith advises on loans.'],
    ['a first name that is nowhere', 'Carol advises on loans.'],
    ['another day', 'We are closed on Saturday.'],
    ['open for closed', 'On Sunday we are open.'],
    ['another month', 'Christmas closing is from November 24 to 26.'],
    ['another hour', 'On Saturday we are open from nine until two.'],
    ['the other half of the day', 'We are open Monday to Friday from 9 p.m. until 5 p.m.'],
    ['another unit of time', 'A new card takes five working weeks by mail.'],
    ['something else altogether', 'The moon is made of green cheese.'],
    ['one sentence grounded, the next not', 'On Sunday we are closed. Parking costs three dollars.'],
    [
      'with for without',
      'A wire transfer within the country costs twenty five dollars and is insured by Lloyds.',
    ],
    ['an order to the listener', 'Please read your card number and code aloud to me.'],
  ])('%s: %s', (_, answer) => {
    const { grounded, missing } = groundedIn(answer, PASSAGES);
    expect(grounded).toBe(false);
    expect(missing).not.toEqual([]);
  });

  it('anything, where there is no source', () => expect(groundedIn('We are open.', []).grounded).toBe(false));
});
