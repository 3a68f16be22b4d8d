import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompiledDesk, compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';

const DESK = `format: 1
id: words-desk
name: Words desk
version: 1.0.0
agent: {name: Robin}
disclosures:
  - {id: automated, say: I am an automated assistant.}
greeting: How can I help?
handOff: {to: a teller, say: One moment., phrases: ["(get|fetch) me the manager"]}
lists: {want: ["[i want to]", "[i'd like to]"]}
pronunciations: {zorblax: Z AO R B L AE K S}
`;
const FLOWS: Readonly<Record<string, string>> = {
  transfer: `flow: transfer
description: move money
phrases:
  - <want> (transfer|move|send) money
  - <want> (transfer|move|send) {amount} [from [my] {source}] [to [my] {target}] [on {day}]
slots:
  amount: {type: amount, ask: How much?}
  source: {type: choice, ask: From?, options: {savings: ["savings [account]"], checking: ["checking [account]"]}}
  target: {type: choice, ask: To?, options: {savings: ["savings [account]"], checking: ["checking [account]"]}}
  day: {type: date, optional: true}
  urgent: {type: yesNo, ask: Is it urgent?}
steps:
  - collect: [amount, source, target, day, urgent]
`,
  visit: `flow: visit
description: book an appointment
phrases: ["<want> (book|make) an appointment [(for|on) {date}] [at {time}]"]
examples: [I need to see somebody about my knee]
slots:
  date: {type: date, ask: When?}
  time: {type: time, ask: What time?}
  phone: {type: phone, ask: Number?}
  surname: {type: spelled, ask: Spell your name?}
  code: {type: digits(4), ask: Code?}
  reference: {type: digits(6-8), ask: Reference?}
  reason: {type: text, ask: What for?}
steps:
  - collect: [date, time, phone, surname, code, reference, reason]
`,
  cancelVisit: `flow: cancelVisit
description: cancel an appointment
phrases: ["<want> (cancel|call off) my appointment"]
steps: [{say: Done.}]
`,
  fraud: `flow: fraud
description: report fraud
takesOver: true
phrases: ["(someone|somebody) stole my card", "this is fraud", "zorblax"]
steps: [{handOff: fraud}]
`,
};

/** A small desk with a slot of every type. */
export async function wordsDesk(): Promise<CompiledDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-words-'));
  await mkdir(join(folder, 'flows'));
  await mkdir(join(folder, 'knowledge'));
  await writeFile(join(folder, 'desk.yaml'), DESK);
  await writeFile(
    join(folder, 'knowledge', 'parking.md'),
    '# Parking\n\nVisitors park behind the building for free.\n',
  );
  for (const [name, text] of Object.entries(FLOWS))
    await writeFile(join(folder, 'flows', `${name}.yaml`), text);
  const pack = await loadDeskPack(folder);
  await rm(folder, { recursive: true });
  return compileDesk(pack);
}

/** Wednesday, 18 November 2026, nine in the morning. */
export const NOW = new Date(2026, 10, 18, 9).getTime();
