import type { Verdict } from './contract.ts';

/** The longest utterance that is understood; longer typed input is cut, and said so in the verdict. */
export const LONGEST_UTTERANCE = 500;

/** Zero-width and bidirectional control characters, soft hyphen, and other controls but white space. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]|(?![\t\n\r])\p{Cc}/gu;

/**
 * Every transcript, spoken or typed, passes here before it is understood: one normal form (NFKC), nothing
 * invisible, bounded length. First form: it cleans and flags; screening for instructions comes with the guards.
 */
export function screenTranscript(text: string): Verdict & { readonly text: string } {
  const clean = text.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  const cut = clean.slice(0, LONGEST_UTTERANCE);
  const reasons = [
    ...(INVISIBLE.test(text) ? ['invisible-characters'] : []),
    ...(cut.length < clean.length ? ['too-long'] : []),
  ];
  INVISIBLE.lastIndex = 0;
  return { text: cut, verdict: reasons.length > 0 ? 'flag' : 'pass', reasons };
}

/**
 * Every reply passes here before it is spoken or shown. First form: only printable text leaves, bounded in length,
 * and no marks that a synthesiser would take as instructions (SSML, eSpeak `[[phonemes]]`).
 */
export function screenReply(text: string): Verdict & { readonly text: string } {
  const clean = text
    .replace(INVISIBLE, '')
    .replace(/\[\[|\]\]|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  INVISIBLE.lastIndex = 0;
  const cut = clean.slice(0, 2000);
  return {
    text: cut,
    verdict: cut === text ? 'pass' : 'flag',
    reasons: cut === text ? [] : ['unspeakable-marks'],
  };
}
