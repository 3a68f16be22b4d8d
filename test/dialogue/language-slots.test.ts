import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataFile } from '../support/data.ts';
import { NOW, wordsDesk } from './language-desk.ts';

const desk = await wordsDesk();
const heard = (flow: string, slot: string, text: string) =>
  desk.understand(text, { kind: 'slot', flow, slot }, NOW).slots[slot];

describe('amounts', () => {
  it.each([
    ['one hundred twenty dollars and fifty cents', '120.50'],
    ['a hundred and twenty', '120.00'],
    ['twelve hundred', '1200.00'],
    ['fifty bucks', '50.00'],
    ['two fifty', '250.00'],
    ['twelve fifty', '12.50'],
    ['two and a half thousand dollars', '2500.00'],
    ['seventy five cents', '0.75'],
    ["it's um two thousand three hundred and five", '2305.00'],
    ['$120.50', '120.50'],
    ['1,200', '1200.00'],
    ['50 dollars', '50.00'],
    ['two hundred no sorry three hundred dollars', '300.00'],
  ])('%s is %s', (text, value) => expect(heard('transfer', 'amount', text)).toBe(value));
  it('are read back', () => {
    expect(desk.readBack('transfer', 'amount', '120.50')).toBe('one hundred twenty dollars and fifty cents');
    expect(desk.readBack('transfer', 'amount', '1.00')).toBe('one dollar');
  });
});

describe('dates, on Wednesday 18 November 2026', () => {
  it.each([
    ['tomorrow', '2026-11-19'],
    ['the day after tomorrow', '2026-11-20'],
    ['friday', '2026-11-20'],
    ['next friday', '2026-11-27'],
    ['wednesday', '2026-11-25'],
    ['the second of may', '2027-05-02'],
    ['May second', '2027-05-02'],
    ['on friday the twentieth', '2026-11-20'],
    ['the twenty third', '2026-11-23'],
    ['the third', '2026-12-03'],
    ['in two weeks', '2026-12-02'],
    ['march fourth nineteen eighty five', '1985-03-04'],
    ['5/2', '2027-05-02'],
    ['3/4/1985', '1985-03-04'],
    ['2026-12-24', '2026-12-24'],
    ['Dec 24th', '2026-12-24'],
  ])('%s is %s', (text, value) => expect(heard('visit', 'date', text)).toBe(value));
  it('are refused where the calendar lacks them', () => {
    expect(heard('visit', 'date', 'february thirtieth')).toBeUndefined();
    expect(heard('visit', 'date', '13/13/2026')).toBeUndefined();
  });
  it('are read back', () =>
    expect(desk.readBack('visit', 'date', '1985-03-04')).toBe('March fourth, nineteen eighty five'));
});

describe('times', () => {
  it.each([
    ['half past two', '14:30'],
    ['two thirty p m', '14:30'],
    ['at three', '15:00'],
    ['nine', '09:00'],
    ['seven in the morning', '07:00'],
    ['a quarter to nine', '08:45'],
    ['ten past eleven', '11:10'],
    ["eight o'clock", '08:00'],
    ['two oh five', '14:05'],
    ['fourteen thirty', '14:30'],
    ['noon', '12:00'],
    ['2pm', '14:00'],
    ['2:30', '14:30'],
    ['9:15 a.m.', '09:15'],
    ['14:30', '14:30'],
  ])('%s is %s', (text, value) => expect(heard('visit', 'time', text)).toBe(value));
  it('are read back', () => expect(desk.readBack('visit', 'time', '14:30')).toBe('two thirty p.m.'));
});

describe('digits, telephone numbers and letters', () => {
  it.each([
    ['code', 'one two three four', '1234'],
    ['code', 'double five triple oh', undefined],
    ['code', 'double five oh nine', '5509'],
    ['code', 'fifty five twelve', '5512'],
    ['code', '1234', '1234'],
    ['code', 'one two three', undefined],
    ['reference', 'twelve thirty four fifty six', '123456'],
    ['reference', 'one two three four five six seven eight', '12345678'],
    ['phone', 'four one five five five five oh one double nine', '4155550199'],
    ['phone', 'plus one eight hundred five five five twelve twelve', '+18005551212'],
    ['phone', '(415) 555-0199', '4155550199'],
    ['surname', 's m i t h', 'SMITH'],
    ['surname', 's as in sam m i t for tango h', 'SMITH'],
    ['surname', 'sierra mike india tango hotel', 'SMITH'],
    ['surname', 'm i double l e r', 'MILLER'],
    ['surname', 'Smith', 'SMITH'],
  ])('%s: %s is %s', (slot, text, value) => expect(heard('visit', slot, text)).toBe(value));
  it('are read back in groups', () => {
    expect(desk.readBack('visit', 'phone', '4155550199')).toBe(
      'four one five, five five five, zero one nine nine',
    );
    expect(desk.readBack('visit', 'surname', 'SMITH')).toBe('S as in Sam, M as in Mary, I, T as in Tom, H');
  });
});

describe('choices, yes and no, free text', () => {
  it.each([
    ['the savings account please', 'savings'],
    ['checking', 'checking'],
  ])('%s is %s', (text, value) => expect(heard('transfer', 'target', text)).toBe(value));
  it.each([
    ['yes', 'yes'],
    ['yeah sure', 'yes'],
    ["that's right", 'yes'],
    ['absolutely', 'yes'],
    ['nope', 'no'],
    ['no thanks', 'no'],
    ['not really', 'no'],
  ])('%s is %s', (text, value) => expect(heard('transfer', 'urgent', text)).toBe(value));
  it('text is kept as it was typed', () =>
    expect(heard('visit', 'reason', 'My left knee hurts, badly')).toBe('My left knee hurts, badly'));
});

/** Pairs of the public set that are of a kind these slots take; the rest is other currencies, ranges and sentences. */
function pairs(file: string, wanted: RegExp): [string, string][] {
  return readFileSync(dataFile('text', 'spoken-numbers', file), 'utf8')
    .split('\n')
    .map((line) => line.split('~') as [string, string])
    .filter(([written]) => wanted.test(written));
}

describe('the public spoken-number pairs in scope', () => {
  it('money: spoken and written forms mean the same amount', () => {
    const all = pairs('test_cases_money.txt', /^\$[\d.,]+$/).filter(
      ([written]) => !/\.\d*[1-9]$/.test(written) || /\.\d\d?$/.test(written),
    );
    const wrong = all.filter(([written, spoken]) => {
      const value = Number(written.replace(/[$,]/g, '')).toFixed(2);
      return heard('transfer', 'amount', spoken) !== value || heard('transfer', 'amount', written) !== value;
    });
    expect(all.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });

  it('dates with a day, a month and a year', () => {
    const all = pairs('test_cases_date.txt', /^(?:[a-z]+\.? \d{1,2} \d{4}|\d{1,2}(?:th|nd)? [a-z]+ \d{4})$/i);
    const wrong = all.filter(([written, spoken]) => {
      const said = heard('visit', 'date', spoken);
      return said === undefined || said !== heard('visit', 'date', written);
    });
    expect(all.length).toBeGreaterThan(14);
    expect(wrong).toEqual([]);
  });

  it('telephone numbers in digits', () => {
    const all = pairs('test_cases_telephone.txt', /^[+\d() .-]+$/).filter(([written]) => {
      const digits = written.replace(/\D/g, '').length;
      return digits >= 10 && digits <= 11 && !written.includes('0.40');
    });
    const wrong = all.filter(([written, spoken]) => {
      const value = written.replace(/[^\d+]/g, '');
      return heard('visit', 'phone', spoken) !== value || heard('visit', 'phone', written) !== value;
    });
    expect(all.length).toBeGreaterThanOrEqual(8);
    expect(wrong).toEqual([]);
  });

  it('cardinals up to a million', () => {
    const all = pairs('test_cases_cardinal.txt', /^[\d,]{1,9}$/).filter(
      ([, spoken]) => !/(\w+) zero|zero/.test(spoken) && !/one two/.test(spoken),
    );
    const wrong = all.filter(
      ([written, spoken]) =>
        heard('transfer', 'amount', spoken) !== Number(written.replaceAll(',', '')).toFixed(2),
    );
    expect(all.length).toBeGreaterThan(6);
    expect(wrong).toEqual([]);
  });
});
