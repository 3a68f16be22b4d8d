import { spokenForm } from '../spoken/spoken.ts';

/** Words with the phones (ARPAbet) that they are to be said with; of several, the first is spoken. */
export type Pronunciations = Readonly<Record<string, string | readonly string[]>>;

/** Writes a word so that an engine says it with these phones; the word itself where the engine cannot be told. */
export type MarkWord = (word: string, phones: string) => string;

/** Private characters stand for the marked words, so that no rule of spoken forms touches them. */
const FIRST_PLACE = 0xe000;
const PLACES = /[\ue000-\uf8ff]/g;
const MOST_PLACES = 0xf8ff - FIRST_PLACE;
const VOICELESS = /(?:P|T|K|F|TH)$/;
const HISSING = /(?:S|Z|SH|ZH|CH|JH)$/;

/**
 * A sentence as an engine gets it: in words, with the words that have a pronunciation of their own marked. Null leaves the
 * words as they are.
 */
export function pronounced(
  text: string,
  english: { readonly pronunciations: Pronunciations; readonly mark: MarkWord } | null,
): string {
  // Two brackets would be read as phones by eSpeak, whoever wrote them.
  const clean = text.replace(PLACES, ' ').replace(/\[{2,}|\]{2,}/g, ' ');
  if (english === null) return clean;
  const { pronunciations, mark } = english;
  const marked: string[] = [];
  const pattern = patternOf(pronunciations);
  const held = pattern
    ? clean.replace(pattern, (all: string, word: string, owner: string | undefined) => {
        const phones = phonesOf(pronunciations, word);
        if (phones === undefined || marked.length >= MOST_PLACES) return all;
        marked.push(mark(all, owner === undefined ? phones : `${phones} ${endingOf(phones)}`));
        return String.fromCharCode(FIRST_PLACE + marked.length - 1);
      })
    : clean;
  return spokenForm(held).replace(PLACES, (place) => marked[place.charCodeAt(0) - FIRST_PLACE] ?? '');
}

function patternOf(pronunciations: Pronunciations): RegExp | null {
  const words = Object.keys(pronunciations)
    .filter((word) => word.trim() !== '')
    .sort((a, b) => b.length - a.length)
    .map((word) => word.trim().replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  if (words.length === 0) return null;
  return new RegExp(`(?<![\\p{L}\\p{N}])(${words.join('|')})([’']s)?(?![\\p{L}\\p{N}])`, 'giu');
}

function phonesOf(pronunciations: Pronunciations, word: string): string | undefined {
  const entry = Object.entries(pronunciations).find(
    ([key]) => key.trim().toLowerCase() === word.toLowerCase(),
  );
  const phones = entry?.[1];
  return typeof phones === 'string' ? phones : phones?.[0];
}

/** The sound of "'s" after these phones. */
function endingOf(phones: string): string {
  const last = phones.replace(/[0-2]/g, '').trim();
  if (HISSING.test(last)) return 'IH Z';
  return VOICELESS.test(last) ? 'S' : 'Z';
}
