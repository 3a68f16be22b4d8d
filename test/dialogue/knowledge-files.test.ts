import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildKnowledge, checkDeskPack } from '../../main/dialogue/index.ts';
import { writeDesk } from './desk-files.ts';
import { pdfOf } from './pdf-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-pages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function withPages(pages: Readonly<Record<string, string | Uint8Array>>) {
  await writeDesk(folder, {});
  await mkdir(join(folder, 'knowledge'), { recursive: true });
  for (const [name, content] of Object.entries(pages))
    await writeFile(join(folder, 'knowledge', name), content);
  const { pack, problems } = await checkDeskPack(folder);
  const told = problems.filter(({ file }) => file.startsWith('knowledge/')).map(({ message }) => message);
  return { pack, told, knowledge: buildKnowledge(pack?.knowledge ?? []) };
}

describe('pages of HTML', () => {
  const html = `<!doctype html><html><head><title>Mortgages</title><meta name="keywords" content="house loan">
    <style>p { color: red }</style><script>document.write('scripted secret')</script></head><body>
    <nav><a href="/">Home navigation</a></nav><h1>Mortgages</h1>
    <h2>Down payment</h2><p>A mortgage needs a <b>down payment</b> of ten&nbsp;percent.</p>
    <p hidden>hidden secret</p><p style="display:none">invisible secret</p>
    <h2>Early repayment</h2><ul><li>You may repay five percent a year without a fee.</li></ul>
    <table><tr><th>Notary</th><td>four hundred dollars</td></tr></table></body></html>`;

  it('are quoted like any other, with the heading they stand under', async () => {
    const { knowledge, told } = await withPages({ 'mortgages.html': html });
    expect(told).toEqual([]);
    expect(knowledge.ask('what down payment does a mortgage need')).toMatchObject({
      text: 'A mortgage needs a down payment of ten percent.',
      source: { title: 'Mortgages', file: 'knowledge/mortgages.html', heading: 'Down payment' },
    });
    expect(knowledge.ask('how much for the notary')?.text).toBe('Notary: four hundred dollars.');
    expect(knowledge.ask('early repayment of a house loan')?.text).toMatch(/^You may repay/);
  });
  it('say nothing that a reader does not see, and run nothing', async () => {
    const { pack } = await withPages({ 'mortgages.html': html });
    expect(JSON.stringify(pack?.knowledge)).not.toMatch(/secret|navigation|color/);
  });
  it('nested without end do no harm', async () => {
    const { told, knowledge } = await withPages({
      'deep.html': `<title>Deep</title><p>The vault is deep.</p>${'<div>'.repeat(60_000)}`,
    });
    expect(told).toEqual([]);
    expect(knowledge.ask('how deep is the vault')?.text).toBe('The vault is deep.');
  });
});

it('a page of plain text has its first line as title, and short lines as headings', async () => {
  const { knowledge } = await withPages({
    'coins.txt': 'Coins\n\nCounting\n\nThe coin machine counts coins for free.\n',
  });
  expect(knowledge.ask('who counts coins')).toMatchObject({
    text: 'The coin machine counts coins for free.',
    source: { title: 'Coins', heading: 'Counting' },
  });
});

it('a Markdown page is found under the further words its front matter gives', async () => {
  const page = '# Vault\n\nBoxes are rented by the year.\n';
  const plain = await withPages({ 'vault.md': page });
  expect(plain.knowledge.ask('lockers')).toBeNull();
  const also = await withPages({ 'vault.md': `---\nalso: lockers, deposit\n---\n${page}` });
  expect(also.knowledge.ask('lockers')?.text).toBe('Boxes are rented by the year.');
});

describe('pages of PDF', () => {
  it('are read with their headings and page numbers', async () => {
    const { knowledge, told } = await withPages({
      'guide.pdf': pdfOf([
        [
          [24, 'Mortgage guide'],
          [12, 'A mortgage needs a down payment of ten per-'],
          [12, 'cent of the price.'],
        ],
        [
          [18, 'Costs'],
          [12, 'The notary costs four hundred dollars.'],
        ],
      ]),
    });
    expect(told).toEqual([]);
    expect(knowledge.ask('what down payment does a mortgage need')?.text).toBe(
      'A mortgage needs a down payment of ten percent of the price.',
    );
    expect(knowledge.ask('what does the notary cost')).toMatchObject({
      text: 'The notary costs four hundred dollars.',
      source: { file: 'knowledge/guide.pdf', heading: 'Costs', page: 2 },
    });
  });

  it('are refused where they are scans, encrypted, or no PDF', async () => {
    const { told, pack } = await withPages({
      'a-scan.pdf': pdfOf([[], []]),
      'b-locked.pdf': pdfOf([[[12, 'Nothing to see here, move along please.']]], { encrypted: true }),
      'c-none.pdf': 'This is not a PDF.',
    });
    expect(pack).toBeNull();
    expect(told).toEqual([
      expect.stringMatching(/pictures of text/),
      expect.stringMatching(/needs a password/),
      expect.stringMatching(/damaged, or no PDF/),
    ]);
  });
});

it('a small file that grows without end in memory is refused, and the process lives', async () => {
  const { told } = await withPages({ 'bomb.pdf': pdfOf([[]], { inflatesTo: 400 * 2 ** 20 }) });
  expect(told).toEqual(['Reading the file takes too much memory.']);
}, 20_000);

it('what is no page is told', async () => {
  const { told } = await withPages({ 'prices.docx': 'PK' });
  expect(told).toEqual(['This is no page that can be read.']);
});

it('the hash of the pack covers its pages of every kind', async () => {
  const one = await withPages({ 'coins.txt': 'Coins\n\nThe machine counts coins.\n' });
  const other = await withPages({ 'coins.txt': 'Coins\n\nThe machine counts notes.\n' });
  expect(one.pack?.hash).not.toBe(other.pack?.hash);
});
