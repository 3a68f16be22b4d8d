import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The small desk's desk.yaml; `more`: further lines of it. */
export function deskYaml(more = ''): string {
  return `format: 1
id: tiny-desk
name: Tiny desk
version: 1.0.0
agent: {name: Robin}
disclosures:
  - {id: automated, say: I am an automated assistant.}
greeting: How can I help?
handOff: {to: a teller, say: "I will get {handOff}.", phrases: [speak to a person]}
lists: {want: [i want to, i would like to]}
${more}
`;
}

/** A small bank desk, sound in every part. */
const FILES: Readonly<Record<string, string>> = {
  'desk.yaml': deskYaml(),
  'tools.yaml': `servers:
  bank: {command: node, args: [server.ts]}
tools:
  balance:
    server: bank
    description: What is in an account
    risk: read
    arguments: {type: object, properties: {account: {type: string, enum: [savings, checking]}}, required: [account]}
    result: {type: object, properties: {balance: {type: number}, found: {type: boolean}}}
  transfer:
    server: bank
    description: Move money
    risk: money
    confirm: spoken
    confirmText: "Move {amount} to {to}?"
    arguments:
      type: object
      properties: {amount: {type: number}, to: {type: string}, urgent: {type: boolean}, day: {type: string}}
      required: [amount, to]
    result: {type: object, properties: {balance: {type: number}}}
    limits: {most: {amount: 5000}}
`,
  'flows/transfer.yaml': `flow: transfer
description: transfer money
phrases: ["<want> (transfer|move) money", "<want> (transfer|move) {amount} [to {to}] [on {day}]"]
slots:
  amount: {type: amount, ask: [How much?, What amount?], remember: false}
  to: {type: choice, ask: To which account?, remember: false, options: {savings: [savings], checking: [checking]}}
  day: {type: date, optional: true, remember: false}
  urgent: {type: yesNo, ask: Is it urgent?, remember: false}
steps:
  - collect: [amount, to, day, urgent]
  - call: transfer
    with: {amount: "{amount}", to: "{to}", urgent: "{urgent}", day: "{day}"}
    save: done
    otherwise: [{say: Nothing was moved.}]
  - if: done.balance < 0 and urgent = true
    then: [{say: You are overdrawn.}]
    else: [{say: "You have {done.balance} left."}]
`,
  'flows/balance.yaml': `flow: balance
description: tell you your balance
phrases: ["what is my balance", "<want> know the balance of my {account}"]
slots:
  pin: {type: digits(4), sensitive: true, ask: What is your pin?}
  account: {type: choice, ask: Which account?, options: {savings: [savings], checking: [checking]}}
steps:
  - collect: [pin, account]
  - {call: balance, with: {account: "{account}"}, save: result}
  - say: "Your {account} has {result.balance}."
`,
  'flows/fraud.yaml': `flow: fraud
description: report fraud
takesOver: true
phrases: [this is fraud, someone stole my card]
steps:
  - say: Stay calm.
  - handOff: fraud was reported
  - say: This is never said.
`,
  'flows/hours.yaml': `flow: hours
description: tell you when we are open
phrases: [when are you open]
steps:
  - answer: what are the opening hours
`,
  'knowledge/hours.md': '# Opening hours\n\nWe are open from nine until five.\n',
  'server.ts': '// a stand-in',
};

/** Stands for bytes that are not UTF-8. */
export const NOT_TEXT = '(not text)';

/** Writes the desk; `changes` replace files, or leave them out (null). */
export async function writeDesk(
  folder: string,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  for (const [file, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const bytes = text === NOT_TEXT ? Buffer.from([0x66, 0xff, 0xfe]) : text;
    await writeFile(join(folder, file), bytes);
  }
}
