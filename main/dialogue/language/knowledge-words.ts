import type { KnowledgePage } from '../pack/pack.ts';
import { PASSING } from './standing.ts';
import { tokenise } from './words.ts';

const ASKING = new Set(
  'what where when why who whom whose which how do does did are were was can should may must has had did not or if so than them they he she his her its their as'.split(
    ' ',
  ),
);
/** Words are compared by their beginnings: "open", "opens" and "opening" are one. */
const STEM = 5;

/** How much of what a question asks about the pages speak of: the share of its telling words, 0..1. */
export function knowledgeIndex(pages: readonly KnowledgePage[]): (words: readonly string[]) => number {
  const known = new Set(
    pages.flatMap(({ title, also = '', markdown }) =>
      tokenise(`${title} ${also} ${markdown.replaceAll(/<!--[\s\S]*?-->/g, ' ')}`).map(({ text }) =>
        text.slice(0, STEM),
      ),
    ),
  );
  return (words) => {
    const telling = words.filter((word) => word.length > 1 && !PASSING.has(word) && !ASKING.has(word));
    if (telling.length === 0) return 0;
    return telling.filter((word) => known.has(word.slice(0, STEM))).length / telling.length;
  };
}
