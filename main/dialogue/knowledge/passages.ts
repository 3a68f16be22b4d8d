import type { KnowledgePage } from '../pack/pack.ts';
import { PAGE_MARK } from './converted.ts';

/** A stretch of a page that can stand for itself. */
export interface Passage {
  readonly page: KnowledgePage;
  /** The headings it stands under, outermost first. */
  readonly headings: readonly string[];
  /** The page of paper it begins on, from 1, where there are such. */
  readonly paper: number | null;
  /** Whole sentences, as they are spoken. */
  readonly sentences: readonly string[];
}

/** Cuts a page into paragraphs and list items, without the marks of Markdown. */
export function passagesOf(page: KnowledgePage): readonly Passage[] {
  const cutter = new PageCutter(page);
  for (const line of withoutHidden(page.markdown).split('\n')) cutter.line(line);
  return cutter.end();
}

class PageCutter {
  readonly #page: KnowledgePage;
  readonly #passages: Passage[] = [];
  readonly #headings: string[] = [];
  #paper: number | null = null;
  #lines: string[] = [];
  /** "Bring with you:" belongs to each item of the list below it. */
  #lead = '';

  constructor(page: KnowledgePage) {
    this.#page = page;
  }

  line(line: string): void {
    const mark = PAGE_MARK.exec(line);
    if (mark) {
      this.#close();
      this.#paper = Number(mark[1]);
      return;
    }
    const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (heading) this.#heading(heading[1]?.length ?? 1, spoken(heading[2] ?? ''));
    else if (item) {
      this.#close();
      this.#lines.push(item[1] ?? '');
    } else if (line.trim() === '') this.#close();
    // Tables and rules cannot be spoken.
    else if (!/^\s*(\||-{3,}|={3,})/.test(line)) {
      if (this.#lines.length === 0 && !/^\s/.test(line)) this.#lead = '';
      this.#lines.push(line.trim());
    }
  }

  end(): readonly Passage[] {
    this.#close();
    return this.#passages;
  }

  #heading(level: number, text: string): void {
    this.#close();
    this.#lead = '';
    this.#headings.length = Math.min(this.#headings.length, level - 1);
    this.#headings.push(text);
  }

  #close(): void {
    const text = spoken(this.#lines.join(' '));
    this.#lines = [];
    if (text === '') return;
    if (text.endsWith(':')) this.#lead = text;
    else
      this.#passages.push({
        page: this.#page,
        headings: [...this.#headings],
        paper: this.#paper,
        sentences: sentencesOf(this.#lead === '' ? text : `${this.#lead} ${text}`),
      });
  }
}

/** Code, comments and front matter are not for the ear. */
function withoutHidden(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--(?! page \d{1,5} -->)[\s\S]*?-->/g, '')
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

function spoken(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/(\*\*|__|\*|`)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/^>\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function sentencesOf(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter('en-US', { granularity: 'sentence' });
  const parts = [...segmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((part) => part !== '');
  const sentences: string[] = [];
  for (const part of parts) {
    const last = sentences.at(-1);
    // "a.m.", "Dr." and numbers end no sentence.
    if (
      last !== undefined &&
      /(\b(?:[ap]\.m|Dr|Mr|Mrs|Ms|St|No|e\.g|i\.e)\.|\d\.)$/.test(last) &&
      !/^[A-Z][a-z]+ [a-z]/.test(part)
    )
      sentences[sentences.length - 1] = `${last} ${part}`;
    else sentences.push(part);
  }
  return sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
}
