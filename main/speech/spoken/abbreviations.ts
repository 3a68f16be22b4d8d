import { letterNames } from './say.ts';

/** Said in full wherever they stand; all with their full stop. */
const POINTED: Readonly<Record<string, string>> = {
  mr: 'mister',
  mrs: 'missus',
  ms: 'miz',
  prof: 'professor',
  rev: 'reverend',
  jr: 'junior',
  sr: 'senior',
  ave: 'Avenue',
  blvd: 'Boulevard',
  rd: 'Road',
  ln: 'Lane',
  hwy: 'Highway',
  pkwy: 'Parkway',
  expy: 'Expressway',
  sq: 'Square',
  pl: 'Place',
  ct: 'Court',
  apt: 'apartment',
  ste: 'suite',
  fl: 'floor',
  bldg: 'building',
  rm: 'room',
  appt: 'appointment',
  appts: 'appointments',
  dept: 'department',
  acct: 'account',
  accts: 'accounts',
  amt: 'amount',
  approx: 'approximately',
  min: 'minimum',
  max: 'maximum',
  avg: 'average',
  tel: 'telephone',
  ext: 'extension',
  est: 'established',
  incl: 'including',
  excl: 'excluding',
  inc: 'incorporated',
  ltd: 'limited',
  corp: 'corporation',
  co: 'company',
  govt: 'government',
  misc: 'miscellaneous',
  ref: 'reference',
  temp: 'temperature',
  vs: 'versus',
  etc: 'et cetera',
  mon: 'Monday',
  tue: 'Tuesday',
  tues: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  thur: 'Thursday',
  thurs: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
  jan: 'January',
  feb: 'February',
  apr: 'April',
  aug: 'August',
  sept: 'September',
  sep: 'September',
  oct: 'October',
  nov: 'November',
  dec: 'December',
};
/** Written without a full stop as well, and never a word. */
const BARE: Readonly<Record<string, string>> = {
  Mr: 'mister',
  Mrs: 'missus',
  Ms: 'miz',
  appt: 'appointment',
  appts: 'appointments',
  acct: 'account',
  dept: 'department',
  approx: 'approximately',
  Blvd: 'Boulevard',
  Ave: 'Avenue',
  Hwy: 'Highway',
  Pkwy: 'Parkway',
  Expy: 'Expressway',
  Apt: 'apartment',
  vs: 'versus',
  Mon: 'Monday',
  Tue: 'Tuesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  etc: 'et cetera',
  DOB: 'date of birth',
  Rx: 'prescription',
};
const STATES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,FL Florida,GA Georgia,' +
    'HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,' +
    'MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,' +
    'NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,' +
    'PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,' +
    'VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming'
  )
    .split(',')
    .map((state) => [state.slice(0, 2), state.slice(3)]),
);
/** Capitals that are said letter by letter although they could be read as a word. */
const LETTERED = new Set(
  'ID ATM SSN APR APY IRS USA UK EU UN FAQ GP ER ICU EKG ECG MRI CEO HR PC TV EIN ACH AI API URL USB OTP'.split(
    ' ',
  ),
);
/** Capitals without a vowel that are a word after all, and others that need help. */
const WORDED: Readonly<Record<string, string>> = { IRA: 'I.R.A.', IBAN: 'eye ban', OK: 'okay' };
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\be\.\s?g\.,?/gi, 'for example,'],
  [/\bi\.\s?e\.,?/gi, 'that is,'],
  [/\bw\/o\b/gi, 'without'],
  [/\bw\/(?=\s|\w)/gi, 'with '],
  [/\ba\/c\b/gi, 'account'],
  [/\bBP\b/g, 'blood pressure'],
  [/\band\/or\b/gi, 'and or'],
  [/\bhe\/she\b/gi, 'he or she'],
  [/\bc\/o\b/gi, 'care of'],
  [/\bD\.?O\.?B\.?(?=\W|$)/g, 'date of birth'],
  [/\bPh\.?D\.?(?=\W|$)/g, 'P.H.D.'],
];
const STATE =
  /,\s*([A-Z]{2})(?=\s+(?:\d{5}|(?:zero|one|two|three|four|five|six|seven|eight|nine)\b)|\s*[.,]?$)/g;
const STREET =
  'St|Str|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Ct|Court|Way|Pkwy|Parkway|Hwy|Highway|Expy|Pl|Place|Sq|Square|Terrace';
/** "2788 San Tomas Expy": a house number, read in pairs. */
export const HOUSE_NUMBER = new RegExp(
  String.raw`\b(\d{3,5})(?=\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\s+|\d+(?:st|nd|rd|th)\s+){1,3}(?:${STREET})\b)`,
  'g',
);

/** Abbreviations and capitals, and signs that are words. */
export function abbreviations(text: string): string {
  let said = text;
  for (const [pattern, words] of PHRASES) said = said.replace(pattern, words);
  return said
    .replace(STATE, (all: string, code: string) => (STATES[code] ? `, ${STATES[code]}` : all))
    .replace(/\bSts?\.?(?=\s+[A-Z][a-z])/g, (all, at: number, whole: string) =>
      /[A-Z][a-z]+\s$|(?:st|nd|rd|th)\s$/.test(whole.slice(0, at))
        ? 'Street'
        : all.startsWith('Sts')
          ? 'Saints'
          : 'Saint',
    )
    .replace(/\bSt\b\.?/g, 'Street')
    .replace(/\bDrs?\.?(?=\s+[A-Z])/g, (all, at: number, whole: string) =>
      /\d\s+(?:[A-Z][a-z]+\s+)+$/.test(whole.slice(0, at))
        ? 'Drive'
        : all.startsWith('Drs')
          ? 'doctors'
          : 'doctor',
    )
    .replace(/(?<=[A-Z][a-z]+\s)Dr\b\.?/g, 'Drive')
    .replace(/\bdr\.(?=\s)/gi, 'doctor')
    .replace(
      /(?<![\w.])([A-Za-z]{2,6})\.(?=\s|,|$|;|:|\))/g,
      (all: string, word: string, at: number, whole: string) =>
        pointed(all, word, whole.slice(at + all.length)),
    )
    .replace(
      /(?<![\w.'’])(Mrs|Mr|Ms|appts?|acct|dept|approx|Blvd|Ave|Hwy|Pkwy|Expy|Apt|vs|Mon|Tue|Thu|Fri|etc|DOB|Rx)(?![\w.'’])/g,
      (word) => BARE[word] ?? word,
    )
    .replace(
      /(?<![\w.'’])([A-Z]{2,6})(s?)(?![\w'’]|\.\w|-[a-z])/g,
      (all: string, capitals: string, many: string, _at: number, whole: string) =>
        acronym(all, capitals, many, whole),
    )
    .replace(/(?<=\w)\s?&\s?(?=\w)/g, ' and ')
    .replace(/\s\/\s|(?<=[a-z])\/(?=[a-z])/gi, ' slash ')
    .replace(/(?<=\s)\+(?=\s)/g, 'plus')
    .replace(/(?<=\w)\+\+/g, ' plus plus')
    .replace(/(?<=\s)=(?=\s)/g, 'equals')
    .replace(/(?<=\w)\s?\*\s?(?=\w)/g, ' times ')
    .replace(/[#]/g, ' hash ')
    .replace(/(?<=\w|\s|^)@(?=\w|\s|$)/g, ' at ')
    .replace(/\$/g, ' dollar ')
    .replace(/%/g, ' percent ')
    .replace(/[*_~^|<>{}\\]/g, ' ');
}

/** A few of these are words of their own at the end of a sentence ("in the sun.", "a minute at the max."). */
function pointed(all: string, word: string, after: string): string {
  const said = POINTED[word.toLowerCase()];
  if (said === undefined) return all;
  const ends = after.trim() === '' || /^\s+[A-Z]/.test(after);
  const ordinary = /^(sun|sat|wed|mon|fl|pl|min|max|co|inc|temp|est|ms|sq|ct|dec|mar|ref|ext|rev)$/.test(
    word,
  );
  if (ends && ordinary) return all;
  return after.trim() === '' ? `${said}.` : said;
}

/** Capitals that cannot be said as a word, or are known to be letters; shouted words stay words. */
function acronym(all: string, capitals: string, many: string, whole: string): string {
  const worded = WORDED[capitals];
  if (worded !== undefined) return `${worded}${many}`;
  if (!LETTERED.has(capitals) && /[AEIOUY]/.test(capitals)) return all;
  if (!/[a-z]/.test(whole) && /\s/.test(whole.trim()) && !LETTERED.has(capitals)) return all;
  // An engine reads "ATMs" as one word: the plural stands apart.
  return many === '' ? letterNames(capitals) : `${letterNames(capitals).slice(0, -1)}'s`;
}
