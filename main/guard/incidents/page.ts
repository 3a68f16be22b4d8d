import type { LogProof } from '../../audit/index.ts';
import { escapeMarkup } from '../../base/index.ts';
import type { Evidence, Incident } from './contract.ts';

/** The incident for people to read, on one page without anything from elsewhere. */
export function incidentPage(incident: Incident, proof: LogProof): string {
  const { number, kind, severity, openedAt, openedBy, closedAt, summary, steps, evidence } = incident;
  const stepRows = steps.map(({ step, owner, signedAt, signedBy, checks }) => {
    const items = checks.map(
      ({ text, outcome, by }) =>
        `<li>${MARKS[outcome ?? 'open']} ${escapeMarkup(text)}${by ? ` <small>${escapeMarkup(by)}</small>` : ''}</li>`,
    );
    const signed =
      signedAt === null ? 'not signed' : `signed ${time(signedAt)} by ${escapeMarkup(signedBy ?? '')}`;
    return `<h3>${step}</h3><p>Owner: ${escapeMarkup(owner ?? 'none')}; ${signed}</p><ul>${items.join('')}</ul>`;
  });
  const rows = evidence.map(
    (one) => `<tr><td>${time(one.at)}</td><td>${one.kind}</td><td>${escapeMarkup(words(one))}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Incident ${number}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #bbb;padding:.3rem .6rem;vertical-align:top}
ul{list-style:none;padding-left:0}small{color:#555}code{overflow-wrap:anywhere}</style></head>
<body><h1>Incident ${number}: ${escapeMarkup(kind)}</h1>
<p>Severity ${severity}. Opened ${time(openedAt)} by ${escapeMarkup(openedBy)}; ${closedAt === null ? 'open' : `closed ${time(closedAt)}`}.</p>
<p>${escapeMarkup(summary)}</p><h2>Steps</h2>${stepRows.join('\n')}
<h2>Evidence</h2><table>${rows.join('\n')}</table>
<h2>The log</h2><p><code>proof.json</code> shows that ${proof.entries.length} entries stand in the log
<code>${escapeMarkup(proof.origin)}</code> of ${proof.size} entries, and that it has only grown since it had ${proof.earlier.size}.
The folder <code>log</code> holds the entries themselves and says how to verify them without Sotto.</p>
<p>Root: <code>${proof.root}</code></p></body></html>
`;
}

const MARKS = { done: '☑', notNeeded: '☒ (not needed)', open: '☐' } as const;

function words(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'conversation':
      return evidence.conversationId;
    case 'finding':
      return `${evidence.code}, entry ${evidence.seq}`;
    case 'log':
      return `entries ${evidence.first} to ${evidence.end - 1}`;
    case 'containment':
      return evidence.what;
    case 'note':
      return `${evidence.text} (${evidence.by})`;
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}
