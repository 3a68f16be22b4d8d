/** The first person of a process: nothing may be lost because something is still being got ready. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { installRoot, silentLog } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';
import { openWavEndpoint } from '../../main/media/index.ts';
import { eventually } from '../support/eventually.ts';
import { personSays } from '../support/person.ts';

let throwaway: Throwaway;
beforeAll(async () => {
  throwaway = await openThrowaway({ deskFolder: join(installRoot, 'desks', 'bank-branch'), log: silentLog });
}, 30_000);
afterAll(() => throwaway.close());

test('who speaks at once, over the opening, is heard from the first word and stops the agent', async () => {
  const says = await personSays('what are your opening hours');
  const endpoint = await openWavEndpoint({ label: 'test' });
  const live = throwaway.core.converse({ member: null, endpoint, mode: 'handsFree' });
  const events: ConversationEvent[] = [];
  live.onEvent((event) => events.push(event));
  await endpoint.say(says, 16_000);
  const final = () => events.find((event) => event.type === 'final');
  await eventually(() => expect(final()).toMatchObject({ text: 'what are your opening hours' }), 10_000);
  expect(events.find((event) => event.type === 'heard')).toMatchObject({ interrupted: true });
  expect(endpoint.droppedFrames).toBe(0);
  await live.end('test');
}, 20_000);
