import { escapeMarkup } from '../../base/index.ts';
import type { ExportedConversation, SubjectExport } from './export-subject.ts';

/**
 * All that is kept about a subject as one page: opens offline, holds no script, and is read aloud as it is seen. What
 * people said is text in it, never markup.
 */
export function subjectPage({ exportedAt, knownBy, conversations }: SubjectExport): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; media-src 'self' file:">
<title>What is kept about you</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
th, td { border: 1px solid #767676; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }
</style>
</head>
<body>
<main>
<h1>What is kept about you</h1>
<p>Exported ${escapeMarkup(exportedAt)}. You are known here by: ${list(knownBy.map(({ kind, value }) => `${kind} ${value}`))}.</p>
<p>${conversations.length} conversation${conversations.length === 1 ? '' : 's'}. Personal details are masked where they stood in what was said: they are not kept.</p>
${conversations.map(conversationPart).join('\n')}
</main>
</body>
</html>
`;
}

function conversationPart(exported: ExportedConversation, at: number): string {
  const { conversation, turns, toolCalls, receipts, recordings, readBy } = exported;
  return `<section aria-labelledby="c${at}">
<h2 id="c${at}">Conversation of ${time(conversation.startedAt)}</h2>
<p>At the desk ${escapeMarkup(conversation.deskId)}, ended: ${escapeMarkup(conversation.endReason ?? 'not yet')}.</p>
${table(
  'What was said',
  ['When', 'Who', 'Words'],
  turns.map((turn) => [time(turn.at), turn.speaker === 'agent' ? 'the agent' : 'you', turn.text]),
)}
${table(
  'What was done',
  ['When', 'What', 'Outcome'],
  toolCalls.map((call) => [time(call.at), call.tool, call.outcome]),
)}
${table(
  'What you were told and decided',
  ['When', 'For', 'Decision', 'Words'],
  receipts.map(({ event, pii_processing: { purposes, privacy_notice: notice } }) => [
    event.event_time,
    purposes[0].purpose,
    event.event_state,
    notice.wording,
  ]),
)}
${table(
  'Who looked at it',
  ['When', 'Member', 'Reason'],
  readBy.map((one) => [time(one.at), one.memberId, one.reason ?? 'none given']),
)}
${recordings.map((file) => `<p>Recording: <a href="${escapeMarkup(file)}">${escapeMarkup(file)}</a></p><audio controls src="${escapeMarkup(file)}" aria-label="Recording ${escapeMarkup(file)}"></audio>`).join('\n')}
</section>`;
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `<p>${escapeMarkup(caption)}: nothing is kept.</p>`;
  const head = heads.map((one) => `<th scope="col">${escapeMarkup(one)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`);
  return `<table><caption>${escapeMarkup(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.map(escapeMarkup).join(', ');
}

function time(at: number): string {
  return new Date(at).toISOString();
}
