const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** What a desk says in words of its own: fixed sentences, and sentences with places for values. */
export interface OwnWords {
  /**
   * The parts of a reply that are not the desk's: values in its sentences, and whole sentences that it does not have. What
   * it has word for word is left out.
   */
  foreign(reply: string): readonly string[];
}

/**
 * The desk's own words, from its texts; `{name}` in them is a place for a value. A sentence with places is known by
 * what stands between them, compared piece by piece: linear, and no text of a pack becomes a pattern.
 */
export function ownWords(texts: readonly string[]): OwnWords {
  const whole = new Set<string>();
  const templates: (readonly string[])[] = [];
  for (const sentence of texts.flatMap(sentencesIn)) {
    const literals = sentence.split(/\{[^{}]*\}/);
    if (literals.length === 1) whole.add(sentence);
    else if (literals.some((literal) => /\p{L}{2}/u.test(literal))) templates.push(literals);
  }
  // Of two sentences that fit, the one with more words of its own leaves less to be asked after.
  templates.sort((a, b) => b.join('').length - a.join('').length);
  return {
    foreign: (reply) =>
      sentencesIn(reply).flatMap((sentence) => {
        if (whole.has(sentence)) return [];
        for (const literals of templates) {
          const values = valuesIn(sentence, literals);
          if (values) return values;
        }
        return [sentence];
      }),
  };
}

export function sentencesIn(text: string): string[] {
  return Array.from(SEGMENTER.segment(text.replace(/\s+/g, ' ')), ({ segment }) => segment.trim()).filter(
    (sentence) => sentence !== '',
  );
}

/** What stands in the places of a sentence; null where the words between them are others. */
function valuesIn(sentence: string, literals: readonly string[]): readonly string[] | null {
  const [first = '', last = ''] = [literals[0], literals.at(-1)];
  if (sentence.length < first.length + last.length) return null;
  if (!sentence.startsWith(first) || !sentence.endsWith(last)) return null;
  const values: string[] = [];
  let at = first.length;
  const end = sentence.length - last.length;
  for (const literal of literals.slice(1, -1)) {
    const next = literal === '' ? at : sentence.indexOf(literal, at);
    if (next < 0 || next + literal.length > end) return null;
    values.push(sentence.slice(at, next));
    at = next + literal.length;
  }
  values.push(sentence.slice(at, end));
  return values.map((value) => value.trim()).filter((value) => value !== '');
}
