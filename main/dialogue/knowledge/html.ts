/** HTML becomes the Markdown that passages are cut from: headings, paragraphs, list items, rows of tables. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { ConvertedPage } from './converted.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What is not what the page says. */
const SILENT = new Set(
  'script style noscript template svg math nav footer aside form button select textarea iframe object dialog head'.split(
    ' ',
  ),
);
/** What begins and ends a line. */
const BLOCKS = new Set(
  'p div section article main header li dt dd tr caption table ul ol dl blockquote pre address figure figcaption details summary h1 h2 h3 h4 h5 h6 br hr'.split(
    ' ',
  ),
);
/** Nobody nests pages deeper on purpose. */
const MAX_DEPTH = 200;

export function convertHtml(html: string): ConvertedPage {
  const document = parse(html);
  const writer = new Writer();
  writer.visit(document, 0);
  const markdown = writer.end();
  return {
    title: titleOf(document) ?? /^# (.+)$/m.exec(markdown)?.[1] ?? null,
    also: metaOf(document, 'keywords'),
    markdown,
  };
}

class Writer {
  readonly #lines: string[] = [];
  #prefix = '';
  #line = '';

  visit(node: Node, depth: number): void {
    if (depth > MAX_DEPTH) return;
    if (node.nodeName === '#text' && 'value' in node) this.#line += node.value;
    if (!('childNodes' in node)) return;
    const name = node.nodeName;
    if ('attrs' in node && (SILENT.has(name) || isHidden(node))) return;
    const isBlock = BLOCKS.has(name);
    if (isBlock) this.#close();
    this.#begin(name);
    for (const child of node.childNodes) this.visit(child, depth + 1);
    this.#finish(name);
    if (isBlock) this.#close();
  }

  end(): string {
    this.#close();
    return this.#lines.join('\n');
  }

  #begin(name: string): void {
    if (/^h[1-6]$/.test(name)) this.#prefix = `${'#'.repeat(Number(name[1]))} `;
    else if (name === 'li' || name === 'tr') this.#prefix = '- ';
  }

  /** The cells of a row are said one after the other: "New card: free". */
  #finish(name: string): void {
    if (name === 'td' || name === 'th')
      this.#line += /[.!?:]\s*$/.test(this.#line) || this.#line.trim() === '' ? ' ' : ': ';
    else if (name === 'tr') this.#line = this.#line.replace(/:\s*$/, '');
  }

  #close(): void {
    // A character that Markdown would take for a mark says nothing here.
    const text = this.#line
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/^(?:[#>|*+-]+|\d+[.)])\s+/, '');
    this.#line = '';
    if (text !== '') {
      this.#lines.push(`${this.#prefix}${text}`, '');
      this.#prefix = '';
    }
  }
}

function isHidden({ attrs }: Element): boolean {
  return attrs.some(
    ({ name, value }) =>
      name === 'hidden' ||
      (name === 'aria-hidden' && value === 'true') ||
      (name === 'style' && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(value)),
  );
}

function headOf(document: DefaultTreeAdapterTypes.Document): readonly Node[] {
  const html = document.childNodes.find(({ nodeName }) => nodeName === 'html');
  const head =
    html && 'childNodes' in html ? html.childNodes.find(({ nodeName }) => nodeName === 'head') : null;
  return head && 'childNodes' in head ? head.childNodes : [];
}

function titleOf(document: DefaultTreeAdapterTypes.Document): string | null {
  const title = headOf(document).find(({ nodeName }) => nodeName === 'title');
  const [text] = title && 'childNodes' in title ? title.childNodes : [];
  const words = text && 'value' in text ? text.value.replace(/\s+/g, ' ').trim() : '';
  return words === '' ? null : words;
}

function metaOf(document: DefaultTreeAdapterTypes.Document, wanted: string): string {
  for (const node of headOf(document)) {
    if (node.nodeName !== 'meta' || !('attrs' in node)) continue;
    const value = (key: string) => node.attrs.find(({ name }) => name === key)?.value ?? '';
    if (value('name').toLowerCase() === wanted) return value('content');
  }
  return '';
}
