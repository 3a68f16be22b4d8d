/** What a tool answers is spoken, so it answers in words. */

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  );
const SCALES = [
  [1_000_000, 'million'],
  [1000, 'thousand'],
  [100, 'hundred'],
] as const;

/** "one thousand two hundred five". Whole, not negative. */
export function numberInWords(value: number): string {
  if (value < 20) return SMALL[value] ?? String(value);
  if (value < 100) return `${TENS[Math.floor(value / 10)]}${value % 10 === 0 ? '' : ` ${SMALL[value % 10]}`}`;
  const [size, name] = SCALES.find(([scale]) => value >= scale) ?? [100, 'hundred'];
  const rest = value % size;
  return `${numberInWords(Math.floor(value / size))} ${name}${rest === 0 ? '' : ` ${numberInWords(rest)}`}`;
}

/** "twenty dollars and fifty cents"; below zero with "minus". */
export function dollarsInWords(cents: number): string {
  const all = Math.abs(cents);
  const whole = Math.floor(all / 100);
  const part = all % 100;
  const dollars = `${numberInWords(whole)} ${whole === 1 ? 'dollar' : 'dollars'}`;
  const words =
    part === 0 ? dollars : `${dollars} and ${numberInWords(part)} ${part === 1 ? 'cent' : 'cents'}`;
  return cents < 0 ? `minus ${words}` : words;
}

/** "four four one two". */
export function digitsInWords(digits: string): string {
  return [...digits].map((digit) => SMALL[Number(digit)] ?? '').join(' ');
}

/** "Saturday, May second", of `YYYY-MM-DD`. */
export function dayInWords(date: string): string {
  const day = new Date(`${date}T12:00:00`);
  const weekday = day.toLocaleDateString('en-US', { weekday: 'long' });
  const month = day.toLocaleDateString('en-US', { month: 'long' });
  const n = day.getDate();
  const ordinal = ORDINALS[n] ?? (n === 30 ? 'thirtieth' : `${TENS[Math.floor(n / 10)]} ${ORDINALS[n % 10]}`);
  return `${weekday}, ${month} ${ordinal}`;
}

/** "two thirty in the afternoon", of `HH:MM`. */
export function timeInWords(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (minute === 0 && hour === 12) return 'noon';
  const minutes = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${numberInWords(minute)}`;
  const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  return `${numberInWords(hour % 12 === 0 ? 12 : hour % 12)}${minutes} ${part}`;
}
