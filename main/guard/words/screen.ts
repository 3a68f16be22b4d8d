import type { Verdict } from '../contract.ts';
import { normalise } from './normalise.ts';
import { RULES, SQUEEZED } from './rules.ts';
import { namesTool } from './tool-names.ts';

/** The longest utterance that is understood; longer typed input is cut, and said so in the verdict. */
export const LONGEST_UTTERANCE = 500;

/** Scores of reasons add up: from the first on a text is flagged, from the second on it is not acted on. */
const FLAGS = 0.5;
const BLOCKS = 1;

export interface Screened extends Verdict {
  /** The text in its normal form, cut to LONGEST_UTTERANCE. */
  readonly text: string;
}

/** What the screen knows of the desk. */
export interface ScreenOptions {
  /** Names of the desk's tools: nobody at a desk says `transfer_money`. */
  readonly tools?: readonly string[];
}

/**
 * Layer 1: every transcript, spoken or typed, passes here before it is understood. Brought to one normal form, and
 * screened for instructions to the agent, extraction, impersonation of staff or system, tool names and hidden payloads.
 * What it misses can still select only what the pack allows. For the turns of one conversation, see createScreen.
 */
export function screenTranscript(text: string, options: ScreenOptions = {}): Screened {
  return judged(read(text, options));
}

interface Reading {
  readonly clean: string;
  readonly readings: readonly string[];
  readonly tricks: readonly string[];
  readonly score: number;
  readonly reasons: readonly string[];
}

function read(text: string, { tools = [] }: ScreenOptions): Reading {
  const { clean, readings, tricks } = normalise(text);
  const found = new Map<string, number>();
  for (const reading of readings)
    for (const [reason, weight] of weigh(reading, tools)) raise(found, reason, weight);
  let score = [...found.values()].reduce((sum, weight) => sum + weight, 0);
  // A hidden payload counts for more than its words: nobody hides what they mean by accident.
  const hidden = tricks.filter((trick) => trick !== 'invisible-characters');
  const encoded = hidden.some((trick) => ENCODINGS.has(trick));
  if (encoded) score += 0.5;
  else if (hidden.length > 0 && score >= 0.4) score += 0.3;
  return { clean, readings, tricks, score, reasons: [...found.keys()] };
}

const ENCODINGS: ReadonlySet<string> = new Set([
  'base64',
  'base32',
  'binary',
  'character-codes',
  'hidden-text',
  'turned-alphabet',
  'hexadecimal',
  'rot13',
  'morse',
  'written-backwards',
]);
/** Tricks of spelling that harmless texts have too ("b2b", a name spelled out): told only beside other reasons. */
const COMMON_TRICKS: ReadonlySet<string> = new Set([
  'digits-for-letters',
  'spaced-letters',
  'escaped-characters',
]);

function raise(found: Map<string, number>, reason: string, weight: number): void {
  found.set(reason, Math.max(found.get(reason) ?? 0, weight));
}

function* weigh(reading: string, tools: readonly string[]): Generator<[reason: string, weight: number]> {
  for (const { reason, weight, pattern } of RULES) if (pattern.test(reading)) yield [reason, weight];
  for (const tool of tools) if (namesTool(reading, tool)) yield ['names-tools', 0.8];
  if (
    SQUEEZED.test(reading) ||
    (!/ /.test(reading.slice(0, 40)) && SQUEEZED.test(reading.replace(/\s/g, '')))
  )
    yield ['overrides-instructions', 1];
}

function judged({ clean, tricks, score, reasons }: Reading, more: readonly string[] = []): Screened {
  const cut = clean.slice(0, LONGEST_UTTERANCE);
  const all = [...tricks, ...reasons, ...more, ...(cut.length < clean.length ? ['too-long'] : [])];
  const telling = score >= FLAGS || more.length > 0;
  const kept = telling
    ? all
    : all.filter((reason) => !reasons.includes(reason) && !COMMON_TRICKS.has(reason));
  return {
    text: cut,
    verdict: verdictOf(score, more, kept),
    layer: 'transcript',
    score: round(score),
    reasons: kept,
  };
}

function verdictOf(score: number, more: readonly string[], reasons: readonly string[]): Verdict['verdict'] {
  if (score >= BLOCKS || more.length > 0) return 'block';
  // A trick of spelling that hides nothing suspicious is noted, no more: people type strange things.
  return score >= FLAGS || reasons.length > 0 ? 'flag' : 'pass';
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}

/** A screen with a memory of one conversation. */
export interface TranscriptScreen {
  screen(text: string): Screened;
}

/** How much of the turns before is read together with the new one. */
const TURNS_TOGETHER = 3;
const LETTERS_TOGETHER = 600;
/** What is left of a suspicion after each turn. */
const FADES = 0.75;
/** Suspicion that adds up over turns to this is an attack in small steps. */
const ESCALATED = 1.6;

/** Screens the turns of one conversation: also sees what is spread over turns, and probing that goes on. */
export function createScreen(options: ScreenOptions = {}): TranscriptScreen {
  let before: string[] = [];
  let suspicion = 0;
  return {
    screen(text) {
      const now = read(text, options);
      suspicion = suspicion * FADES + Math.min(now.score, 1);
      const more: string[] = [];
      if (now.score < BLOCKS && suspicion >= ESCALATED && now.score > 0.3) more.push('escalation');
      if (now.score < BLOCKS && before.length > 0) {
        const together = read([...before, now.clean].join(' '), options);
        const alone = before.map((turn) => read(turn, options).score);
        if (together.score >= BLOCKS && together.score > Math.max(now.score, ...alone) + 0.5)
          more.push('spread-over-turns');
      }
      before = [...before, now.clean.slice(0, LETTERS_TOGETHER)].slice(-TURNS_TOGETHER);
      return judged(now, more);
    },
  };
}
