import type { Clock } from '../base/index.ts';
import type {
  ActResult,
  CompiledDesk,
  Dialogue,
  DialogueAct,
  DialogueTurn,
  Understander,
  Understanding,
} from '../dialogue/index.ts';
import { createScreen, type TranscriptScreen, type Verdict } from '../guard/index.ts';
import { asSureAsHeard, outsideTheGrammar } from './understood.ts';

/** Words that came in, with what the ears think of them. Screened for what no eye sees, not yet for what they ask. */
export interface Words {
  readonly text: string;
  readonly via: 'voice' | 'typed';
  /** 0..1; typed input is 1. */
  readonly confidence: number;
  readonly inGrammar: boolean;
  /** How sure the ears are of each word of `text`, 0..1; absent where it was typed. */
  readonly wordConfidences?: readonly number[];
}

/** Everything that can begin a turn of the dialogue. */
export type Input =
  | { readonly input: 'begin' }
  | ({ readonly input: 'words' } & Words)
  | { readonly input: 'decide'; readonly decision: 'approve' | 'refuse' }
  /** The further check on the pending proposal was made; or the gateway took the proposal away. */
  | { readonly input: 'proven' | 'withdrawn' }
  | { readonly input: 'silence' }
  | { readonly input: 'fault'; readonly code: string };

/** One act of a turn, and what the world answered to it; a turn that was broken off ends without an answer. */
export interface Step {
  readonly act: DialogueAct;
  result?: ActResult;
}

/** One turn, with all that is needed to run it again. */
export interface TurnTaken {
  /** Epoch ms, and the same on the clock that never goes back. */
  readonly at: number;
  readonly monotonicMs: number;
  readonly input: Input;
  /** What the words were taken to mean; null for other inputs. */
  readonly understanding: Understanding | null;
  /** A language model found it: run again, the words mean the same, for a model may not say the same twice. */
  readonly byModel?: true;
  readonly steps: Step[];
  /** Whether the turn ran to its end. */
  whole: boolean;
}

/** Turns kept for rehearsals and replays; no conversation at a desk is longer, and one that is goes on without them. */
const MOST_KEPT = 300;

/**
 * What thinks in one conversation: words in, acts out. Nothing here touches the world, hears or speaks: the acts are
 * carried out elsewhere and answered. Every turn is kept with its answers, so that the same mind can be made again.
 */
export class Mind {
  readonly desk: CompiledDesk;
  readonly #dialogue: Dialogue;
  readonly #clock: Clock;
  readonly #screen: TranscriptScreen;
  #verdict: Verdict | null = null;
  #turns: TurnTaken[] | null = [];

  constructor(desk: CompiledDesk, dialogue: Dialogue, clock: Clock) {
    this.desk = desk;
    this.#screen = createScreen({ tools: Object.keys(desk.pack.tools) });
    this.#dialogue = dialogue;
    this.#clock = clock;
  }

  get expectation(): Dialogue['expectation'] {
    return this.#dialogue.expectation;
  }

  get pendingProposal(): string | null {
    return this.#dialogue.pendingProposal;
  }

  snapshot(): ReturnType<Dialogue['snapshot']> {
    return this.#dialogue.snapshot();
  }

  /** The turns so far, for a rehearsal or a replay; null when there were too many to keep. */
  get turns(): readonly TurnTaken[] | null {
    return this.#turns;
  }

  /** What the guard said of the words that were understood last; null before any. */
  get verdict(): Verdict | null {
    return this.#verdict;
  }

  /** What words mean now. What the guard stops is not understood at all: it is answered as out of scope. */
  understand(words: Words): Understanding {
    const builtIn = this.#builtIn(words);
    return builtIn ? asSureAsHeard(builtIn, words) : outsideTheGrammar(words.text);
  }

  /** The same, with a language model asked where the desk itself is not sure. What the guard stops it never sees. */
  async understandWith(
    model: Understander,
    words: Words,
    signal: AbortSignal,
  ): Promise<{ readonly understanding: Understanding; readonly byModel: boolean }> {
    const builtIn = this.#builtIn(words);
    if (!builtIn) return { understanding: outsideTheGrammar(words.text), byModel: false };
    const { flow, slots } = this.snapshot();
    const situation = { expectation: this.expectation, flow, given: Object.keys(slots) };
    const better = await model.improve(builtIn, situation, signal);
    return { understanding: asSureAsHeard(better, words), byModel: better !== builtIn };
  }

  /** Null for what was said outside the grammar, and for what the guard stops. */
  #builtIn({ text, inGrammar }: Words): Understanding | null {
    this.#verdict = this.#screen.screen(text);
    if (!inGrammar || this.#verdict.verdict === 'block') return null;
    return this.desk.understand(text, this.#dialogue.expectation, this.#clock.now());
  }

  /** A turn that the person did not begin with words. */
  take(input: Exclude<Input, { input: 'words' }>): DialogueTurn {
    return this.#kept(input, null, begun(this.#dialogue, input));
  }

  /** A turn on words that were understood. */
  hear(words: Words, understanding: Understanding, byModel = false): DialogueTurn {
    const { text, via, confidence } = words;
    const turn = this.#dialogue.hear({ text, via, confidence, understanding });
    return this.#kept({ input: 'words', ...words }, understanding, turn, byModel);
  }

  *#kept(
    input: Input,
    understanding: Understanding | null,
    turn: DialogueTurn,
    byModel = false,
  ): DialogueTurn {
    const taken: TurnTaken = {
      at: this.#clock.now(),
      monotonicMs: this.#clock.monotonicMs(),
      input,
      understanding,
      ...(byModel ? { byModel } : {}),
      steps: [],
      whole: false,
    };
    if (this.#turns && this.#turns.push(taken) > MOST_KEPT) this.#turns = null;
    try {
      let result: ActResult;
      while (true) {
        const { value: act, done } = turn.next(result);
        taken.whole = done === true;
        if (done) return;
        const step: Step = { act };
        taken.steps.push(step);
        result = yield act;
        if (result !== undefined) step.result = result;
      }
    } finally {
      // Broken off outside, it is broken off inside too.
      if (!taken.whole) turn.return();
    }
  }
}

function begun(dialogue: Dialogue, input: Exclude<Input, { input: 'words' }>): DialogueTurn {
  switch (input.input) {
    case 'begin':
      return dialogue.begin();
    case 'decide':
      return dialogue.decide(input.decision);
    case 'proven':
      return dialogue.proven();
    case 'withdrawn':
      return dialogue.withdrawn();
    case 'silence':
      return dialogue.silence();
    case 'fault':
      return dialogue.fault(input.code);
  }
}
