const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A sentence shorter than this is spoken together with the next, so that no gap opens after "Yes.". */
const SHORTEST_ALONE = 12;
/** Longer stretches are cut at a comma or a space: the first sound must not wait for a whole paragraph. */
const LONGEST_AT_ONCE = 220;

/** Cuts a reply into the pieces that are synthesised one by one (UAX #29 sentences). */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let short = '';
  for (const { segment } of SEGMENTER.segment(text)) {
    const joined = short ? `${short} ${segment.trim()}` : segment.trim();
    if (joined.length === 0) continue;
    if (joined.length < SHORTEST_ALONE) {
      short = joined;
      continue;
    }
    sentences.push(...cutLong(joined));
    short = '';
  }
  if (short) sentences.push(short);
  return sentences;
}

function cutLong(sentence: string): string[] {
  if (sentence.length <= LONGEST_AT_ONCE) return [sentence];
  const head = sentence.slice(0, LONGEST_AT_ONCE);
  const at = Math.max(head.lastIndexOf(', ') + 1, head.lastIndexOf('; ') + 1) || head.lastIndexOf(' ');
  if (at <= 0) return [head, ...cutLong(sentence.slice(LONGEST_AT_ONCE))];
  return [sentence.slice(0, at).trim(), ...cutLong(sentence.slice(at).trim())];
}
