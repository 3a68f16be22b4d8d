import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installRoot } from '../../main/base/index.ts';
import {
  checkDeskPack,
  DeskPackError,
  deskJsonSchema,
  flowJsonSchema,
  loadDeskPack,
  scaffoldDesk,
  testsJsonSchema,
  toolsJsonSchema,
} from '../../main/dialogue/index.ts';
import { NOT_TEXT, writeDesk } from './desk-files.ts';

let scratch = '';
let count = 0;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sotto-pack-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A sound desk with some files replaced (or, with null, left out). */
async function desk(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = join(scratch, `desk${++count}`);
  await writeDesk(folder, changes);
  return folder;
}

/** All problems as `file:line severity message | remedy`. */
async function problemsOf(folder: string): Promise<string[]> {
  const { problems } = await checkDeskPack(folder);
  return problems.map(
    (one) => `${one.file}:${one.line}:${one.column} ${one.severity} ${one.message} | ${one.remedy}`,
  );
}

const flow = (body: string) => `flow: broken\ndescription: be broken\nphrases: [break it]\n${body}`;

describe('a desk pack', () => {
  it('is read whole: desk, flows, tools, servers, knowledge', async () => {
    const pack = await loadDeskPack(await desk());
    expect(Object.keys(pack.flows).sort()).toEqual(['balance', 'fraud', 'hours', 'transfer']);
    expect(pack.tools.transfer?.confirm).toBe('spoken');
    expect(pack.servers.bank).toMatchObject({ args: ['server.ts'] });
    expect(pack.knowledge).toMatchObject([{ file: 'knowledge/hours.md', title: 'Opening hours' }]);
    expect(pack.desk.turnTaking.completeMs).toBe(260);
  });

  it('both sample desks pass without a word', async () => {
    for (const name of ['bank-branch', 'clinic-frontdesk'])
      expect(await problemsOf(join(installRoot, 'desks', name))).toEqual([]);
  });

  it('has the same hash wherever it lies, and another when any file changes', async () => {
    const [a, b] = [await desk(), await desk()];
    const first = await loadDeskPack(a);
    expect((await loadDeskPack(b)).hash).toBe(first.hash);
    await writeFile(join(b, 'server.ts'), '// changed');
    expect((await loadDeskPack(b)).hash).not.toBe(first.hash);
  });

  it('is the same pack after its demo server has written its database', async () => {
    const folder = await desk();
    const before = (await loadDeskPack(folder)).hash;
    await writeFile(join(folder, 'demo.db'), 'data');
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules', 'x.js'), '');
    expect((await loadDeskPack(folder)).hash).toBe(before);
  });

  it('throws one error that carries every problem', async () => {
    const folder = await desk({
      'flows/x.yaml': 'flow: x\n',
      'flows/y.yaml': flow('steps: [{colect: [a]}]'),
    });
    const error = await loadDeskPack(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeskPackError);
    expect(error).toMatchObject({ code: 'desk/invalid' });
    if (error instanceof DeskPackError) expect(error.problems.length).toBeGreaterThanOrEqual(4);
  });
});

describe('what is wrong is told at its line, with a remedy', () => {
  const cases: readonly [string, Readonly<Record<string, string | null>>, string][] = [
    [
      'a folder without desk.yaml',
      { 'desk.yaml': null },
      'desk.yaml:1:1 error There is no desk.yaml. | Begin with `sotto desk new NAME`.',
    ],
    [
      'a misspelt step',
      { 'flows/x.yaml': flow('steps:\n  - colect: [a]\n') },
      'flows/x.yaml:5:5 error `colect` in `steps[1]` is not something Sotto knows. | Did you mean `collect`?',
    ],
    [
      'a misspelt key of a step',
      { 'flows/x.yaml': flow('steps:\n  - call: balance\n    wiht: {account: savings}\n') },
      'flows/x.yaml:6:5 error Unknown key `wiht` in `steps[1]`. | Did you mean `with`?',
    ],
    [
      'a misspelt key of a slot',
      { 'flows/x.yaml': flow('slots:\n  a: {type: date, aks: When?}\nsteps: [{collect: [a]}]') },
      'flows/x.yaml:5:19 error Unknown key `aks` in `slots.a`. | Did you mean `ask`?',
    ],
    [
      'a slot type that is none',
      { 'flows/x.yaml': flow('slots:\n  a: {type: amout, ask: How?}\nsteps: [{collect: [a]}]') },
      'flows/x.yaml:5:13 error `slots.a.type` has the wrong form: unknown slot type.',
    ],
    [
      'a missing key',
      { 'flows/x.yaml': 'flow: x\nphrases: [x]\nsteps: [{say: x}]' },
      'flows/x.yaml:1:1 error `description` is missing. | Add `description: …` (text).',
    ],
    [
      'a duplicate key',
      { 'flows/x.yaml': flow('steps: [{say: a}]\nsteps: [{say: b}]') },
      'flows/x.yaml:5:1 error Map keys must be unique.',
    ],
    ['broken YAML', { 'flows/x.yaml': 'flow: "x\n' }, 'flows/x.yaml:2:1 error Missing closing "quote.'],
    [
      'a tag',
      { 'flows/x.yaml': flow('steps: [{say: !!js/function a}]') },
      'flows/x.yaml:4:15 error Unresolved tag: tag:yaml.org,2002:js/function.',
    ],
    [
      'a slot that is not declared',
      {
        'flows/x.yaml': flow(
          'slots:\n  amount: {type: amount, ask: How much?}\nsteps:\n  - collect: [amuont]\n',
        ),
      },
      'flows/x.yaml:7:15 error There is no slot `amuont`. | Did you mean `amount`?',
    ],
    [
      'a slot without a question',
      { 'flows/x.yaml': flow('slots:\n  amount: {type: amount}\nsteps: [{collect: [amount]}]') },
      'flows/x.yaml:5:3 error `amount` is collected, but no question asks for it. | Add `ask: …` to the slot.',
    ],
    [
      'a choice without options',
      { 'flows/x.yaml': flow('slots:\n  a: {type: choice, ask: Which?}\nsteps: [{collect: [a]}]') },
      'flows/x.yaml:5:3 error `a` is a choice without options.',
    ],
    [
      'a phrase with an unknown slot',
      { 'flows/x.yaml': flow('steps: [{say: a}]').replace('break it', '"break {thing}"') },
      'flows/x.yaml:3:11 error There is no slot `thing`. | Declare it under `slots`.',
    ],
    [
      'a phrase with an unknown list',
      { 'flows/x.yaml': flow('steps: [{say: a}]').replace('break it', '<wnat> break') },
      'flows/x.yaml:3:11 error There is no list `wnat`. | Did you mean `want`?',
    ],
    [
      'a phrase that is not closed',
      { 'flows/x.yaml': flow('steps: [{say: a}]').replace('break it', '"(break|smash it"') },
      'flows/x.yaml:3:11 error The phrase is not well formed at its character 1',
    ],
    [
      'a list that leads back to itself',
      { 'flows/x.yaml': flow('lists: {a: [<b> x], b: [<a> y]}\nsteps: [{say: a}]') },
      'flows/x.yaml:4:9 error The list `a` leads back to itself.',
    ],
    [
      'a wording with an unknown name',
      { 'flows/x.yaml': flow('steps:\n  - say: Hello {agnet}\n') },
      'flows/x.yaml:5:10 error There is nothing called {agnet} here. | Did you mean `agent`?',
    ],
    [
      'a wording that would say a sensitive slot',
      {
        'flows/x.yaml': flow(
          'slots: {pin: {type: digits(4), sensitive: true, ask: Pin?}}\nsteps:\n  - collect: [pin]\n  - say: It is {pin}\n',
        ),
      },
      'flows/x.yaml:7:10 error `pin` is sensitive and cannot be said.',
    ],
    [
      'a result without that field',
      {
        'flows/x.yaml': flow(
          'steps:\n  - {call: balance, with: {account: savings}, save: done}\n  - say: "{done.balanc}"\n',
        ),
      },
      'flows/x.yaml:6:10 error There is nothing called {done.balanc} here. | Did you mean `done.balance`?',
    ],
    [
      'a tool that is not declared',
      { 'flows/x.yaml': flow('steps:\n  - call: balanc\n') },
      'flows/x.yaml:5:11 error There is no tool `balanc`. | Did you mean `balance`?',
    ],
    [
      'an argument the tool does not have',
      { 'flows/x.yaml': flow('steps:\n  - {call: balance, with: {acount: savings}}\n') },
      'flows/x.yaml:5:28 error The tool `balance` has no argument `acount`. | Did you mean `account`?',
    ],
    [
      'a required argument that is missing',
      { 'flows/x.yaml': flow('steps:\n  - call: balance\n') },
      'flows/x.yaml:5:11 error The tool `balance` needs the argument `account`. | Add `account: …` under `with`.',
    ],
    [
      'a literal of the wrong type',
      { 'flows/x.yaml': flow('steps:\n  - {call: balance, with: {account: 3}}\n') },
      'flows/x.yaml:5:37 error `account` should be text. | Write text here.',
    ],
    [
      'a literal that the tool does not allow',
      { 'flows/x.yaml': flow('steps:\n  - {call: balance, with: {account: savins}}\n') },
      'flows/x.yaml:5:37 error `account` cannot be "savins". | Did you mean `savings`?',
    ],
    [
      'a slot that is no number where one is needed',
      {
        'flows/x.yaml': flow(
          'slots: {day: {type: date, ask: When?}}\nsteps:\n  - collect: [day]\n  - {call: transfer, with: {amount: "{day}", to: savings}}\n',
        ),
      },
      'flows/x.yaml:7:37 error `amount` should be a number, but a slot of type date is not.',
    ],
    [
      'a flow that is not there',
      { 'flows/x.yaml': flow('steps:\n  - start: transfr\n') },
      'flows/x.yaml:5:12 error There is no flow `transfr`. | Did you mean `transfer`?',
    ],
    [
      'a flow that is there twice',
      { 'flows/x.yaml': flow('steps: [{say: a}]').replace('flow: broken', 'flow: hours') },
      'flows/x.yaml:1:7 error There is already a flow `hours`.',
    ],
    [
      'a condition that is none',
      { 'flows/x.yaml': flow('steps:\n  - if: amount >< 3\n    then: [{say: a}]\n') },
      'flows/x.yaml:5:9 error The condition is not understood: a value is missing after the comparison.',
    ],
    [
      'a condition on nothing',
      { 'flows/x.yaml': flow('steps:\n  - if: amount > 3\n    then: [{say: a}]\n') },
      'flows/x.yaml:5:9 error There is no slot or saved result `amount`.',
    ],
    [
      'flows that do one another in a ring',
      {
        'flows/x.yaml': flow('steps:\n  - do: other\n'),
        'flows/y.yaml': 'flow: other\ndescription: x\nphrases: []\nsteps:\n  - do: broken\n',
      },
      'flows/x.yaml:5:9 error The flows do one another in a ring: broken, other, broken. | Let one of them go on with `start` instead of `do`.',
    ],
    [
      'a flow that does itself',
      { 'flows/x.yaml': flow('steps:\n  - do: broken\n') },
      'flows/x.yaml:5:9 error The flows do one another in a ring: broken, broken.',
    ],
    [
      'a flow to do that is not there',
      { 'flows/x.yaml': flow('steps:\n  - do: transfr\n') },
      'flows/x.yaml:5:9 error There is no flow `transfr`. | Did you mean `transfer`?',
    ],
    [
      'a slot of another flow that it does not have',
      {
        'flows/x.yaml': flow(
          'slots: {sum: {type: amount, ask: How much?}}\nsteps:\n  - do: transfer\n    with: {amuont: "{sum}"}\n',
        ),
      },
      'flows/x.yaml:7:20 error There is no slot of `transfer` named `amuont`. | Did you mean `amount`?',
    ],
    [
      'a slot of another type than in the flow that is done',
      {
        'flows/x.yaml': flow(
          'slots: {sum: {type: date, ask: When?}}\nsteps:\n  - do: transfer\n    with: {amount: "{sum}"}\n',
        ),
      },
      'flows/x.yaml:7:20 error `sum` is of another type in the flow `transfer` (amount).',
    ],
    [
      'a rule with a tool that does more than read',
      {
        'flows/x.yaml': flow(
          'slots:\n  sum:\n    type: amount\n    ask: How much?\n    validate:\n      call: transfer\n      with: {amount: "{sum}", to: savings}\n      must: sum > 1\n      otherwise: No.\nsteps: [{collect: [sum]}]\n',
        ),
      },
      'flows/x.yaml:9:13 error `transfer` does more than read, or asks first: a value cannot be checked with it.',
    ],
    [
      'a rule on nothing',
      {
        'flows/x.yaml': flow(
          'slots: {sum: {type: amount, ask: How much?, validate: {must: smu > 1, otherwise: No.}}}\nsteps: [{collect: [sum]}]\n',
        ),
      },
      'flows/x.yaml:4:62 error There is no slot or saved result `smu`. | Did you mean `sum`?',
    ],
    [
      'a text that is not in all languages',
      { 'flows/x.yaml': flow('steps:\n  - say: {es-US: Hola.}\n') },
      'flows/x.yaml:5:5 error There is no text in en-US. | Add `en-US: …`.',
    ],
    [
      'a file that is not UTF-8',
      { 'flows/x.yaml': NOT_TEXT },
      'flows/x.yaml:1:1 error The file is not UTF-8 text.',
    ],
  ];
  it.each(cases)('%s', async (_, changes, expected) => {
    const found = await problemsOf(await desk(changes));
    expect(
      found.some((line) => line.startsWith(expected)),
      `${expected}\n--- found:\n${found.join('\n')}`,
    ).toBe(true);
  });

  it('the safety layers of a desk: a topic that nothing gives away, a situation without words, a flow that is not there', async () => {
    const text = await readFile(join(await desk(), 'desk.yaml'), 'utf8');
    const found = await problemsOf(
      await desk({
        'desk.yaml': `${text}neverDiscuss: [{topic: politics, say: No.}]\nsituations: {threat: {}, fraud: {start: frauds}}\n`,
      }),
    );
    expect(found.join('\n')).toContain('Nothing tells that somebody asks about `politics`.');
    expect(found.join('\n')).toContain('A situation has either words to say or a flow to start.');
    expect(found.join('\n')).toContain('There is no flow `frauds`. | Did you mean `fraud`?');
  });

  it('a desk of several languages has every text in each', async () => {
    const text = await readFile(join(await desk(), 'desk.yaml'), 'utf8');
    const { pack, problems } = await checkDeskPack(
      await desk({ 'desk.yaml': `${text}otherLanguages: [es-US]\n` }),
    );
    expect(pack).toBeNull();
    expect(new Set(problems.map(({ message }) => message))).toEqual(new Set(['The text is only in en-US.']));
    expect(problems.map(({ file }) => file)).toContain('flows/transfer.yaml');
  });

  it('flows that do one another cannot grow without bounds', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [
        `flows/c${at}.yaml`,
        `flow: c${at}\ndescription: x\nphrases: [go ${'on '.repeat(at + 1)}]\nsteps:\n${
          at === 8 ? '  - say: Done.\n' : `  - do: c${at + 1}\n`.repeat(9)
        }`,
      ]),
    );
    const started = performance.now();
    expect((await problemsOf(await desk(chain))).join('\n')).toContain(
      'With the flows that it does, the flow is too large',
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('money and clinical tools cannot go without confirmation', async () => {
    const tools = await readFile(join(await desk(), 'tools.yaml'), 'utf8');
    for (const risk of ['money', 'clinical']) {
      const folder = await desk({
        'tools.yaml': tools
          .replace('risk: money', `risk: ${risk}`)
          .replace('confirm: spoken', 'confirm: none'),
      });
      expect((await problemsOf(folder)).join()).toContain(
        `A ${risk} tool cannot be called without confirmation.`,
      );
    }
  });

  it('limits name numeric arguments, confirmations name arguments, servers stay in the pack', async () => {
    const tools = await readFile(join(await desk(), 'tools.yaml'), 'utf8');
    const found = await problemsOf(
      await desk({
        'tools.yaml': tools
          .replace('most: {amount: 5000}', 'most: {to: 5000}')
          .replace('Move {amount}', 'Move {amuont}')
          .replace('[server.ts]', '[../../evil.ts]'),
      }),
    );
    expect(found.join('\n')).toContain('`to` is not a number, so it cannot have a highest value.');
    expect(found.join('\n')).toContain('There is nothing called {amuont} here. | Did you mean `amount`?');
    expect(found.join('\n')).toContain('The path leads out of the desk pack');
  });

  it('warns when nothing says that an automated assistant speaks', async () => {
    const text = await readFile(join(await desk(), 'desk.yaml'), 'utf8');
    const { pack, problems } = await checkDeskPack(
      await desk({ 'desk.yaml': text.replace('an automated assistant', 'Ann') }),
    );
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'No disclosure says that this is an automated assistant and not a person.'],
    ]);
    expect(pack).not.toBeNull();
  });
});

describe('a hostile pack', () => {
  it('cannot reach out of its folder through links', async () => {
    const folder = await desk();
    await symlink('/etc/passwd', join(folder, 'knowledge', 'x.md'));
    await symlink('/etc', join(folder, 'flows', 'etc'));
    expect((await problemsOf(folder)).filter((line) => line.includes('This is a link'))).toHaveLength(2);
  });

  it('cannot explode through aliases', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `a${i}: &a${i} [${
          i === 0
            ? 'x'
            : Array(9)
                .fill(`*a${i - 1}`)
                .join(', ')
        }]`,
    );
    const started = performance.now();
    const found = await problemsOf(await desk({ 'flows/x.yaml': levels.join('\n') }));
    expect(found.join()).toContain('refers to its own parts too often');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('cannot exhaust the stack or the memory', async () => {
    const found = await problemsOf(
      await desk({
        'flows/deep.yaml': '['.repeat(100_000),
        'flows/long.yaml': 'x'.repeat(300_000),
        'big.bin': 'x'.repeat(1024 * 1024 + 1),
      }),
    );
    expect(found.find((line) => line.startsWith('flows/deep.yaml'))).toBeDefined();
    expect(found.join('\n')).toContain('flows/long.yaml:1:1 error The file is too large.');
    expect(found.join('\n')).toContain('big.bin:1:1 error The file is too large');
  });

  it('cannot bring a prototype along', async () => {
    const { pack } = await checkDeskPack(
      await desk({ 'flows/x.yaml': flow('slots:\n  __proto__: {type: date, ask: x}\nsteps: [{say: a}]') }),
    );
    expect(pack?.flows.broken?.slots.type).toBeUndefined();
    expect(({} as Record<string, unknown>).type).toBeUndefined();
  });
});

describe('for authors', () => {
  it('the JSON Schemas beside the desks are up to date', async () => {
    const all = {
      desk: deskJsonSchema(),
      flow: flowJsonSchema(),
      tools: toolsJsonSchema(),
      tests: testsJsonSchema(),
    };
    for (const [name, schema] of Object.entries(all)) {
      const file = join(installRoot, 'desks', 'schema', `${name}.schema.json`);
      const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
      expect(kept, `${file}: write it anew with node test/dialogue/write-desk-schemas.mjs`).toEqual(schema);
    }
  });

  it('a new desk passes its check, and never overwrites anything', async () => {
    const folder = await scaffoldDesk('north-branch', scratch);
    expect(await problemsOf(folder)).toEqual([]);
    const kept = await readFile(join(folder, 'desk.yaml'), 'utf8');
    await expect(scaffoldDesk('north-branch', scratch)).rejects.toMatchObject({ code: 'desk/exists' });
    expect(await readFile(join(folder, 'desk.yaml'), 'utf8')).toBe(kept);
    await expect(scaffoldDesk('../x', scratch)).rejects.toMatchObject({ code: 'desk/bad-name' });
    await cp(folder, join(scratch, 'copy'), { recursive: true });
    expect((await loadDeskPack(join(scratch, 'copy'))).hash).toBe((await loadDeskPack(folder)).hash);
  });
});
