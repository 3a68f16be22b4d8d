import { SottoError } from '../base/index.ts';

const LEAST_CHARACTERS = 12;
const MOST_CHARACTERS = 256;
/** What a passphrase must weigh: a character weighs one; an obvious word, however long, two; a short one nothing. */
const LEAST_WEIGHT = 8;
const WORD_WEIGHT = 2;
const SHORT_WORD = 4;
const LEAST_DISTINCT = 5;

/** Parts of which the passphrases at the top of every leaked list are made. Compared in lower case, `0134$@` undone. */
const OBVIOUS = new Set(
  `password passwort passphrase passcode passwd pass admin administrator administrador root user username guest
  default changeme change secret secure security welcome willkommen hello login logon letmein open access enter
  master manager supervisor system server service support helpdesk office company business bank banking branch
  teller money account finance credit clinic doctor nurse hospital health medical patient reception frontdesk desk
  sotto voice agent computer internet network windows microsoft google apple android samsung facebook linkedin
  twitter instagram whatsapp youtube amazon netflix minecraft pokemon roblox fortnite playstation nintendo xbox
  love iloveyou loveyou lovely forever friend friends family mother father daughter sister brother baby babygirl
  angel angels heaven jesus christ god blessed faith hope prayer princess prince queen king kingdom knight dragon
  monkey tiger lion panther eagle hunter ranger falcon phoenix wolf bear shark dolphin horse pony kitten kitty puppy
  doggy buddy rocky bailey max charlie ginger pepper cookie chocolate cheese banana apple orange peanut butter
  sunshine sunflower flower flowers rose summer winter spring autumn january february march april june july august
  september october november december monday tuesday wednesday thursday friday saturday sunday morning night
  football baseball basketball soccer hockey tennis golf swimming running racing ferrari porsche mercedes mustang
  corvette harley yamaha suzuki honda toyota liverpool chelsea arsenal barcelona manchester united madrid juventus
  yankees cowboys steelers lakers superman batman spiderman ironman starwars startrek matrix pirate ninja samurai
  killer shadow thunder storm lightning silver golden diamond purple yellow green blue red black white rainbow
  whatever nothing something trustno one two three four five six seven eight nine ten zero hundred thousand
  michael michelle jennifer jessica jordan joshua matthew andrew daniel david robert thomas william james joseph
  anthony christopher nicholas alexander alexandra benjamin samantha elizabeth stephanie nicole ashley amanda
  london paris berlin madrid rome newyork america england germany france spain italy canada australia
  qwertyuiop qwertzuiop azertyuiop qwerty qwertz azerty asdfghjkl asdfgh asdf zxcvbnm zxcvbn zxcv yxcvbnm qazwsx
  qazwsxedc wsxedc edcrfv oneqaz poiuytrewq lkjhgfdsa mnbvcxz abc abcd abcde abcdef abcdefg abcdefgh xyz
  correcthorsebatterystaple correct horse battery staple tobeornottobe test testing tester demo sample example
  temp temporary new old my the your and for you this is not`
    .trim()
    .split(/\s+/),
);
const BY_LENGTH = [...OBVIOUS].sort((a, b) => b.length - a.length);
const DIGITS = '01234567890123456789';
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  $: 's',
  '@': 'a',
  '!': 'i',
};

/**
 * Refuses passphrases that are short or among the first that anybody would try (NIST SP 800-63B: length and a
 * blocklist, no rules of composition).
 * @throws SottoError `identity/weak-passphrase`.
 */
export function refuseWeak(passphrase: string, names: readonly string[]): void {
  const complaint = complaintAbout(passphrase.normalize('NFKC'), names);
  if (complaint === null) return;
  throw new SottoError('identity/weak-passphrase', complaint, {
    remedy: 'Four or five unrelated words that nobody would guess make a good passphrase.',
  });
}

function complaintAbout(passphrase: string, names: readonly string[]): string | null {
  const characters = [...passphrase];
  if (characters.length < LEAST_CHARACTERS)
    return `The passphrase has fewer than ${LEAST_CHARACTERS} characters.`;
  if (characters.length > MOST_CHARACTERS)
    return `The passphrase has more than ${MOST_CHARACTERS} characters.`;
  const lower = passphrase.toLowerCase();
  if (namesIn(names).some((name) => lower.includes(name)))
    return 'The passphrase contains the name of the person that it is for.';
  if (new Set(lower).size < LEAST_DISTINCT) return 'The passphrase repeats a few characters.';
  if (Math.min(weightOf(lower), weightOf(undoSubstitutes(lower))) < LEAST_WEIGHT)
    return 'The passphrase is one of the first that anybody would try.';
  return null;
}

/** User name and the words of the display name, as far as they are long enough to mean something. */
function namesIn(names: readonly string[]): readonly string[] {
  return names
    .flatMap((name) => [name, ...name.split(/[\s._-]+/)])
    .map((name) => name.toLowerCase())
    .filter((name) => name.length >= 4);
}

function undoSubstitutes(text: string): string {
  return [...text].map((character) => SUBSTITUTES[character] ?? character).join('');
}

/** Punctuation, obvious numbers and repetitions weigh nothing. */
function weightOf(text: string): number {
  let rest = text.replace(/[^\p{L}\p{N}]+/gu, '');
  let weight = 0;
  for (const word of BY_LENGTH) {
    if (!rest.includes(word)) continue;
    rest = rest.replaceAll(word, ' ');
    if (word.length > SHORT_WORD) weight += WORD_WEIGHT;
  }
  rest = rest.replace(/\d+/g, (run) => (isObviousNumber(run) ? ' ' : run));
  rest = rest.replace(/(.{1,4}?)\1+/gu, '$1');
  return weight + rest.replace(/\s+/g, '').length;
}

function isObviousNumber(run: string): boolean {
  const reversed = [...run].reverse().join('');
  return DIGITS.includes(run) || DIGITS.includes(reversed) || /^(19|20)\d\d$/.test(run) || run.length <= 3;
}
