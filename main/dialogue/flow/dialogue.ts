import type { Clock } from '../../base/index.ts';
import type { Command, Dialogue, DialogueTurn, Expectation, Heard } from '../acts.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { giveUp, questionIsOld } from './asking.ts';
import { FlowEngine, type StepTaken } from './engine.ts';
import { proven, stillUnproven, takenAway } from './further-check.ts';
import { Memory } from './slots.ts';
import { approve, recover } from './tool-calls.ts';
import { understood } from './understood.ts';
import type { Acts } from './voice.ts';
import { end, handOff, offerPerson } from './ways-out.ts';
import { listOf, rotating } from './wordings.ts';
import { refused } from './yes-no.ts';

export type { StepTaken } from './engine.ts';
export type { StepPlace } from './program.ts';

export interface DialogueParts {
  readonly desk: CompiledDesk;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  /** One of the pack's languages; default: the one that it is written in. */
  readonly language?: string;
  /** Picks one of several wordings; default: one after the other, so that a conversation can be replayed. */
  readonly choose?: (wordings: readonly string[]) => string;
  /** Told of every step gone through, for those who test packs. */
  readonly onStep?: (step: StepTaken) => void;
}

/** Starts the dialogue of one conversation over a compiled desk pack. */
export function createDialogue(parts: DialogueParts): Dialogue {
  return new FlowDialogue(parts);
}

class FlowDialogue implements Dialogue {
  readonly #engine: FlowEngine;
  readonly #begunMs: number;
  #silences = 0;
  /** The person was told that the time is up. */
  #timeIsUp = false;

  constructor({ desk: compiled, knowledge, clock, language, choose, onStep }: DialogueParts) {
    const texts = language === undefined ? undefined : compiled.pack.translations[language];
    const desk = texts ? { ...compiled, pack: { ...compiled.pack, ...texts } } : compiled;
    this.#begunMs = clock.monotonicMs();
    this.#engine = new FlowEngine({
      desk,
      knowledge,
      clock,
      memory: new Memory(desk.pack, clock),
      choose: choose ?? rotating(),
      onStep: onStep ?? (() => {}),
    });
  }

  get expectation(): Expectation {
    const { waiting, top, last } = this.#engine;
    const flow = top?.flow.flow ?? '';
    switch (waiting.for) {
      case 'slot':
      case 'change':
        return top ? { kind: 'slot', flow, slot: waiting.slot } : { kind: 'open' };
      case 'readBack':
      case 'confirm':
      case 'offer':
        return { kind: 'yesNo', flow };
      case 'which':
        return { kind: 'open', between: waiting.flows, ...(last ? { last } : {}) };
      case 'more':
        return { kind: 'open', more: true, ...(last ? { last } : {}) };
      default:
        return { kind: 'open', ...(last ? { last } : {}) };
    }
  }

  get pendingProposal(): string | null {
    return this.#engine.pending?.proposalId ?? null;
  }

  snapshot(): { readonly flow: string | null; readonly slots: Readonly<Record<string, string>> } {
    const { top } = this.#engine;
    return { flow: top?.flow.flow ?? null, slots: top?.shown() ?? {} };
  }

  *begin(): DialogueTurn {
    const { voice, desk } = this.#engine;
    voice.said = [];
    for (const { id, say } of desk.pack.desk.disclosures)
      for (const act of voice.say('disclosure', voice.words([say])))
        yield act.act === 'say' ? { ...act, disclosureId: id } : act;
    yield* voice.say('greeting', voice.words(listOf(desk.pack.desk.greeting)));
  }

  *hear(heard: Heard): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended) return;
    const { commands } = heard.understanding;
    const repeats = commands.some(({ command }) => command === 'repeat');
    const before = engine.voice.said;
    this.#opened();
    yield* recover(engine);
    if (this.#isTooLong() && !this.#isUrgent(commands)) return yield* this.#timeUp();
    if (repeats && commands.every(({ command }) => command === 'repeat')) {
      for (const { kind, text } of before) yield* engine.voice.say(kind, text);
      return;
    }
    yield* understood(engine, heard);
  }

  *decide(decision: 'approve' | 'refuse'): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || !engine.pending) return;
    this.#opened();
    if (decision === 'approve') yield* approve(engine, 'screen', 1);
    else yield* refused(engine);
  }

  *proven(): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || !engine.pending) return;
    this.#opened();
    yield* proven(engine);
  }

  *withdrawn(): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || !engine.pending?.agreed) return;
    this.#opened();
    yield* takenAway(engine);
  }

  *silence(): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || engine.handedOver) return;
    if (engine.pending?.agreed) {
      engine.turn += 1;
      return yield* stillUnproven(engine, engine.pending.agreed);
    }
    const count = ++this.#silences;
    engine.turn += 1;
    engine.voice.said = [];
    yield* recover(engine);
    if (count === 1 && this.#isTooLong()) yield* this.#timeUp();
    else if (count === 1 && questionIsOld(engine)) yield* giveUp(engine, 'a question took too long');
    else if (count === 1) {
      engine.voice.lead(engine.voice.reply('silence'));
      yield* engine.resume();
    } else if (count === 2) yield* offerPerson(engine, 'silence');
    else {
      yield* engine.voice.say('farewell', engine.voice.reply('farewell'));
      yield* end(engine, 'silence');
    }
  }

  *fault(_code: string): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended) return;
    engine.turn += 1;
    engine.voice.said = [];
    yield* engine.voice.say('apology', engine.voice.reply('fault'));
    yield* recover(engine);
    yield* engine.resume();
  }

  #opened(): void {
    this.#silences = 0;
    this.#engine.turn += 1;
    this.#engine.voice.said = [];
    this.#engine.handedOver = false;
  }

  /** What was proposed may still be answered: the person is not sent away with money half on its way. */
  #isTooLong(): boolean {
    const { desk, clock, pending } = this.#engine;
    const { conversationMinutes } = desk.pack.desk.timeLimits;
    return pending === null && clock.monotonicMs() - this.#begunMs > conversationMinutes * 60_000;
  }

  #isUrgent(commands: readonly Command[]): boolean {
    return commands.some(
      (command) => command.command === 'startFlow' && this.#engine.flow(command.flow)?.takesOver === true,
    );
  }

  /** A person is called; whoever talks on to the machine hears goodbye. */
  *#timeUp(): Acts {
    const engine = this.#engine;
    if (this.#timeIsUp) {
      yield* engine.voice.say('farewell', engine.voice.reply('farewell'));
      return yield* end(engine, 'time limit');
    }
    this.#timeIsUp = true;
    engine.voice.lead(engine.voice.reply('timeUp'));
    yield* handOff(engine, 'the conversation took too long', false);
  }
}
