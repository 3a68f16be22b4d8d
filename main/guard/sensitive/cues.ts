import type { Token } from './tokens.ts';

/** Words that tell a type, with how much they weigh when they stand near a value. Phrases are matched word by word. */
const CUES: readonly (readonly [type: string, weight: number, phrases: string])[] = [
  [
    'cvv',
    0.9,
    'cvv|cvc|cvv2|cid|csc|c v v|c v c|c v two|security code|card verification|verification value|back of the card|back of my card|back of it|on the back|three digit code|security number',
  ],
  [
    'expiry',
    0.8,
    'expiry|expires|expiring|expire|expiration|valid thru|valid through|valid until|exp date|exp',
  ],
  [
    'card',
    0.8,
    'card|cards|visa|mastercard|amex|american express|discover|maestro|credit|debit|pan|long number',
  ],
  ['routing', 0.9, 'routing|aba|a b a|sort code|transit number|rtn|sortcode'],
  ['iban', 0.9, 'iban|i ban|i b a n'],
  ['ssn', 0.95, 'ssn|s s n|social|social security|socials|last four of my social|taxpayer|itin|tax id|tin'],
  ['nino', 0.95, 'national insurance|nino|ni number|n i number'],
  ['nhs', 0.95, 'nhs|n h s'],
  ['npi', 0.95, 'npi|n p i|provider identifier|provider id|provider number|prescriber'],
  ['mbi', 0.95, 'mbi|m b i|medicare'],
  [
    'mrn',
    0.9,
    'mrn|m r n|medical record|chart number|patient number|patient id|hospital number|chart|record number|health record',
  ],
  [
    'account',
    0.85,
    'account|acct|accounts|checking|savings|a c|member number|customer number|policy number|loan number',
  ],
  ['passport', 0.9, 'passport'],
  [
    'licence',
    0.9,
    "driver's license|drivers license|driving licence|driver license|driver's licence|license|licence",
  ],
  ['pin', 0.9, 'pin|pins|p i n'],
  [
    'code',
    0.85,
    'otp|o t p|one time code|one-time|one time|passcode|verification code|security passcode|authentication|authenticator|code|texted me|two factor|token|pnr|access code',
  ],
  ['birthdate', 0.9, 'born|birth|birthday|birthdate|dob|d o b|date of birth'],
  [
    'phone',
    0.7,
    'phone|mobile|cell|cellphone|telephone|tel|fax|call|calls|called|callback|ring|text me|reach me|reached at|contact|number to call|whatsapp|landline|office|desk|dial',
  ],
  ['postcode', 0.9, 'zip|zipcode|zip code|postcode|postal code|post code'],
];

/** How far words reach, in words. */
const BEFORE = 9;
const AFTER = 5;

export interface Cue {
  readonly type: string;
  /** 0..1, less the further away the words stand. */
  readonly weight: number;
  readonly phrase: string;
  readonly side: 'before' | 'after';
  /** Words between the cue and the value. */
  readonly distance: number;
}

interface Pattern {
  readonly type: string;
  readonly weight: number;
  readonly words: readonly string[];
}

const BY_FIRST: ReadonlyMap<string, readonly Pattern[]> = index();

function index(): Map<string, Pattern[]> {
  const map = new Map<string, Pattern[]>();
  for (const [type, weight, phrases] of CUES)
    for (const phrase of phrases.split('|')) {
      const words = phrase.split(' ');
      const first = words[0] ?? '';
      map.set(first, [...(map.get(first) ?? []), { type, weight, words }]);
    }
  return map;
}

/** A cue with the place where it stands. */
export interface PlacedCue {
  readonly type: string;
  readonly weight: number;
  readonly phrase: string;
  readonly from: number;
  readonly to: number;
}

/** All cues of a text. */
export function cuesIn(tokens: readonly Token[]): PlacedCue[] {
  const found: PlacedCue[] = [];
  for (let at = 0; at < tokens.length; at += 1)
    for (const { type, weight, words } of BY_FIRST.get(tokens[at]?.text ?? '') ?? [])
      if (words.every((word, offset) => tokens[at + offset]?.text === word))
        found.push({ type, weight, phrase: words.join(' '), from: at, to: at + words.length });
  return found;
}

/** The cues near a stretch of tokens, the strongest of each type first. */
export function cuesNear(cues: readonly PlacedCue[], from: number, to: number): Cue[] {
  const near: Cue[] = [];
  for (const cue of cues) {
    const before = from - cue.to;
    const after = cue.from - to;
    const [side, distance, reach] =
      before >= 0 ? (['before', before, BEFORE] as const) : (['after', after, AFTER] as const);
    if (distance < 0 || distance > reach) continue;
    const fade = side === 'before' ? 1 - distance / (BEFORE * 2.2) : 0.75 - distance / (AFTER * 2.5);
    const long = Math.min(0.05 * (cue.phrase.split(' ').length - 1), 0.1);
    near.push({ ...cue, side, distance, weight: cue.weight * fade + long });
  }
  return near.sort((a, b) => b.weight - a.weight);
}

/** The types that a question asks for, the strongest first: "what is the number on your card". */
export function typesAsked(tokens: readonly Token[]): Cue[] {
  return cuesIn(tokens)
    .map((cue) => ({ ...cue, side: 'before' as const, distance: 4, weight: cue.weight * 0.8 }))
    .sort((a, b) => b.weight - a.weight);
}
