import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAEMON, homeFolder, session } from './keychain-session.ts';
import { dataFolder, filesIn } from './support.ts';

test('locked or gone while Sotto runs: what is open goes on, a change of keys is refused, the next start too; then it is back', () => {
  const home = homeFolder();
  const { data } = dataFolder();
  const run = (name: string, ...args: readonly string[]) => {
    const command = [process.execPath, join(import.meta.dirname, name), ...args];
    return session(home, [DAEMON, command.map((word) => JSON.stringify(word)).join(' ')]);
  };

  const [told] = run('keychain-running-child.ts', data);
  expect(told).toEqual({
    before: { write: 'before', rotate: 'ok' },
    locked: { write: 'locked', rotate: 'vault/keychain-unavailable' },
    gone: { write: 'gone', rotate: 'vault/keychain-unavailable' },
    reopened: 'vault/keychain-unavailable',
  });
  const before = filesIn(data);
  expect(run('keychain-child.ts', 'open', data)).toEqual([{ answer: expect.any(String) }]);
  expect([...filesIn(data).keys()]).toEqual([...before.keys()]);
});
