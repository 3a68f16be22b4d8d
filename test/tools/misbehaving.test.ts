import { expect, test } from 'vitest';
import { callNow, context, oddDesk, openGateway, serverProcesses, spokenYes, toolEntry } from './support.ts';

const WRITE = { risk: 'write', confirm: 'spoken', confirmText: 'Shall I?' } as const;

/** Proposes, approves a turn later, executes. */
async function approved(gateway: ReturnType<typeof openGateway>['gateway'], tool: string) {
  const proposal = gateway.propose(tool, {}, context(1));
  if (proposal.kind === 'refused') return proposal;
  return gateway.execute(proposal.proposalId, spokenYes(2), context(2));
}

test.each([
  ['large', 'tools/result-too-large'],
  ['huge', 'tools/result-too-large'],
  ['not_json', 'tools/result-not-json'],
  ['shape', 'tools/result-malformed'],
])('a result that is %s is not let in; of a write nobody can say whether it was done', async (tool, code) => {
  const { gateway } = openGateway(oddDesk({ [tool]: toolEntry(), echo: toolEntry() }));
  expect(await callNow(gateway, tool, {})).toMatchObject({ kind: 'failed', code });
  expect(await callNow(gateway, 'echo', {}, context(2))).toMatchObject({ kind: 'ok' });
  const { gateway: second } = openGateway(oddDesk({ [tool]: toolEntry(WRITE) }));
  expect(await approved(second, tool)).toMatchObject({ kind: 'unknown', code });
});

test('a result that is not as the pack declares it is not let in, whatever the server declares', async () => {
  const result = {
    type: 'object',
    properties: { balance: { type: 'string' } },
    required: ['balance'],
    additionalProperties: false,
  };
  const { gateway } = openGateway(oddDesk({ wrong_form: toolEntry({ result }), echo: toolEntry() }));
  expect(await callNow(gateway, 'wrong_form', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/result-schema',
  });
  // The server's own schema, which `echo` does not keep either, is not asked.
  expect(await callNow(gateway, 'echo', {})).toMatchObject({ kind: 'ok' });
});

test('a server that says no: failed, and nothing of its words is passed on', async () => {
  const { gateway } = openGateway(oddDesk({ deny: toolEntry(WRITE) }));
  expect(await approved(gateway, 'deny')).toEqual({
    kind: 'failed',
    code: 'tools/tool-error',
    say: 'I am sorry, that did not work. Nothing was changed.',
  });
});

test('a write that hangs ends as unknown, and the server is replaced', async () => {
  const { gateway } = openGateway(
    oddDesk({ hang: toolEntry({ ...WRITE, timeoutMs: 300 }), echo: toolEntry() }),
  );
  expect(await approved(gateway, 'hang')).toMatchObject({ kind: 'unknown', code: 'tools/timeout' });
  expect(await callNow(gateway, 'echo', {}, context(3))).toMatchObject({ kind: 'ok', result: { calls: 1 } });
});

test('a read is given up when the person interrupts; a write is seen to its end', async () => {
  const { gateway } = openGateway(oddDesk({ hang: toolEntry(), echo: toolEntry(WRITE) }));
  const abort = new AbortController();
  const turn = context(1, { signal: abort.signal });
  const read = callNow(gateway, 'hang', {}, turn);
  setTimeout(() => abort.abort(), 500);
  expect(await read).toMatchObject({ kind: 'failed', code: 'tools/aborted' });
  const proposal = gateway.propose('echo', {}, turn);
  if (proposal.kind !== 'confirm') throw new Error('not to be confirmed');
  const write = gateway.execute(proposal.proposalId, spokenYes(2), { ...turn, turn: 2 });
  expect(await write).toMatchObject({ kind: 'ok' });
});

test('a server that dies under a call: sent again once if idempotent, with the same key; else the truth', async () => {
  const tools = {
    die_once: toolEntry({ ...WRITE, idempotent: true }),
    die: toolEntry({ ...WRITE, idempotent: true }),
  };
  const { gateway, events } = openGateway(oddDesk(tools));
  const outcome = await approved(gateway, 'die_once');
  const proposed = events.find((one) => one.event === 'proposed');
  expect(outcome).toEqual({ kind: 'ok', result: { key: proposed?.proposalId } });
  expect(await approved(gateway, 'die')).toMatchObject({ kind: 'unknown', code: 'tools/server-lost' });
  const { gateway: second } = openGateway(oddDesk({ die: toolEntry() }));
  expect(await callNow(second, 'die', {})).toMatchObject({ kind: 'failed', code: 'tools/server-lost' });
});

test('what the pack does not declare does not exist, though the server offers it; and the other way round', async () => {
  const { gateway, events } = openGateway(oddDesk({ echo: toolEntry(), not_there: toolEntry() }));
  for (const name of ['secret', 'constructor', '__proto__', 'my pin is 1234'])
    expect(gateway.propose(name, {}, context())).toMatchObject({
      kind: 'refused',
      code: 'tools/not-declared',
    });
  expect(await callNow(gateway, 'not_there', {})).toMatchObject({
    kind: 'refused',
    code: 'tools/not-offered',
  });
  expect(JSON.stringify(events)).not.toContain('1234');
});

test('a server sees nothing of this process but what it is given', async () => {
  process.env.SOTTO_TEST_SECRET = 'for nobody';
  const { gateway } = openGateway(oddDesk({ environment: toolEntry() }));
  const outcome = await callNow(gateway, 'environment', {});
  if (outcome.kind !== 'ok') throw new Error(outcome.code);
  const names = (outcome.result as { names: string[] }).names;
  expect(names.filter((name) => name !== 'PATH').sort()).toEqual([
    'MALLOC_ARENA_MAX',
    'MALLOC_MMAP_THRESHOLD_',
    'MALLOC_TRIM_THRESHOLD_',
    'SOTTO_CAPABILITY_KEY',
    'SOTTO_DESK_DATA',
    'SOTTO_SERVER',
  ]);
});

test('a server that does not start: calls fail, and health says which and why; closing leaves no process', async () => {
  const desk = oddDesk({ echo: toolEntry(), gone: toolEntry({ ...WRITE, server: 'gone' }) });
  const servers = { ...desk.servers, gone: { command: 'node', args: ['no-such-file.ts'], env: {} } };
  const { gateway } = openGateway({ ...desk, servers });
  expect(await approved(gateway, 'gone')).toMatchObject({ kind: 'failed', code: 'tools/server-start' });
  const health = await gateway.health();
  expect(health).toEqual([
    { server: 'odd', ok: true, message: 'answers' },
    {
      server: 'gone',
      ok: false,
      message: expect.stringContaining('Cannot find module'),
      remedy: expect.any(String),
    },
  ]);
  expect(serverProcesses('odd-server.ts')).toHaveLength(1);
  await gateway.close();
  await expect.poll(() => serverProcesses('odd-server.ts')).toHaveLength(0);
  expect(gateway.propose('echo', {}, context())).toMatchObject({ kind: 'refused', code: 'tools/closed' });
});
