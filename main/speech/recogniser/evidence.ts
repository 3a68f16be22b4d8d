import type { RecognisedWord } from '../engines.ts';
import type { Segment } from './pocketsphinx.ts';

/** Competition at which a word or sentence is as likely right as wrong, and how fast that changes. */
const EVEN_AT = 17;
const SPREAD = 3;
const FRAME_MS = 10;

export interface Evidence {
  readonly words: readonly RecognisedWord[];
  readonly confidence: number;
  readonly competition: number;
  readonly inGrammar: boolean;
}

/**
 * Holds the grammar's best path against a free phone loop on the same sound: the difference of their acoustic
 * scores, per frame of speech, over the words and over each word (a likelihood ratio, normalised by duration).
 * Above `outsideAbove`, what was said is better explained as free speech sounds than as the grammar's words.
 * Measured: docs/decisions/0003-pocketsphinx-settings.md.
 */
export function weigh(path: readonly Segment[], loop: readonly Segment[], outsideAbove: number): Evidence {
  const spoken = path.filter((segment) => isWord(segment.unit));
  if (spoken.length === 0) return { words: [], confidence: 0, competition: 0, inGrammar: false };
  const loopScore = scoreOver(loop);
  let lead = 0;
  let frames = 0;
  const words = spoken.map((segment) => {
    const length = segment.lastFrame - segment.firstFrame + 1;
    const behind = loopScore(segment.firstFrame, segment.lastFrame) - segment.acoustic;
    lead += behind;
    frames += length;
    return {
      text: segment.unit.replace(/\(\d+\)$/, ''),
      startMs: segment.firstFrame * FRAME_MS,
      endMs: (segment.lastFrame + 1) * FRAME_MS,
      confidence: confidenceOf(behind / length),
    };
  });
  const competition = lead / frames;
  return {
    words,
    competition,
    confidence: confidenceOf(competition),
    inGrammar: competition <= outsideAbove,
  };
}

function confidenceOf(competition: number): number {
  return 1 / (1 + Math.exp((competition - EVEN_AT) / SPREAD));
}

function isWord(unit: string): boolean {
  return unit !== '' && !/^[<[(+]/.test(unit);
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
