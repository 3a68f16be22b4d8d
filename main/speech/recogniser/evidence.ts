/**
 * What speaks for the grammar's words and against them. The best path through the grammar is held against a free phone
 * loop on the same sound, in six ways: the lead of the loop's score over the words, and over the worst of them; how well the
 * loop itself fits; how far the phones heard are from those of the words; how much of the speech the words leave out ("can
 * you help me study for an exam" is no "can you help me"); and how many words a second they are, for free speech is best
 * imitated by many short ones. A seventh way asks the grammar itself how unlikely it finds these words (`surprise.ts`).
 * Their weighted sum is the `competition`. What is short is easily imitated, and must fit better. Noise adds to the six,
 * whoever speaks: it is taken off again.
 * Chosen and measured: docs/decisions/0016-evidence-against-guessing.md, 0030-surprise-is-evidence.md,
 * 0033-weights-of-the-evidence.md.
 */
import type { RecognisedWord } from '../engines.ts';
import { disagreement } from './agreement.ts';
import type { Segment } from './pocketsphinx.ts';

/** Competition at which a sentence is as likely right as wrong, and one word of it, and how fast that changes. */
const EVEN_AT = { sentence: 19, word: 20 };
const SPREAD = 3;
const FRAME_MS = 10;

/** Fitted together, then rounded: decision 33 tells on what. */
const WEIGHT = {
  lead: 0.5,
  worst: 0.42,
  fit: 0.5,
  disagreement: 30,
  skipped: 20,
  wordRate: 5,
  surprise: 2.5,
  /** Of a second of it; a half of two seconds. */
  shortness: 6,
};
/** Moves the sum to the scale of `outsideAbove`: 18 parts what was said at the desk from what was not. */
const BIAS = -34.5;
/** A voice that stands less than `below` dB above the quiet speaks in noise: taken off for each dB less, `most` dB at most. */
const NOISE = { below: 34, perDb: 0.6, most: 12 };
/** A short word is judged by its sentence too, as if it had so many frames, or phones, more of it. */
const LENT = { frames: 10, phones: 2 };

/** A last word as short as this, in frames, with so much silence in it, was not said. */
const SQUEEZED = { frames: 10, silent: 0.5 };

export interface Evidence {
  readonly words: readonly RecognisedWord[];
  readonly confidence: number;
  readonly competition: number;
  readonly inGrammar: boolean;
}

/** What was measured over a stretch of sound. */
interface Stretch {
  /** By how much the loop's acoustic score is better than the grammar's, summed over its frames. */
  readonly lead: number;
  /** The loop's own score: a voice or noise unlike any speech scores low whatever it says. */
  readonly loop: number;
  readonly frames: number;
  /** Cost of turning the phones heard into those of the words. */
  readonly disagreement: number;
  readonly phones: number;
}

/** What the evidence is held against. */
export interface Measure {
  /** Competition above which what was said is better explained as free speech sounds. */
  readonly outsideAbove: number;
  /** How far the voice stands above the quiet; null where that cannot be told. */
  readonly spreadDb: number | null;
  /** How unlikely the grammar finds words with which a sentence of it begins: 0 or more. */
  surprise(words: readonly string[]): number;
}

/** @param phonesOf the pronunciation, in ARPAbet, of a unit of the path such as `tomato(2)`. */
export function weigh(
  path: readonly Segment[],
  loop: readonly Segment[],
  phonesOf: (unit: string) => string,
  { outsideAbove, spreadDb, surprise }: Measure,
): Evidence {
  const spoken = path.filter((segment) => isWord(segment.unit));
  if (spoken.length === 0) return { words: [], confidence: 0, competition: 0, inGrammar: false };
  const stretches = stretchesOf(spoken, loop, phonesOf);
  const whole = stretches.reduce(together);
  const skipped = skippedShare(spoken, loop);
  const smoothed = stretches.map((own) => together(own, lent(whole)));
  const seconds = (whole.frames * FRAME_MS) / 1000;
  const base =
    BIAS + WEIGHT.skipped * skipped + (WEIGHT.wordRate * spoken.length + WEIGHT.shortness) / seconds;
  const competition =
    base +
    competitionOf(whole) +
    WEIGHT.worst * Math.max(...smoothed.map(leadOf)) +
    WEIGHT.surprise * surprise(spoken.map(wordOf)) -
    inNoise(spreadDb);
  const words = spoken.map((segment, at): RecognisedWord => {
    const own = smoothed[at] ?? whole;
    return {
      text: wordOf(segment),
      startMs: segment.firstFrame * FRAME_MS,
      endMs: (segment.lastFrame + 1) * FRAME_MS,
      confidence: confidenceOf(base + competitionOf(own) + WEIGHT.worst * leadOf(own), EVEN_AT.word),
    };
  });
  return {
    words,
    competition,
    confidence: confidenceOf(competition, EVEN_AT.sentence),
    inGrammar: competition <= outsideAbove,
  };
}

/** But for the worst word, which only the words together have. */
function competitionOf(stretch: Stretch): number {
  return (
    WEIGHT.lead * leadOf(stretch) +
    (WEIGHT.fit * stretch.loop) / stretch.frames +
    (WEIGHT.disagreement * stretch.disagreement) / stretch.phones
  );
}

function inNoise(spreadDb: number | null): number {
  const missing = spreadDb === null ? 0 : Math.max(0, NOISE.below - spreadDb);
  return NOISE.perDb * Math.min(NOISE.most, missing);
}

/** Without the number of its pronunciation. */
function wordOf({ unit }: Segment): string {
  return unit.replace(/\(\d+\)$/, '');
}

/** How much better the loop explains each frame. */
function leadOf({ lead, frames }: Stretch): number {
  return lead / frames;
}

function confidenceOf(competition: number, evenAt: number): number {
  return 1 / (1 + Math.exp((competition - evenAt) / SPREAD));
}

function stretchesOf(
  spoken: readonly Segment[],
  loop: readonly Segment[],
  phonesOf: (unit: string) => string,
): Stretch[] {
  const loopScore = scoreOver(loop);
  const expected = spoken.map(({ unit }) => phonesOf(unit).split(' ').filter(Boolean));
  const costs = disagreement(expected.flat(), heardBetween(spoken, loop));
  let judged = 0;
  return spoken.map(({ firstFrame, lastFrame, acoustic }, at) => {
    const own = costs.slice(judged, judged + (expected[at]?.length ?? 0));
    judged += own.length;
    const score = loopScore(firstFrame, lastFrame);
    return {
      lead: score - acoustic,
      loop: score,
      frames: lastFrame - firstFrame + 1,
      disagreement: own.reduce((sum, cost) => sum + cost, 0),
      phones: Math.max(1, own.length),
    };
  });
}

function together(a: Stretch, b: Stretch): Stretch {
  return {
    lead: a.lead + b.lead,
    loop: a.loop + b.loop,
    frames: a.frames + b.frames,
    disagreement: a.disagreement + b.disagreement,
    phones: a.phones + b.phones,
  };
}

/** A little of the sentence, to stand beside a word of it. */
function lent({ lead, loop, frames, disagreement, phones }: Stretch): Stretch {
  const [ofFrames, ofPhones] = [LENT.frames / frames, LENT.phones / phones];
  return {
    lead: lead * ofFrames,
    loop: loop * ofFrames,
    frames: LENT.frames,
    disagreement: disagreement * ofPhones,
    phones: LENT.phones,
  };
}

/** The phones that the loop heard from the first word to the last. */
function heardBetween(spoken: readonly Segment[], loop: readonly Segment[]): string[] {
  const from = (spoken[0]?.firstFrame ?? 0) - EDGE_FRAMES;
  const to = (spoken.at(-1)?.lastFrame ?? 0) + EDGE_FRAMES;
  return loop
    .filter(({ unit, firstFrame, lastFrame }) => isPhone(unit) && lastFrame >= from && firstFrame <= to)
    .map(({ unit }) => unit);
}

/**
 * The path without last words in which the loop heard mostly silence. A grammar that must go on ("december" what?) puts the
 * shortest word that it has into the quiet after the voice, as short as it can be: there the loop is silent for half of the
 * word and more, in what people said for a sixth at most. Longer words stay: in loud noise the loop takes them for silence, too.
 */
export function withoutSilentEnd(path: readonly Segment[], loop: readonly Segment[]): readonly Segment[] {
  const last = path.findLastIndex(({ unit }) => isWord(unit));
  const word = path[last];
  if (!word || word.lastFrame - word.firstFrame >= SQUEEZED.frames) return path;
  if (silentShare(word, loop) < SQUEEZED.silent) return path;
  return withoutSilentEnd(path.slice(0, last), loop);
}

function silentShare(word: Segment, loop: readonly Segment[]): number {
  const silent = loop.filter(({ unit }) => !isPhone(unit));
  return silent.reduce((sum, each) => sum + shared(word, each), 0) / (word.lastFrame - word.firstFrame + 1);
}

/** Frames that both have. */
function shared(a: Segment, b: Segment): number {
  return Math.max(0, Math.min(a.lastFrame, b.lastFrame) - Math.max(a.firstFrame, b.firstFrame) + 1);
}

/** Share of the loop's speech that the grammar could only take for silence. */
function skippedShare(spoken: readonly Segment[], loop: readonly Segment[]): number {
  let speech = 0;
  let covered = 0;
  for (const phone of loop) {
    if (!isPhone(phone.unit)) continue;
    speech += phone.lastFrame - phone.firstFrame + 1;
    for (const word of spoken) covered += shared(word, phone);
  }
  return speech === 0 ? 0 : 1 - covered / speech;
}

/** The two decoders place the beginning of a sound a little differently. */
const EDGE_FRAMES = 5;

function isWord(unit: string): boolean {
  return unit !== '' && !/^[<[(+]/.test(unit);
}

function isPhone(unit: string): boolean {
  return isWord(unit) && unit !== 'SIL';
}

/** The loop's acoustic score over any frames, from running sums of its phones spread evenly over their frames. */
function scoreOver(loop: readonly Segment[]): (first: number, last: number) => number {
  const sums = [0];
  for (const segment of loop) {
    const length = segment.lastFrame - segment.firstFrame + 1;
    for (let frame = segment.firstFrame; frame <= segment.lastFrame; frame += 1) {
      sums[frame + 1] = (sums[frame] ?? sums.at(-1) ?? 0) + segment.acoustic / length;
    }
  }
  const upTo = (frame: number) => sums[Math.min(frame, sums.length - 1)] ?? 0;
  return (first, last) => upTo(last + 1) - upTo(first);
}
