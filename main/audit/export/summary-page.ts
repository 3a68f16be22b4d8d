import { escapeMarkup } from '../../base/index.ts';
import type { AuditExport, AuditExportRequest, AuditProblem } from '../contract.ts';
import { FILES } from './names.ts';
import { isoTime } from './readable.ts';
import { STYLE } from './summary-style.ts';
import type { Count, Tally } from './tally.ts';

/** What the pages of an export tell of it. */
export type ExportFacts = Omit<AuditExport, 'folder' | 'files'>;

interface SummaryFacts extends ExportFacts {
  readonly madeAt: number;
  readonly request: Pick<AuditExportRequest, 'since' | 'until'>;
  readonly tally: Tally;
}

/** The export at a glance: one page without scripts, pictures or anything from elsewhere. */
export function summaryPage(facts: SummaryFacts): string {
  const { origin, verification, tally } = facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Audit log of ${escapeMarkup(origin)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kind">Audit log export</p>
<h1>${escapeMarkup(origin)}</h1>
<p>${escapeMarkup(rangeInWords(facts))}</p>
</header>
<main>
<section class="verdict ${verification.ok ? 'whole' : 'broken'}">
<h2>${verification.ok ? 'The log is whole' : 'The log is NOT whole'}</h2>
<p>${
    verification.ok
      ? `${counted(verification.entries, 'entry', 'entries')} and ${counted(verification.checkpoints, 'checkpoint', 'checkpoints')} were recomputed when this export was made, and agree.`
      : `${counted(verification.problems.length, 'problem', 'problems')} came to light when this export was made.`
  } This is what the appliance says of itself. How to see it for yourself stands in <a href="${FILES.verify}">${FILES.verify}</a>.</p>
${problemList('Problems', verification.problems)}${problemList('To look at', verification.notices)}</section>
<section>
<h2>What is here</h2>
<dl>
${definitions(facts)}</dl>
</section>
<section>
<h2>By action</h2>
${countTable('Action', tally.actions())}</section>
<section>
<h2>By day (UTC)</h2>
${countTable('Day', tally.days())}</section>
<section>
<h2>Files</h2>
<dl>
<dt><a href="${FILES.table}">${FILES.table}</a></dt><dd>The entries of the range for a spreadsheet.</dd>
<dt><a href="${FILES.lines}">${FILES.lines}</a></dt><dd>The same entries as they were hashed: one OCSF event a line.</dd>
<dt><a href="${FILES.verify}">${FILES.verify}</a></dt><dd>How to verify this export with tools that are not ours.</dd>
<dt>${FILES.checkpoint}, tile/</dt><dd>The whole log as hashes, for any transparency-log client (C2SP tlog-tiles).</dd>
<dt>${FILES.sums}, ${FILES.signature}</dt><dd>Every file with its hash, signed. A file that is not listed is no part of this export.</dd>
</dl>
</section>
</main>
</body>
</html>
`;
}

function definitions(facts: SummaryFacts): string {
  const { tally } = facts;
  const rows: readonly (readonly [string, string, boolean?])[] = [
    ['Made', isoTime(facts.madeAt)],
    [
      'Entries here',
      `${count(tally.entries)} (numbers ${spanInWords(facts)}), ${count(tally.failures)} of them failures`,
    ],
    ['Earliest and latest', `${isoTime(tally.earliest) || 'none'} and ${isoTime(tally.latest) || 'none'}`],
    ['Entries in the log', count(facts.size)],
    ['Root of the log', facts.root, true],
    ['Key of the log', facts.verifierKey, true],
    ['Key of this export', facts.signer, true],
  ];
  return rows
    .map(([name, value, code]) => {
      const text = escapeMarkup(value);
      return `<dt>${name}</dt><dd>${code === true ? `<code>${text}</code>` : text}</dd>\n`;
    })
    .join('');
}

function rangeInWords({ request: { since, until } }: SummaryFacts): string {
  if (since === undefined && until === undefined) return 'The whole log, to the making of this export.';
  const from = since === undefined ? 'From the beginning' : `From ${isoTime(since)}`;
  return `${from} ${until === undefined ? 'to the making of this export' : `up to ${isoTime(until)}`}.`;
}

function spanInWords({ first, end }: ExportFacts): string {
  return end > first ? `${first} to ${end - 1}` : 'none';
}

function countTable(head: string, counts: readonly Count[]): string {
  if (counts.length === 0) return '<p>None.</p>\n';
  const rows = counts.map(
    ({ name, success, failure }) =>
      `<tr><th scope="row">${escapeMarkup(name)}</th><td>${count(success)}</td><td${failure > 0 ? ' class="failed"' : ''}>${count(failure)}</td></tr>\n`,
  );
  return `<table>
<thead><tr><th scope="col">${head}</th><th scope="col">Success</th><th scope="col">Failure</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
`;
}

function problemList(title: string, problems: readonly AuditProblem[]): string {
  if (problems.length === 0) return '';
  const items = problems.map(
    ({ message, code }) => `<li>${escapeMarkup(message)} <code>${escapeMarkup(code)}</code></li>\n`,
  );
  return `<h3>${title}</h3>\n<ul>\n${items.join('')}</ul>\n`;
}

function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Digits in groups of three, with a narrow space. */
function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}
