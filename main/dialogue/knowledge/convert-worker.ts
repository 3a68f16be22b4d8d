// Turns one file into Markdown, in a thread of its own: what a hostile file costs, it costs here.
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { PageRefused } from './converted.ts';

const { kind, bytes } = z
  .strictObject({ kind: z.enum(['html', 'pdf']), bytes: z.instanceof(Uint8Array) })
  .parse(workerData);

async function convert() {
  // Each loads only its own parser.
  if (kind === 'pdf') return (await import('./pdf.ts')).convertPdf(bytes);
  const { convertHtml } = await import('./html.ts');
  return convertHtml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

try {
  parentPort?.postMessage({ page: await convert() });
} catch (error) {
  const refused =
    error instanceof PageRefused
      ? { message: error.message, remedy: error.remedy }
      : { message: 'The file cannot be read.', remedy: 'Save it as UTF-8 text, anew, or as Markdown.' };
  parentPort?.postMessage({ refused });
}
