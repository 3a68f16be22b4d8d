import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { installRoot, SottoError } from '../../base/index.ts';

/**
 * Writes a small desk pack that passes its check, to begin from; gives its folder.
 * @throws SottoError `desk/bad-name`, or `desk/exists` when there is something of that name.
 */
export async function scaffoldDesk(name: string, parentFolder: string): Promise<string> {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    throw new SottoError('desk/bad-name', 'The name of a desk has small letters, digits and hyphens only.', {
      remedy: 'For example: north-branch.',
    });
  const folder = resolve(parentFolder, name);
  await mkdir(parentFolder, { recursive: true });
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new SottoError('desk/exists', `There is already something called ${name} there.`, {
      remedy: 'Choose another name, or remove what is there.',
    });
  }
  try {
    for (const [file, text] of Object.entries(filesFor(name))) await writeNew(folder, file, text);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

async function writeNew(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  const schema = /#schema:(\w+)/.exec(text)?.[1];
  const from = relative(dirname(path), join(installRoot, 'desks', 'schema', `${schema}.schema.json`));
  const line = `# yaml-language-server: $schema=${from.split(sep).join('/')}`;
  await writeFile(path, text.replace(/^#schema:\w+/, line), { flag: 'wx' });
}

function filesFor(name: string): Readonly<Record<string, string>> {
  const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  return {
    'desk.yaml': `#schema:desk
format: 1
id: ${name}
name: ${title}
version: 0.1.0
agent:
  name: Robin
disclosures:
  - id: automated
    say: I am an automated assistant, not a person.
    show: You are talking to an automated assistant.
greeting: Hello, this is {agent}. How can I help?
handOff:
  to: a colleague
  say: I will get {handOff} for you.
  phrases:
    - (talk|speak) to (a person|someone|somebody)
lists:
  want: [i want to, i would like to, can i]
`,
    'flows/opening_hours.yaml': `#schema:flow
flow: opening_hours
description: tell you when we are open
phrases:
  - (when|what time) (are you|do you) (open|close)
  - what are (your|the) opening hours
steps:
  - answer: what are the opening hours
`,
    'flows/leave_message.yaml': `#schema:flow
flow: leave_message
description: ask for a call back
phrases:
  - <want> (leave a message|be called back|get a call back)
  - (please|can you) call me back [on {day}]
slots:
  day:
    type: date
    ask: [On what day should we call you?, What day suits you?]
    remember: false
  phone:
    type: phone
    ask: At what phone number?
    confirm: true
steps:
  - collect: [day, phone]
  - say: We will call you on {day}, at {phone}.
  - handOff: a call back was asked for
`,
    'tests/first.yaml': `#schema:tests
tests:
  - name: when it is open
    opening: [automated assistant, { wording: greeting }]
    talk:
      - said: when are you open
        replied: Monday to Friday
  - name: a call back
    talk:
      - said: please call me back
        asked: day
      - said: tomorrow
        asked: phone
      - said: 202 555 0101
        asked: yesNo
      - said: "yes"
        replied: We will call you on
        handOff: a call back was asked for
`,
    'knowledge/opening-hours.md': `# Opening hours

We are open Monday to Friday from nine in the morning until five in the afternoon. We are closed on weekends.
`,
  };
}
