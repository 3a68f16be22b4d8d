import Database from 'better-sqlite3';
import type { KnowledgePage } from '../pack/pack.ts';
import { fused, type PassageEmbedder } from './embedding.ts';
import {
  type FoundPassage,
  type Knowledge,
  type KnowledgeAnswer,
  noKnowledge,
  type PassageSource,
} from './knowledge.ts';
import { Meaning, type Near } from './meaning/meaning.ts';
import { type Passage, passagesOf } from './passages.ts';
import { wordsFor } from './synonyms.ts';

const MAX_QUESTION = 500;
/** Candidates that the index gives and that are then weighed word by word. */
const CANDIDATES = 12;
/** Of the weight of the question's words, how much the best passage must carry. */
const ENOUGH = 0.5;
/** About fifteen seconds of speech. */
const MAX_SPOKEN = 260;

/** Words that say nothing about the subject. */
const STOP_WORDS = new Set(
  `a about am an and any are as at be been but by can could did do does for from get give had has have he hello help her
  here hi his how i if in is it its just know let like long many may me much my need no not of ok okay on one or our please say she
  should so some take tell than thank thanks that the their them then there these they this those to up us want was we were
  what what's when where which who whom whose why will with would yes you your
  able come go happen happens here now possible really still today`.split(/\s+/),
);

/**
 * An index over knowledge pages, in memory. It quotes; it never makes up a sentence. A question whose words the
 * pages do not carry is answered with null.
 */
export function buildKnowledge(
  pages: readonly KnowledgePage[],
  options: { readonly embedder?: PassageEmbedder } = {},
): Knowledge {
  const passages = pages.flatMap(passagesOf);
  if (passages.length === 0) return noKnowledge;
  return new PassageIndex(passages, options.embedder ?? null);
}

class PassageIndex implements Knowledge {
  readonly #passages: readonly Passage[];
  readonly #find: Database.Statement<[string, number], { id: number; rank: number }>;
  readonly #meaning: Meaning | null;
  readonly #matches: Database.Statement<[string], { id: number }>;

  constructor(passages: readonly Passage[], embedder: PassageEmbedder | null) {
    this.#passages = passages;
    const texts = passages.map(({ headings, sentences }) => [...headings, ...sentences].join(' '));
    this.#meaning = embedder && new Meaning(embedder, texts);
    const database = new Database(':memory:');
    database.exec(
      `CREATE VIRTUAL TABLE passage USING fts5(headings, text, tokenize = 'porter unicode61 remove_diacritics 2')`,
    );
    const insert = database.prepare('INSERT INTO passage (rowid, headings, text) VALUES (?, ?, ?)');
    for (const [id, { page, headings, sentences }] of passages.entries())
      insert.run(id + 1, [...headings, page.also ?? ''].join(' '), sentences.join(' '));
    this.#find = database.prepare(
      'SELECT rowid AS id, bm25(passage, 2.0, 1.0) AS rank FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?',
    );
    this.#matches = database.prepare('SELECT rowid AS id FROM passage WHERE passage MATCH ?');
  }

  ask(question: string): KnowledgeAnswer | null {
    const words = contentWords(question);
    const best = this.#ranked(question, words, 1)[0];
    if (!best) return null;
    return { text: quote(best.passage, words), source: sourceOf(best.passage), score: best.share };
  }

  find(question: string, most: number): readonly FoundPassage[] {
    return this.#ranked(question, contentWords(question), most).map(({ passage, share }) => ({
      text: passage.sentences.join(' '),
      headings: passage.headings,
      source: sourceOf(passage),
      score: share,
    }));
  }

  isNear(question: string): boolean {
    return (this.#meaning?.near(question.slice(0, MAX_QUESTION), 1) ?? []).length > 0;
  }

  async ready(signal: AbortSignal): Promise<number> {
    return (await this.#meaning?.learn(signal)) ?? 0;
  }

  async think(question: string): Promise<void> {
    await this.#meaning?.think(question.slice(0, MAX_QUESTION));
  }

  #ranked(question: string, words: readonly string[], most: number): readonly Ranked[] {
    const byWords = this.#byWords(words);
    const byMeaning = this.#meaning?.near(question.slice(0, MAX_QUESTION), CANDIDATES) ?? [];
    const shares = new Map([...byMeaning, ...byWords].map(({ id, share }) => [id, share]));
    const order = fused([byWords, byMeaning].map((ranked) => ranked.map(({ id }) => id)));
    return (byMeaning.length === 0 ? byWords.map(({ id }) => id) : order).slice(0, most).flatMap((id) => {
      const passage = this.#passages[id - 1];
      return passage ? [{ passage, share: shares.get(id) ?? 0 }] : [];
    });
  }

  #byWords(words: readonly string[]): readonly Near[] {
    if (words.length === 0) return [];
    const weighed = words.map((word) => this.#weigh(word));
    const whole = weighed.reduce((sum, { weight }) => sum + weight, 0);
    const share = (where: 'anywhere' | 'inText' | 'asAsked', id: number) =>
      weighed.reduce((sum, word) => sum + (word[where].has(id) ? word.weight : 0), 0) / whole;
    const found = this.#find
      .all(words.flatMap(wordsFor).map(quoted).join(' OR '), CANDIDATES)
      .map(({ id, rank }) => ({
        id,
        rank,
        share: share('anywhere', id),
        asAsked: share('asAsked', id),
        inText: share('inText', id),
      }));
    return inOrder(found, (id) => this.#passages[id - 1]).filter((one) => one.share >= ENOUGH);
  }

  /** Rare words weigh more; words that no page has weigh most, since nothing here is about them. */
  #weigh(word: string): Weighed {
    const anyOf = wordsFor(word).map(quoted).join(' OR ');
    const anywhere = this.#idsOf(anyOf);
    const weight = Math.log(1 + this.#passages.length / (anywhere.size + 0.5));
    return {
      weight,
      anywhere,
      inText: this.#idsOf(`text : (${anyOf})`),
      asAsked: this.#idsOf(quoted(word)),
    };
  }

  #idsOf(query: string): ReadonlySet<number> {
    return new Set(this.#matches.all(query).map(({ id }) => id));
  }
}

export function sourceOf({ page: { title, file }, headings, paper }: Passage): PassageSource {
  const heading = headings.at(-1);
  return {
    title,
    file,
    ...(heading === undefined || heading === title ? {} : { heading }),
    ...(paper === null ? {} : { page: paper }),
  };
}

interface Ranked {
  readonly passage: Passage;
  readonly share: number;
}

interface Weighed {
  readonly weight: number;
  /** Passages that have the word, or one that stands for it: with their headings, by themselves, and as it was asked. */
  readonly anywhere: ReadonlySet<number>;
  readonly inText: ReadonlySet<number>;
  readonly asAsked: ReadonlySet<number>;
}

interface Found {
  readonly id: number;
  /** bm25: smaller is better. */
  readonly rank: number;
  /** 0..1: how much of the question the passage and its headings carry, and the passage by itself. */
  readonly share: number;
  readonly asAsked: number;
  readonly inText: number;
}

/**
 * Most of the question first, in the passage itself rather than above it; among equals what the index ranks higher.
 * bm25 favours the short, authors put the general before the particular: of equals in one section, the first.
 */
function inOrder(found: readonly Found[], passage: (id: number) => Passage | undefined): readonly Found[] {
  const ranked = found.toSorted(
    (a, b) => b.share - a.share || b.asAsked - a.asAsked || b.inText - a.inText || a.rank - b.rank,
  );
  const [best] = ranked;
  if (!best) return [];
  const section = (id: number) => JSON.stringify([passage(id)?.page.file, passage(id)?.headings]);
  const isEqual = ({ share, asAsked, inText }: Found) =>
    share === best.share && asAsked === best.asAsked && inText === best.inText;
  const [first] = ranked
    .filter((one) => isEqual(one) && section(one.id) === section(best.id))
    .toSorted((a, b) => a.id - b.id);
  return first ? [first, ...ranked.filter((one) => one !== first)] : ranked;
}

function contentWords(question: string): readonly string[] {
  const words =
    question
      .slice(0, MAX_QUESTION)
      .toLowerCase()
      .replace(/[’]/g, "'")
      .match(/[\p{L}\p{N}']+/gu) ?? [];
  const plain = words.map((word) => word.replace(/'s$|'/g, ''));
  return [...new Set(plain)].filter((word) => word.length > 1 && !STOP_WORDS.has(word)).slice(0, 24);
}

function quoted(word: string): string {
  return `"${word}"`;
}

/** Two sentences at most: the one that carries most of the question, and its neighbour where there is room. */
function quote(passage: Passage, words: readonly string[]): string {
  const { sentences } = passage;
  const scores = sentences.map((sentence) => {
    const lower = sentence.toLowerCase();
    return words.filter((word) => lower.includes(word.slice(0, Math.max(3, word.length - 2)))).length;
  });
  const best = scores.indexOf(Math.max(...scores));
  const first = sentences[best] ?? '';
  const next = sentences[best + 1];
  return next !== undefined && first.length + next.length < MAX_SPOKEN ? `${first} ${next}` : first;
}
