import type { ActResult, DialogueAct, SayKind } from '../acts.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { fillWording } from './fill.ts';
import type { Frame } from './frame.ts';
import { type ReplyName, repliesOf } from './wordings.ts';

export type Acts = Generator<DialogueAct, void, ActResult>;

/** Finds the words: which wording, filled with what, after which lead. */
export class Voice {
  /** What was said in this turn, for "say that again". */
  said: { readonly kind: SayKind; readonly text: string }[] = [];
  readonly #desk: CompiledDesk;
  readonly #choose: (wordings: readonly string[]) => string;
  readonly #frame: () => Frame | null;
  /** Words that go before the next sentence. */
  #lead: string[] = [];

  constructor(
    desk: CompiledDesk,
    choose: (wordings: readonly string[]) => string,
    frame: () => Frame | null,
  ) {
    this.#desk = desk;
    this.#choose = choose;
    this.#frame = frame;
  }

  *say(kind: SayKind, text: string, source?: { title: string; file: string }): Acts {
    const whole = [...this.#lead, text].filter((part) => part !== '').join(' ');
    this.#lead = [];
    if (whole === '') return;
    this.said.push({ kind, text: whole });
    yield source ? { act: 'say', kind, text: whole, source } : { act: 'say', kind, text: whole };
  }

  /** Says what was led up to and not said yet. */
  *flush(): Acts {
    yield* this.say('clarification', '');
  }

  lead(text: string): void {
    this.#lead.push(text);
  }

  reply(name: ReplyName): string {
    return this.words(repliesOf(this.#desk.pack.desk, name));
  }

  words(wordings: readonly string[], extra: Readonly<Record<string, string>> = {}): string {
    let text = this.#choose(wordings);
    // Extra words are put in last and not filled again: what was heard is not a template.
    const held = Object.entries(extra);
    for (const [index, [name]] of held.entries()) text = text.replaceAll(`{${name}}`, `\u0000${index}\u0000`);
    text = fillWording(this.#desk, this.#frame(), text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL marks the places; no wording holds one
    return text.replace(/\u0000(\d+)\u0000/g, (_, index: string) => held[Number(index)]?.[1] ?? '');
  }
}
