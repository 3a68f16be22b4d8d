import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { installRoot } from '../../main/base/index.ts';
import { readWav, writeWav } from '../../main/media/index.ts';
import { hearAgain } from '../support/hear-again.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-no-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command where loopback is the only network interface there is. */
async function withoutNetwork(command: string, args: readonly string[]): Promise<string> {
  const script = 'ip link set lo up && test "$(ip -o link | wc -l)" = 1 && exec "$@"';
  try {
    const run = promisify(execFile);
    // Root needs no user namespace, which a chroot would refuse it.
    const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const given = [...asRoot, '--net', 'sh', '-c', script, 'sh', command, ...args];
    return (await run('unshare', given, { cwd: installRoot, timeout: 60_000 })).stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(
      `The command failed without a network. If it says "unshare failed", this machine does not let this user make a network namespace, and the test cannot show anything here.\n${stderr}`,
      { cause: error },
    );
  }
}

it('a whole conversation needs no network but loopback', { timeout: 90_000 }, async () => {
  const question = join(folder, 'question.wav');
  await writeWav(question, await personSays('are you open on monday'), PERSON_RATE);
  const node = join(installRoot, 'node_modules', 'node', 'bin', 'node');
  const cli = join(installRoot, 'main', 'cli', 'index.ts');
  const out = join(folder, 'replies');
  const talk = ['talk', '--desk', 'bank-branch', '--in', question, '--out', out, '--json'];
  const printed = await withoutNetwork(node, [cli, ...talk]);
  const events = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

  expect(events.find(({ type }) => type === 'final')).toMatchObject({
    text: 'are you open on monday',
    via: 'voice',
  });
  expect(events.find(({ type }) => type === 'toolAnswered')).toMatchObject({
    tool: 'opening_hours',
    outcome: 'ok',
  });
  expect(events.at(-1)).toMatchObject({ type: 'ended', reason: 'person-left' });
  const answer = events.find(({ type, text }) => type === 'reply' && /^On Monday/.test(text)).text as string;
  const { samples, sampleRate } = await readWav(join(out, 'reply-01.wav'));
  expect(sampleRate).toBe(16_000);
  const closed = answer.replace(/we are .*/, 'we are closed.');
  const saturday = answer.replace(/five in the afternoon/, 'twelve noon');
  const late = answer.replace(/nine in the morning/, 'eleven in the morning');
  const heard = await hearAgain(samples, [
    answer,
    closed,
    saturday,
    late,
    'Thank you for coming in. Goodbye.',
    'Sorry, I did not get that.',
    'Is there anything else I can do?',
    'What else can I do for you?',
  ]);
  expect(heard.join(' ')).toContain('open from nine in the morning until five in the afternoon');
});
