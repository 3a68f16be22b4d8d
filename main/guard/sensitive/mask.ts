import type { MaskedText } from '../contract.ts';
import { findAddresses } from './address.ts';
import { findAsked, findSpelled } from './asked.ts';
import { findSpokenEmails, findWrittenContacts } from './contact.ts';
import { cuesIn, cuesNear, type PlacedCue, typesAsked } from './cues.ts';
import { datesIn, type FoundDate } from './dates.ts';
import type { Finding, PackType, Surroundings } from './finding.ts';
import { findNames } from './names.ts';
import { findNumbers } from './numbers.ts';
import { findPackShapes, findPackWords, speaksOf } from './pack-types.ts';
import { writtenQuantities } from './quantities.ts';
import { findPasswords } from './secrets.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Longer texts are masked piece by piece, cut between lines or words. */
const PIECE = 20_000;

/**
 * Masks what is personal or secret before a text is kept: numbers of cards, accounts and people, written or spoken,
 * never gated on a checksum; birth dates, e-mail, postal addresses, names, passwords and codes. Amounts, times and small
 * counts stay readable. A span is the whole value, so that no part of it can be pieced together.
 */
export function maskSensitive(text: string, around: Surroundings = {}): MaskedText {
  const spans: Finding[] = [];
  for (let from = 0; from < text.length; ) {
    const to = cutBetween(text, from);
    for (const finding of findSensitive(text.slice(from, to), around))
      spans.push({ ...finding, start: finding.start + from, end: finding.end + from });
    from = to;
  }
  let masked = '';
  let from = 0;
  for (const span of spans) {
    masked += `${text.slice(from, span.start)}[${span.type}]`;
    from = span.end;
  }
  return { masked: masked + text.slice(from), spans };
}

function cutBetween(text: string, from: number): number {
  if (text.length - from <= PIECE) return text.length;
  const space = text.lastIndexOf(' ', from + PIECE);
  return space > from + PIECE / 2 ? space : from + PIECE;
}

/** Everything sensitive in a text, in order, without overlaps. */
export function findSensitive(text: string, around: Surroundings = {}): Finding[] {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return [];
  const cues = cuesIn(tokens);
  const asked = around.asked ? typesAsked(tokensOf(around.asked)) : [];
  const dates = datesIn(text, tokens);
  const kept = writtenQuantities(text, tokens);
  const found: Finding[] = [
    ...findWrittenContacts(text),
    ...findSpokenEmails(tokens),
    ...findPasswords(tokens),
    ...findPackWords(tokens, around.packTypes ?? []),
    ...findPackShapes(tokens, text, around.packTypes ?? []),
    ...findAsked(tokens, around.asked ?? ''),
    ...findSpelled(tokens, asked[0]?.type ?? around.dictating ?? null),
  ];
  for (const date of dates) {
    const dated = personalDate(
      tokens,
      date,
      cues,
      around,
      asked.some((cue) => cue.type === 'birthdate'),
    );
    if (dated) found.push(dated);
    else for (let at = date.from; at < date.to; at += 1) kept.add(at);
  }
  found.push(...findAddresses(tokens, text), ...findNames(tokens, text));
  found.push(...findNumbers({ text, tokens, cues, asked, dates, kept, around }));
  return merged(found);
}

/** A date is an expiry or a birth date when words say so, and a birth date when it lies in the past and is whole. */
function personalDate(
  tokens: readonly Token[],
  date: FoundDate,
  cues: readonly PlacedCue[],
  around: Surroundings,
  asked: boolean,
): Finding | null {
  const near = cuesNear(cues, date.from, date.to);
  const expiry = near.find((each) => each.type === 'expiry');
  if (expiry && expiry.distance <= 4) {
    const why = `expiry: "${expiry.phrase}" ${expiry.side}`;
    return { ...placeOf(tokens, date), type: 'expiry', score: 0.9, why };
  }
  // "sort code 20-02-35": six figures in pairs are no date when words say what they are.
  const code = near.find((each) => each.type === 'routing' && each.distance <= 1);
  if (code && tokens[date.from]?.kind === 'digits')
    return { ...placeOf(tokens, date), type: 'routing', score: 0.9, why: `routing: "${code.phrase}" before` };
  const cue = near.find((each) => each.type === 'birthdate');
  const past = date.whole && date.year !== null && date.year < (around.thisYear ?? new Date().getFullYear());
  if (!cue && !asked && !past) return null;
  const why = cue ? `"${cue.phrase}" ${cue.side}` : asked ? 'asked for' : 'a whole date in the past';
  const score = cue || asked ? 0.95 : 0.6;
  return { ...placeOf(tokens, date), type: 'birthdate', score, why: `birthdate: ${why}` };
}

function placeOf(tokens: readonly Token[], { from, to }: FoundDate): { start: number; end: number } {
  const start = tokens[from]?.start ?? 0;
  return { start, end: tokens[to - 1]?.end ?? start };
}

/** Overlapping findings become one, over all of them, named by the surest. */
function merged(found: Finding[]): Finding[] {
  const sorted = found
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Finding[] = [];
  for (const finding of sorted) {
    const last = kept.at(-1);
    if (!last || finding.start >= last.end) {
      kept.push(finding);
      continue;
    }
    const surest = finding.score * length(finding) > last.score * length(last) ? finding : last;
    kept[kept.length - 1] = { ...surest, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return kept;
}

function length({ start, end }: Finding): number {
  return end - start;
}

/** Masks the turns of one conversation: knows what was asked for, and goes on with a value spread over turns. */
export interface Masker {
  /** @param awaited the question that waits for an answer, where it was perhaps not heard to its end. */
  mask(text: string, speaker: 'person' | 'agent', awaited?: string): MaskedText;
}

/** A question reaches as many turns of the person. */
const ASKED_FOR_TURNS = 3;

/** A masker for one conversation. Holds nothing of what was said but the question last asked, in memory. */
export function createMasker(options: { packTypes?: readonly PackType[]; thisYear?: number } = {}): Masker {
  let asked = '';
  let turnsLeft = 0;
  let dictating: string | null = null;
  const { packTypes = [] } = options;
  const dictated = new Set([...NUMBERS, ...packTypes.map(({ type }) => type)]);
  const asksFor = (tokens: readonly Token[]) => typesAsked(tokens).length > 0 || speaksOf(packTypes, tokens);
  return {
    mask(text, speaker, awaited = '') {
      if (speaker === 'agent') {
        if (text.includes('?') || asksFor(tokensOf(text))) {
          asked = text.slice(-300);
          turnsLeft = ASKED_FOR_TURNS;
        }
        return maskSensitive(text, options);
      }
      const question = turnsLeft > 0 ? `${asked} ${awaited}` : awaited;
      const masked = maskSensitive(text, { ...options, asked: question, dictating });
      turnsLeft -= 1;
      const last = masked.spans.at(-1);
      const open = last !== undefined && !/\p{L}{3}/u.test(text.slice(last.end));
      dictating = open && dictated.has(last.type) ? last.type : null;
      return masked;
    },
  };
}

/** Types whose values are dictated, and may go on in the next turn. */
export const NUMBERS: ReadonlySet<string> = new Set(
  'card cvv account routing iban ssn nino nhs npi mbi mrn phone passport licence pin code number'.split(' '),
);
