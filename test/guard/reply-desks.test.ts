/**
 * The rehearsed conversations of both desks, held through a real conversation with the door of replies in it: nothing that a
 * desk rightly says is withheld.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { installRoot, type Json, silentLog } from '../../main/base/index.ts';
import { type ConversationEvent, startConversation } from '../../main/conversation/index.ts';
import { buildKnowledge, compileDesk, createDialogue, loadDeskPack } from '../../main/dialogue/index.ts';
import {
  type CallOutcome,
  confirmationOf,
  confirmationText,
  readBackByFormat,
} from '../../main/tools/index.ts';
import { ScriptedClock, ScriptedGateway, ScriptedWriter, settle } from '../conversation/scripted.ts';

const answers = z.record(
  z.string(),
  z.union([z.record(z.string(), z.json()), z.array(z.record(z.string(), z.json()))]),
);
const file = z.looseObject({
  tools: answers.default({}),
  tests: z.array(
    z.looseObject({
      name: z.string(),
      now: z.string().default('2026-05-04T10:00:00'),
      tools: answers.default({}),
      talk: z.array(
        z.looseObject({
          said: z.string().optional(),
          heard: z.string().optional(),
          screen: z.enum(['approve', 'refuse']).optional(),
        }),
      ),
    }),
  ),
});

function conversationsOf(desk: string) {
  const folder = join(installRoot, 'desks', desk, 'tests');
  return readdirSync(folder).flatMap((name) => {
    const { tools, tests } = file.parse(parse(readFileSync(join(folder, name), 'utf8')));
    return tests.map((one) => ({ ...one, tools: { ...tools, ...one.tools } }));
  });
}

it.each(['bank-branch', 'clinic-frontdesk'])(
  '%s: no reply of its rehearsals is withheld',
  { timeout: 30_000 },
  async (name) => {
    const pack = await loadDeskPack(join(installRoot, 'desks', name));
    const desk = compileDesk(pack);
    const knowledge = buildKnowledge(pack.knowledge);
    const withheld: string[] = [];
    let replies = 0;
    for (const test of conversationsOf(name)) {
      const clock = new ScriptedClock();
      clock.pass(new Date(test.now).getTime() - clock.now());
      const writer = new ScriptedWriter();
      const given = new Map<string, number>();
      const gateway = new (class extends ScriptedGateway {
        #called: { readonly tool: string }[] = [];
        override propose(tool: string, args: Readonly<Record<string, Json>>) {
          const proposalId = String(this.#called.push({ tool }) - 1);
          const declared = pack.tools[tool];
          const needs = declared ? confirmationOf(declared) : 'none';
          if (!declared || needs === 'none') return { kind: 'ready', proposalId } as never;
          const said = readBackByFormat({ ...pack, id: pack.desk.id }, pack.desk.currency, clock);
          const text = confirmationText(tool, declared, args, said);
          return { kind: 'confirm', proposalId, text, onScreenOnly: needs === 'screen' } as never;
        }
        override async execute(proposalId: string): Promise<CallOutcome> {
          const tool = this.#called[Number(proposalId)]?.tool ?? '';
          const declared = test.tools[tool];
          const turn = given.get(tool) ?? 0;
          given.set(tool, turn + 1);
          const result = Array.isArray(declared) ? declared[Math.min(turn, declared.length - 1)] : declared;
          return { kind: 'ok', result: result ?? {} };
        }
      })();
      const live = startConversation({
        id: 'c1',
        desk,
        dialogue: createDialogue({ desk, knowledge, clock }),
        gateway,
        writer,
        member: null,
        sound: null,
        mode: 'handsFree',
        clock,
        log: silentLog,
      });
      const events: ConversationEvent[] = [];
      live.onEvent((event) => events.push(event));
      await settle();
      for (const { said, heard, screen } of test.talk) {
        const pending = events.findLast((event) => event.type === 'toolProposed');
        if (screen && pending) live.decide(pending.proposalId, screen);
        else live.type(said ?? heard ?? 'hello');
        await settle();
      }
      await live.end('test');
      const told = events.flatMap((event) => (event.type === 'reply' ? [event.text] : []));
      replies += told.length;
      const notices = events.flatMap((event) =>
        event.type === 'notice' && event.code === 'guard/reply-stopped' ? [event.message] : [],
      );
      if (notices.length > 0) withheld.push(`${test.name}: ${notices.join(' ')}`);
    }
    expect(withheld).toEqual([]);
    expect(replies).toBeGreaterThan(100);
  },
);
