import {
  type ActResult,
  type CompiledDesk,
  type DialogueAct,
  deskWords,
  type Understander,
  type Understanding,
} from '../dialogue/index.ts';
import {
  type OwnWords,
  ownWords,
  type ReplyContext,
  type ScreenedReply,
  screenReply,
} from '../guard/index.ts';
import type { SubjectReference } from '../records/index.ts';
import { Told } from './told.ts';

type Say = Pick<Extract<DialogueAct, { act: 'say' }>, 'text' | 'source'>;

/**
 * The one door that every reply of a conversation passes before it is shown or spoken, whatever thought of it: pack, page,
 * tool or language model. It follows what may be told: the answers that were given, what tools returned about the subject
 * the conversation is about now, and the pages that are quoted. What the pack itself says word for word is known.
 */
export class ReplyDoor {
  readonly #desk: CompiledDesk;
  readonly #always: ReplyContext;
  readonly #own: OwnWords;
  readonly #told: Told;

  constructor(desk: CompiledDesk, model?: Pick<Understander, 'canary' | 'prompt'>) {
    const { tools, safety, desk: declared } = desk.pack;
    this.#desk = desk;
    this.#own = wordsOf(desk);
    this.#told = new Told(desk);
    this.#always = {
      tools: Object.keys(tools),
      forbidden: safety.topics.flatMap(({ words }) => words),
      packTypes: declared.sensitiveTypes,
      ...(model ? { canary: model.canary, prompt: rulesOf(model.prompt) } : {}),
    };
  }

  /** What was understood of the person: the values of its slots may be read back. */
  understood(understanding: Understanding, flow: string | null): void {
    this.#told.understood(understanding, flow);
  }

  /** Values that the dialogue works with now. */
  working(flow: string | null, slots: Readonly<Record<string, string>>): void {
    this.#told.slots(flow, slots);
  }

  /** Whom the conversation is about from now on. */
  about(subject: SubjectReference): void {
    this.#told.about(subject);
  }

  /** What the gateway answered to an act of the dialogue. */
  answered(act: DialogueAct, result: ActResult): void {
    this.#told.answered(act, result);
  }

  /** Judges a reply. */
  screen({ text, source }: Say): ScreenedReply {
    if (source) this.#told.quotes(source.file);
    const { grounds, others, pages } = this.#told;
    return screenReply(text, {
      ...this.#always,
      own: this.#own,
      grounds,
      others,
      promises: { allowed: this.#desk.pack.desk.mayPromise, quoted: pages },
    });
  }

  /** Words of the house that are not the pack's: its questions of consent, its farewells. Only secrets are held back. */
  screenOfHouse(text: string): ScreenedReply {
    const { canary, prompt, tools } = this.#always;
    return screenReply(text, {
      ...(tools ? { tools } : {}),
      ...(canary ? { canary } : {}),
      ...(prompt ? { prompt } : {}),
    });
  }
}

const OWN = new WeakMap<CompiledDesk, OwnWords>();

function wordsOf(desk: CompiledDesk): OwnWords {
  const own = OWN.get(desk) ?? ownWords(deskWords(desk));
  OWN.set(desk, own);
  return own;
}

/** The instructions without the lines on the desk's flows: in their words the desk says what it can do. */
function rulesOf(prompt: string): string {
  return prompt
    .split('\n')
    .filter((line) => !line.startsWith('- '))
    .join('\n');
}
