import type { PreparedSentence } from './prepared-sentence.ts';

/** Sound at the very end of a word that may be missing without the word being lost: the fade of its last letter. */
const FADE_MS = 60;

/** A sentence, and where on the playout's clock it begins. */
interface OnTheClock {
  readonly sound: Pick<PreparedSentence, 'text' | 'lengthMs'>;
  readonly startMs: number;
}

/**
 * What the person has heard when the playout's clock stands at `heardMs`: whole sentences, and of the one that was cut
 * the words whose share of the letters falls within the share of its time.
 */
export function heardOf(spoken: readonly OnTheClock[], heardMs: number): string {
  return spoken
    .map(({ sound, startMs }, index) => {
      // One that broke off ends where the next begins; one that has no place on the clock was not heard at all.
      const ofThisMs = Math.min(heardMs, spoken[index + 1]?.startMs ?? heardMs) - startMs;
      return ofThisMs > 0 ? beginningOf(sound.text, (ofThisMs + FADE_MS) / Math.max(1, sound.lengthMs)) : '';
    })
    .filter((text) => text.length > 0)
    .join(' ');
}

function beginningOf(text: string, share: number): string {
  if (share >= 1) return text;
  const letters = text.length * share;
  const cut = text.slice(0, Math.floor(letters) + 1);
  // Only whole words: the cut must fall on a space, else the word under it was not heard.
  return cut.slice(0, Math.max(0, cut.lastIndexOf(' '))).trim();
}
