import { cardinalInWords, digitsInWords } from '../../base/index.ts';
import { digitGroups } from './say.ts';

const EXTENSION = String.raw`(?:,?\s?(?:ext(?:ension)?\.?|x)\s?(\d{1,6})|[\s-](\d{1,4}))?`;
const NORTH_AMERICAN = new RegExp(
  String.raw`(?<![\w-])(\+?1[\s.-]?)?\(?(\d{3})\)?[\s.-]?(\d{3})[\s.-](\d{4})${EXTENSION}(?![\w]|-\d)`,
  'gi',
);
const LETTERED = /(?<!\w)(?:(1)-)?\(?(\d{3})\)?((?:-[A-Z0-9]+)*-[A-Z]+(?:-[A-Z0-9]+)*)\b/g;
const INTERNATIONAL = /(?<!\w)\+(\d{1,3})((?:[\s.-]?\(?\d{1,5}\)?){2,6})(?![\w])/g;
const SOCIAL_SECURITY = /(?<![\w-])(\d{3})-(\d{2})-(\d{4})(?![\w-])/g;
const LOCAL = /(?<![\w-])(\d{3})-(\d{4})(?![\w-])/g;
const EMERGENCY = /(?<![\w.,$-])911(?![\w]|[.,]\d)/g;
const SHORT = /\b(call|dial|phone|ring|text)\s+(\d{3})\b(?!\s+(?:people|customers|times))/gi;

/** Telephone numbers and others written like them, digit by digit in their groups. */
export function telephone(text: string): string {
  return text
    .replace(NORTH_AMERICAN, (_, country, area, exchange, line, extension, more) =>
      [
        ...(country === undefined ? [] : [country.startsWith('+') ? 'plus one' : 'one']),
        areaOf(area),
        digitsInWords(exchange),
        digitsInWords(line),
        ...(extension === undefined ? [] : [`extension ${digitsInWords(extension)}`]),
        ...(more === undefined ? [] : [digitsInWords(more)]),
      ].join(', '),
    )
    .replace(LETTERED, (_, country, area, rest: string) =>
      [...(country === undefined ? [] : ['one']), areaOf(area), words(rest)].join(', '),
    )
    .replace(INTERNATIONAL, (_, country, rest: string) =>
      [`plus ${digitsInWords(country)}`, ...(rest.match(/\d+/g) ?? []).map(digitGroups)].join(', '),
    )
    .replace(SOCIAL_SECURITY, (_, ...parts) => parts.slice(0, 3).map(digitsInWords).join(', '))
    .replace(LOCAL, (_, exchange, line) => `${digitsInWords(exchange)}, ${digitsInWords(line)}`)
    .replace(EMERGENCY, 'nine one one')
    .replace(SHORT, (_, verb, digits) => `${verb} ${digitsInWords(digits)}`);
}

/** "800" is "eight hundred": how toll-free numbers are announced. */
function areaOf(area: string): string {
  return area.endsWith('00') && area[0] !== '0' ? cardinalInWords(Number(area)) : digitsInWords(area);
}

function words(lettered: string): string {
  return lettered
    .split('-')
    .filter((part) => part !== '')
    .map((part) => part.replace(/\d+/g, (digits) => ` ${digitsInWords(digits)} `))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
