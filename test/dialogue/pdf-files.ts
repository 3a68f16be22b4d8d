import { deflateSync } from 'node:zlib';

/** Lines of text with their size, as a person would set them. */
export type PdfLine = readonly [size: number, text: string];

/**
 * A small PDF written by hand (ISO 32000-1): one array of lines a page. `encrypted` declares the standard security
 * handler with a user password that is not the empty one; `inflatesTo` makes each page so many bytes, a thousandth in the file.
 */
export function pdfOf(
  pages: readonly (readonly PdfLine[])[],
  options: { encrypted?: boolean; inflatesTo?: number } = {},
): Uint8Array {
  const objects: string[] = [];
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(' ');
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (const [at, lines] of pages.entries()) {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + at * 2} 0 R >>`,
    );
    let y = 740;
    const text = lines.map(([size, words]) => {
      const line = `BT /F1 ${size} Tf 1 0 0 1 50 ${y} Tm (${words.replaceAll(/[()\\]/g, '\\$&')}) Tj ET`;
      y -= Math.round(size * 1.2);
      return line;
    });
    const stream = text.join('\n');
    if (options.inflatesTo !== undefined) {
      const packed = deflateSync(Buffer.alloc(options.inflatesTo, 'BT (x) Tj ET '), { level: 1 }).toString(
        'latin1',
      );
      objects.push(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`);
      continue;
    }
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  const key = `<${'41'.repeat(32)}>`;
  if (options.encrypted) objects.push(`<< /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >>`);
  let file = '%PDF-1.4\n';
  const starts = objects.map((object, at) => {
    const start = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  const encrypt = options.encrypted ? ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]` : '';
  const at = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${encrypt} >>\nstartxref\n${at}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(file, 'latin1'));
}
