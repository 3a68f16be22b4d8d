import { digitsInWords } from '../../base/index.ts';
import { letterNames, sayable } from './say.ts';

const SIGNS: Readonly<Record<string, string>> = {
  '.': 'dot',
  '-': 'dash',
  _: 'underscore',
  '/': 'slash',
  '@': 'at',
  '&': 'ampersand',
  '+': 'plus',
  '#': 'hash',
  '?': 'question mark',
  '=': 'equals',
  '%': 'percent',
  ':': 'colon',
  '~': 'tilde',
};
/** Endings of names and files that are said as words although they look like none, or the other way round. */
const SAID: Readonly<Record<string, string>> = { jpg: 'jpeg', html: 'H.T.M.L.', edu: 'E.D.U.', uk: 'U.K.' };
const EMAIL = /[a-z0-9][\w.+&%-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w./-]*\w)?/gi;
const ADDRESS = /\b(?:(?:https?|ftp|file):\/\/|www\.)[\w./?=&%#~:+-]*\w\/?/gi;
/** `bank.com/cards`, `form.pdf`: a name and a short ending with no space after the dot. */
const NAME = /\b[a-z0-9][a-z0-9-]+(?:\.[a-z0-9-]{2,})*\.[a-z]{2,4}(?:\/[\w./?=&%#~-]*\w)?(?![\w@])/g;
const MACHINE = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

/** E-mail and web addresses, file names, addresses of machines. A web address is said without its "https". */
export function electronic(text: string): string {
  return text
    .replace(EMAIL, spoken)
    .replace(ADDRESS, (address) => spoken(address.replace(/^https?:\/\//i, '').replace(/\/$/, '')))
    .replace(MACHINE, (address) => address.split('.').map(digitsInWords).join(' dot '))
    .replace(NAME, (name) => (/[a-z]/.test(name.split('.')[0] ?? '') ? spoken(name) : name));
}

function spoken(address: string): string {
  const parts = address.match(/[a-z]+|\d+|[^a-z\d]/gi) ?? [];
  return parts
    .map((part, at) => {
      if (/^\d+$/.test(part)) return digitsInWords(part);
      if (!/[a-z]/i.test(part)) return SIGNS[part] ?? '';
      const known = SAID[part.toLowerCase()];
      if (known !== undefined) return known;
      const country = part.length === 2 && parts[at - 1] === '.' && /^(\W|$)/.test(parts[at + 1] ?? '');
      return country || !sayable(part) ? letterNames(part) : part;
    })
    .join(' ')
    .replace(/ ,/g, ',')
    .replace(/,$/, '');
}
