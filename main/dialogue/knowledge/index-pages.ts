import Database from 'better-sqlite3';
import type { KnowledgePage } from '../pack/pack.ts';
import type { Knowledge, KnowledgeAnswer, PassageSource } from './knowledge.ts';
import { type Passage, passagesOf } from './passages.ts';

const MAX_QUESTION = 500;
/** Candidates that the index gives and that are then weighed word by word. */
const CANDIDATES = 8;
/** Of the weight of the question's words, how much the best passage must carry. */
const ENOUGH = 0.5;
/** About fifteen seconds of speech. */
const MAX_SPOKEN = 260;

/** Words that say nothing about the subject. */
const STOP_WORDS = new Set(
  `a about am an and any are as at be been but by can could did do does for from get give had has have he hello help her
  here hi his how i if in is it its just know let like long many may me much my need no not of ok okay on one or our please say she
  should so some take tell than thank thanks that the their them then there these they this those to up us want was we were
  what what's when where which who whom whose why will with would yes you your`.split(/\s+/),
);

/**
 * An index over knowledge pages, in memory. It quotes; it never makes up a sentence. A question whose words the
 * pages do not carry is answered with null.
 */
export function buildKnowledge(pages: readonly KnowledgePage[]): Knowledge {
  const passages = pages.flatMap(passagesOf);
  if (passages.length === 0) return { ask: () => null };
  return new PassageIndex(passages);
}

class PassageIndex implements Knowledge {
  readonly #passages: readonly Passage[];
  readonly #find: Database.Statement<[string, number], { id: number; rank: number }>;
  readonly #matches: Database.Statement<[string], { id: number }>;

  constructor(passages: readonly Passage[]) {
    this.#passages = passages;
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
    if (words.length === 0) return null;
    const weighed = words.map((word) => this.#weigh(word));
    const whole = weighed.reduce((sum, { weight }) => sum + weight, 0);
    const share = (where: 'anywhere' | 'inText', id: number) =>
      weighed.reduce((sum, word) => sum + (word[where].has(id) ? word.weight : 0), 0) / whole;
    const found = this.#find
      .all(words.map(quoted).join(' OR '), CANDIDATES)
      .map(({ id, rank }) => ({ id, rank, share: share('anywhere', id), inText: share('inText', id) }));
    const best = bestOf(found, (id) => this.#passages[id - 1]);
    const passage = best ? this.#passages[best.id - 1] : undefined;
    if (!best || !passage || best.share < ENOUGH) return null;
    return { text: quote(passage, words), source: sourceOf(passage), score: best.share };
  }

  /** Rare words weigh more; words that no page has weigh most, since nothing here is about them. */
  #weigh(word: string): { weight: number; anywhere: ReadonlySet<number>; inText: ReadonlySet<number> } {
    const anywhere = this.#idsOf(quoted(word));
    const weight = Math.log(1 + this.#passages.length / (anywhere.size + 0.5));
    return { weight, anywhere, inText: this.#idsOf(`text : ${quoted(word)}`) };
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

interface Found {
  readonly id: number;
  /** bm25: smaller is better. */
  readonly rank: number;
  /** 0..1: how much of the question the passage and its headings carry, and the passage by itself. */
  readonly share: number;
  readonly inText: number;
}

/**
 * Most of the question first, in the passage itself rather than above it; among equals what the index ranks higher.
 * bm25 favours the short, authors put the general before the particular: of equals in one section, the first.
 */
function bestOf(found: readonly Found[], passage: (id: number) => Passage | undefined): Found | undefined {
  const [best] = found.toSorted((a, b) => b.share - a.share || b.inText - a.inText || a.rank - b.rank);
  if (!best) return undefined;
  const section = (id: number) => JSON.stringify([passage(id)?.page.file, passage(id)?.headings]);
  return found
    .filter(({ share, inText }) => share === best.share && inText === best.inText)
    .filter(({ id }) => section(id) === section(best.id))
    .toSorted((a, b) => a.id - b.id)[0];
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
