import { cardinalInWords, digitsInWords } from '../../base/index.ts';
import { digitGroups, letterNames, sayable } from './say.ts';

/** Words after which digits are an identifier, however few they are. */
const NAMED =
  /\b(end(?:s|ing)? in|code|pin|otp|pnr|ssn|password|reference|ref\.?|account|extension|ext\.?|zip|routing|serial|tracking|confirmation|customer|card|member|invoice|ticket|case|order|policy|id)((?:\s+(?:number|no\.?|code|id))?(?:\s+(?:is|was|:)|:)?\s*#?\s*)(\d{3,})\b(?![.,]\d|\/)/gi;
const NUMBERED = /#\s?(?=\d)/g;
const NUMBER_OF = /\b[Nn](?:o|os|r)\.\s?(?=\d)/g;
/** Letters and digits mixed, in one or several parts: "AB-1234-X", "B2A23C". Not "1st", not "4-kilogram". */
const MIXED = /(?<![\w.,-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w])(?!-\w)/g;
/** Cards and bank accounts (IBAN) in their groups. */
const GROUPS = /(?<![\w.])\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,4})?(?![\w])/g;
const IBAN = /\b([A-Z]{2})(\d{2})((?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b/g;
const TIMES = /^\d+x$/i;
const ORDINAL = /^\d+(st|nd|rd|th)$/i;
/** From here on a run of digits without commas is an identifier and no quantity. */
const LONG = /(?<![\w.,/-])(\d{5,}|0\d+)(?![\w/]|[.,]\d)/g;

/** References, codes and other identifiers: letters by name, digits one by one and in groups. */
export function references(text: string): string {
  return text
    .replace(
      IBAN,
      (_, country, check, rest) => `${letterNames(country)}, ${digitsInWords(check)}, ${groupsOf(rest)}`,
    )
    .replace(GROUPS, groupsOf)
    .replace(NUMBERED, 'number ')
    .replace(NUMBER_OF, 'number ')
    .replace(NAMED, (_, name, link, digits) => `${name}${link}${digitGroups(digits)}`)
    .replace(MIXED, (token) => (ORDINAL.test(token) || TIMES.test(token) ? token : mixed(token)))
    .replace(LONG, (_, digits) => digitGroups(digits));
}

function groupsOf(written: string): string {
  const groups = written.replace(/[ -]/g, '').match(/[A-Z0-9]{1,4}/g) ?? [];
  return groups
    .map((group) =>
      group.replace(/\d+|[A-Z]+/g, (run) => ` ${/\d/.test(run) ? digitsInWords(run) : letterNames(run)} `),
    )
    .join(', ');
}

function mixed(token: string): string {
  const parts = token.match(/[A-Za-z]+|\d+/g) ?? [];
  // "covid-19", "7-eleven", "4-kilogram": a word and a number, no identifier.
  const worded = parts.some((part) => part.length > 3 && sayable(part));
  return parts
    .map((part) => {
      if (/\d/.test(part)) return digitRun(part, worded);
      return worded && sayable(part) ? part : letterRun(part);
    })
    .join(' ')
    .replace(/ ,/g, ',')
    .replace(/,$/, '');
}

/** Two digits are said as a number ("twenty three"), more of them one by one; "t2000" is two thousand. */
function digitRun(digits: string, worded: boolean): string {
  const number = digits.length <= 2 || digits.endsWith('00') || (worded && digits.length <= 3);
  if (digits.startsWith('0') || !number) {
    return digits.length > 3 ? `, ${digitGroups(digits)},` : digitsInWords(digits);
  }
  return cardinalInWords(Number(digits));
}

function letterRun(letters: string): string {
  return letters === letters.toUpperCase() || !sayable(letters) || letters.length <= 2
    ? letterNames(letters)
    : letters;
}
