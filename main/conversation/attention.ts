import type { AgentState } from './events.ts';

/** Who does what at this moment. */
export interface Doings {
  readonly over: boolean;
  /** The conversation ends as soon as nothing more is said. */
  readonly ending: boolean;
  readonly hearing: boolean;
  readonly paused: boolean;
  readonly speaking: boolean;
  readonly thinking: boolean;
  /** Whether silence can be heard at all: it cannot where everything is typed. */
  readonly listening: boolean;
}

export interface AttentionListener {
  show(state: AgentState): void;
  /** Nobody has said or done anything for `silenceMs`. */
  silent(): void;
  /** Nothing more is to be said, and the conversation was ending. */
  done(): void;
}

/** Shows who does what, and when nobody does anything, waits for the person, or lets the conversation end. */
export class Attention {
  readonly #look: () => Doings;
  readonly #silenceMs: number;
  readonly #listener: AttentionListener;
  #state: AgentState | null = null;
  #silence: NodeJS.Timeout | null = null;

  constructor(look: () => Doings, silenceMs: number, listener: AttentionListener) {
    this.#look = look;
    this.#silenceMs = silenceMs;
    this.#listener = listener;
  }

  /** To be called whenever something changed. */
  settle(): void {
    const doings = this.#look();
    this.#show(stateOf(doings));
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = null;
    if (doings.over || doings.thinking || doings.speaking) return;
    if (doings.ending) this.#listener.done();
    else if (doings.listening && !doings.hearing) {
      this.#silence = setTimeout(() => this.#listener.silent(), this.#silenceMs);
    }
  }

  #show(state: AgentState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.show(state);
  }
}

function stateOf({ over, hearing, paused, speaking, thinking }: Doings): AgentState {
  if (over) return 'ended';
  if (hearing) return 'hearing';
  if (paused) return 'paused';
  if (speaking) return 'speaking';
  return thinking ? 'thinking' : 'listening';
}
