import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../main/base/index.ts';
import {
  buildKnowledge,
  type Command,
  type CompiledDesk,
  createDialogue,
  type DeskPack,
  type Dialogue,
  type DialogueAct,
  type DialogueTurn,
  loadDeskPack,
  type Understanding,
} from '../../main/dialogue/index.ts';
import type { CallOutcome, Proposal } from '../../main/tools/index.ts';
import { writeDesk } from './desk-files.ts';

/** Loads the small bank desk with some files changed. */
export async function smallDesk(changes: Readonly<Record<string, string | null>> = {}): Promise<DeskPack> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-flow-'));
  try {
    await writeDesk(folder, changes);
    return await loadDeskPack(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A desk whose sentences are given as commands: flows are tested apart from understanding. */
function desk(pack: DeskPack): CompiledDesk {
  const unused = () => {
    throw new Error('understanding is not part of this test');
  };
  return {
    pack,
    vocabulary: [],
    grammar: unused,
    learn: unused,
    understand: unused,
    readBack: (_, slot, value) => `<${slot} ${value}>`,
  };
}

export interface Gateway {
  propose(tool: string, callArguments: Readonly<Record<string, Json>>, id: string): Proposal;
  execute(tool: string): CallOutcome;
}

/** A dialogue with a gateway of the test's own, and everything that it did. */
export class Driver {
  readonly dialogue: Dialogue;
  /** All acts of all turns. */
  readonly acts: DialogueAct[] = [];
  /** Moved by the test, milliseconds. */
  nowMs = 0;
  readonly #gateway: Gateway;
  readonly #tools = new Map<string, string>();
  #proposals = 0;

  constructor(pack: DeskPack, gateway: Partial<Gateway> = {}, language?: string) {
    this.dialogue = createDialogue({
      desk: desk(pack),
      knowledge: buildKnowledge(pack.knowledge),
      clock: { now: () => 0, monotonicMs: () => this.nowMs },
      ...(language === undefined ? {} : { language }),
    });
    this.#gateway = {
      propose: (tool, callArguments, proposalId) =>
        pack.tools[tool]?.confirm === 'none'
          ? { kind: 'ready', proposalId }
          : {
              kind: 'confirm',
              proposalId,
              text: `Do ${tool} ${JSON.stringify(callArguments)}?`,
              onScreenOnly: pack.tools[tool]?.confirm === 'screen',
            },
      execute: () => ({ kind: 'ok', result: { balance: 7, found: true } }),
      ...gateway,
    };
  }

  /** One utterance, as the commands it means. Gives what was said and done, one line an act. */
  hear(
    commands: readonly Command[],
    options: {
      via?: 'voice' | 'typed';
      confidence?: number;
      text?: string;
      further?: readonly Understanding[];
    } = {},
    stopAt: string | null = null,
  ): string[] {
    const { via = 'voice', confidence = 0.9, text = 'something', further = [] } = options;
    const understanding = {
      text,
      inScope: true,
      flow: null,
      slots: {},
      confidence,
      commands,
      complete: true,
      // biome-ignore lint/suspicious/noThenProperty: a list, which no await takes for a promise
      ...(further.length === 0 ? {} : { then: further }),
    };
    return this.drive(this.dialogue.hear({ text, via, confidence, understanding }), stopAt);
  }

  /** Carries a turn out; `stopAt` breaks it off at the first act of that kind. */
  drive(turn: DialogueTurn, stopAt: string | null = null): string[] {
    const lines: string[] = [];
    let step = turn.next();
    while (!step.done) {
      const act = step.value;
      this.acts.push(act);
      lines.push(lineOf(act));
      if (act.act === stopAt) {
        turn.return();
        break;
      }
      step = turn.next(this.#answer(act));
    }
    return lines;
  }

  #answer(act: DialogueAct): Proposal | CallOutcome | undefined {
    if (act.act === 'propose') {
      const id = `p${++this.#proposals}`;
      this.#tools.set(id, act.tool);
      return this.#gateway.propose(act.tool, act.arguments, id);
    }
    return act.act === 'execute' ? this.#gateway.execute(this.#tools.get(act.proposalId) ?? '') : undefined;
  }
}

function lineOf(act: DialogueAct): string {
  if (act.act === 'say') return act.text;
  if (act.act === 'propose') return `[propose ${act.tool} ${JSON.stringify(act.arguments)}]`;
  if (act.act === 'execute') return `[execute ${act.proposalId} ${act.approvedBy}]`;
  if (act.act === 'withdraw') return `[withdraw ${act.proposalId}]`;
  if (act.act === 'handOff') return `[handOff ${act.reason}${act.urgent ? ' urgent' : ''}]`;
  return `[end ${act.reason}]`;
}

export const start = (flow: string): Command => ({ command: 'startFlow', flow });
export const set = (slot: string, value: string, confidence = 0.9): Command => ({
  command: 'setSlot',
  slot,
  value,
  confidence,
});
export const correct = (slot: string, value: string, confidence = 0.9): Command => ({
  command: 'correctSlot',
  slot,
  value,
  confidence,
});
export const yes: Command = { command: 'affirm' };
export const no: Command = { command: 'deny' };
export const cancel: Command = { command: 'cancel' };
export const help: Command = { command: 'help' };
export const repeat: Command = { command: 'repeat' };
export const outOfScope: Command = { command: 'outOfScope' };
export const person: Command = { command: 'handOff' };
export const ask = (question: string): Command => ({ command: 'askKnowledge', question });
