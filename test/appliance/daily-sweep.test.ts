/** What is beyond its time goes by itself while the appliance runs. */
import { expect, onTestFinished, test } from 'vitest';
import { Administration } from '../../main/appliance/administration.ts';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { keepConversation } from '../support/kept-conversation.ts';
import { openQuietCore } from '../support/quiet-core.ts';
import { temporaryFolder } from '../tools/support.ts';
import { testClock, throwaway } from '../vault/support.ts';

const DAY_MS = 86_400_000;

test('shortly after the start the sweep comes by itself, and what it let go is in the log', async () => {
  const vault = await throwaway();
  const before = testClock(Date.now() - 31 * DAY_MS);
  const audit = openAuditLog(vault, { clock: before });
  keepConversation(vault, audit, before);
  audit.close();

  const paths = pathsIn(temporaryFolder());
  const { core } = await openQuietCore({ vault, paths });
  const parts = { core, vault, paths, clock: systemClock, log: silentLog };
  const administration = new Administration({ ...parts, firstSweepMs: 20 });
  onTestFinished(() => administration.close());
  const { retention } = administration.services();
  expect(retention.preview()).toContainEqual(expect.objectContaining({ dataClass: 'transcript', due: 1 }));
  const swept = () => core.audit.recent(20).filter(({ json }) => json.includes('"retention.sweep"'));
  await expect.poll(swept, { timeout: 5_000 }).toHaveLength(1);
  expect(retention.preview()).toContainEqual(expect.objectContaining({ dataClass: 'transcript', due: 0 }));
  expect(core.audit.verify().ok).toBe(true);
});
