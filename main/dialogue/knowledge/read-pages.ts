/** The files under `knowledge/` become pages. */
import { fileProblem, type PackFiles } from '../pack/files.ts';
import type { KnowledgePage, PackProblem } from '../pack/pack.ts';
import { convertPage } from './convert.ts';

const FORMATS: Readonly<Record<string, 'markdown' | 'text' | 'html' | 'pdf'>> = {
  md: 'markdown',
  txt: 'text',
  html: 'html',
  htm: 'html',
  pdf: 'pdf',
};

interface Reading {
  readonly page: KnowledgePage | null;
  readonly problems: readonly PackProblem[];
}

/** Reads every page of a pack. What cannot be read is told; never throws. */
export async function readPages(
  files: PackFiles,
): Promise<{ pages: readonly KnowledgePage[]; problems: readonly PackProblem[] }> {
  const pages: KnowledgePage[] = [];
  const problems: PackProblem[] = [];
  for (const [file, bytes] of files) {
    const ending = /^knowledge\/.+\.([^./]+)$/.exec(file)?.[1];
    if (ending === undefined) continue;
    const read = await readPage(file, ending.toLowerCase(), bytes);
    if (read.page) pages.push(read.page);
    problems.push(...read.problems);
  }
  return { pages, problems };
}

async function readPage(file: string, ending: string, bytes: Uint8Array): Promise<Reading> {
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format === 'html' || format === 'pdf') return converted(file, format, bytes);
  if (format === undefined)
    return {
      page: null,
      problems: [
        warning(
          file,
          'This is no page that can be read.',
          'Knowledge pages end in .md, .txt, .html or .pdf.',
        ),
      ],
    };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return format === 'text' ? plainText(file, text) : markdown(file, text);
  } catch {
    return { page: null, problems: [fileProblem(file, 'The file is not UTF-8 text.', 'Save it as UTF-8.')] };
  }
}

function markdown(file: string, text: string): Reading {
  const matter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text)?.[1] ?? '';
  const also = /^also:\s*(.+)$/m.exec(matter)?.[1] ?? '';
  const title = /^#\s+(.+?)\s*#*\s*$/m.exec(text)?.[1];
  const untitled = warning(file, 'The page has no title.', 'Begin it with a heading: "# Title".');
  return { page: pageOf(file, title, also, text), problems: title === undefined ? [untitled] : [] };
}

/** The first line is the title; a short line alone, without a full stop, is a heading. */
function plainText(file: string, text: string): Reading {
  const blocks = text
    .replaceAll(/\r\n?/g, '\n')
    .trim()
    .split(/\n\s*\n/);
  const [first = '', ...rest] = blocks;
  const isTitle = isHeading(first);
  const body = rest.map((block) => (isHeading(block) ? `## ${block.trim()}` : unmarked(block)));
  const written = [isTitle ? `# ${first.trim()}` : unmarked(first), ...body].join('\n\n');
  return { page: pageOf(file, isTitle ? first.trim() : undefined, '', written), problems: [] };
}

function isHeading(block: string): boolean {
  return !block.trim().includes('\n') && block.trim().length <= 60 && !/[.!?:;,]$/.test(block.trim());
}

function unmarked(block: string): string {
  return block.replaceAll(/^\s*[#|=]+\s*/gm, '');
}

async function converted(file: string, format: 'html' | 'pdf', bytes: Uint8Array): Promise<Reading> {
  const answer = await convertPage(format, bytes);
  if ('refused' in answer)
    return { page: null, problems: [fileProblem(file, answer.refused.message, answer.refused.remedy)] };
  const { title, also, markdown: text } = answer.page;
  return { page: pageOf(file, title ?? undefined, also, text), problems: [] };
}

function pageOf(file: string, title: string | undefined, also: string, text: string): KnowledgePage {
  const named = title ?? file.replace(/^.*\/|\.[^.]+$/g, '').replaceAll(/[-_]+/g, ' ');
  return { file, title: named, markdown: text, ...(also.trim() === '' ? {} : { also: also.trim() }) };
}

function warning(file: string, message: string, remedy: string): PackProblem {
  return { ...fileProblem(file, message, remedy), severity: 'warning' };
}
