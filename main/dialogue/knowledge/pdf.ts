/**
 * The text of a PDF as Markdown, page by page. Nothing in it is run or drawn: no evaluation, no fonts, no images, no
 * forms, nothing fetched. What has no text (scans) or needs a password is refused.
 */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type ConvertedPage, PageRefused } from './converted.ts';

const MAX_PAGES = 300;
const MAX_CHARACTERS = 2_000_000;
/** Fewer letters a page than this, on average: pictures of text. */
const LEAST_A_PAGE = 20;
/** A heading is so much larger than the running text, and not longer. */
const HEADING = { larger: 1.15, longest: 120 };
const TITLE_LARGER = 1.6;
/** A gap of more than so many line heights begins a paragraph. */
const PARAGRAPH_GAP = 1.7;

interface Line {
  readonly text: string;
  readonly height: number;
  readonly y: number;
}

export async function convertPdf(data: Uint8Array): Promise<ConvertedPage> {
  const task = getDocument({
    data,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    maxImageSize: 1,
    verbosity: 0,
  });
  try {
    const document = await task.promise.catch(refuse);
    if (document.numPages > MAX_PAGES)
      throw new PageRefused(
        `The PDF has ${document.numPages} pages; ${MAX_PAGES} is the limit.`,
        'Split it, or keep what the desk needs.',
      );
    const pages: (readonly Line[])[] = [];
    let characters = 0;
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const lines = linesOf((await page.getTextContent()).items);
      characters += lines.reduce((sum, { text }) => sum + text.length, 0);
      if (characters > MAX_CHARACTERS)
        throw new PageRefused('The PDF holds too much text.', 'Split it, or keep what the desk needs.');
      pages.push(lines);
      page.cleanup();
    }
    if (characters < LEAST_A_PAGE * pages.length)
      throw new PageRefused(
        'The PDF holds pictures of text, not text.',
        'Save it with text recognition (OCR), or write the page as Markdown.',
      );
    const { info } = await document.getMetadata();
    return {
      title: infoText(info, 'Title') || null,
      also: infoText(info, 'Keywords'),
      markdown: written(pages),
    };
  } finally {
    await task.destroy();
  }
}

function refuse(error: unknown): never {
  if (error instanceof Error && error.name === 'PasswordException')
    throw new PageRefused('The PDF is encrypted and needs a password.', 'Save it without a password.');
  throw new PageRefused('The PDF cannot be read: it is damaged, or no PDF.', 'Save it anew, or as Markdown.');
}

function infoText(info: unknown, key: string): string {
  const value =
    info !== null && typeof info === 'object' ? (info as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}

function linesOf(items: readonly unknown[]): readonly Line[] {
  const lines: { text: string; height: number; y: number }[] = [];
  for (const item of items) {
    if (!isText(item) || (item.str === '' && !item.hasEOL)) continue;
    const y = item.transform[5] ?? 0;
    const last = lines.at(-1);
    if (
      last &&
      item.str !== '' &&
      last.y !== Number.POSITIVE_INFINITY &&
      Math.abs(last.y - y) < item.height / 2 + 1
    ) {
      last.text += item.str;
      last.height = Math.max(last.height, item.height);
    } else if (item.str.trim() !== '') lines.push({ text: item.str, height: item.height, y });
  }
  return lines
    .map((line) => ({ ...line, text: line.text.normalize('NFKC').replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '');
}

function isText(
  item: unknown,
): item is { str: string; hasEOL: boolean; height: number; transform: number[] } {
  return item !== null && typeof item === 'object' && 'str' in item;
}

/** Headings by their size, paragraphs by their gaps; what stands on most pages (their heads and feet) is left out. */
function written(pages: readonly (readonly Line[])[]): string {
  const body = usualHeight(pages.flat());
  const running = repeatedOn(pages);
  const out: string[] = [];
  for (const [index, lines] of pages.entries()) {
    const kept = lines.filter(({ text }) => !/^\d{1,4}$/.test(text) && !running.has(text));
    out.push(`<!-- page ${index + 1} -->`);
    for (const [at, line] of kept.entries()) write(out, line, kept[at - 1], body);
    out.push('');
  }
  return out.join('\n');
}

function write(out: string[], line: Line, before: Line | undefined, body: number): void {
  const isHeading = isLarge(line, body) && line.text.length <= HEADING.longest;
  const item = /^[•‣▪◦·–-]\s*(.+)$/.exec(line.text)?.[1];
  const last = out.at(-1) ?? '';
  if (isHeading) out.push('', `${line.height > body * TITLE_LARGER ? '#' : '##'} ${line.text}`, '');
  else if (item !== undefined) out.push('', `- ${item}`);
  else if (beginsParagraph(line, before, body)) out.push('', plain(line.text));
  // "re-" at a line's end goes on in the next.
  else if (/[a-z]-$/.test(last) && /^[a-z]/.test(line.text))
    out[out.length - 1] = last.slice(0, -1) + line.text;
  else out[out.length - 1] = `${last} ${line.text}`;
}

function beginsParagraph(line: Line, before: Line | undefined, body: number): boolean {
  if (!before || isLarge(before, body)) return true;
  const gap = before.y - line.y;
  // Upwards is the next column.
  return gap > PARAGRAPH_GAP * line.height || gap < 0;
}

function isLarge({ height }: Line, body: number): boolean {
  return height > body * HEADING.larger;
}

/** A character that Markdown would take for a mark says nothing here. */
function plain(text: string): string {
  return text.replace(/^(?:[#>|*+]+|\d+[.)])\s+/, '');
}

/** The height that most letters have. */
function usualHeight(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { height, text } of lines) {
    const rounded = Math.round(height * 2) / 2;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function repeatedOn(pages: readonly (readonly Line[])[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  for (const lines of pages)
    for (const text of new Set(lines.map((line) => line.text))) seen.set(text, (seen.get(text) ?? 0) + 1);
  return new Set(
    [...seen].filter(([, count]) => pages.length >= 3 && count > pages.length / 2).map(([text]) => text),
  );
}
