import type { Clock } from '../base/index.ts';
import type { DialogueAct } from '../dialogue/index.ts';
import type { ScreenedReply, Verdict } from '../guard/index.ts';
import { Disclosures } from './disclosures.ts';
import type { EventBody } from './event-stream.ts';
import type { Floor } from './floor.ts';
import type { ReplyDoor } from './reply-door.ts';
import type { TurnTimes } from './turn-times.ts';

export interface RepliesOptions {
  /** Null where replies are only shown. */
  readonly floor: Floor | null;
  readonly clock: Clock;
  readonly door: ReplyDoor;
  /** A reply was withheld. */
  withheld(verdict: Verdict): void;
  emit(event: EventBody): void;
  /** All of a disclosure, or of a question of consent, was heard. */
  disclosed(id: string, text: string, kind: 'disclosure' | 'question'): void;
  /** The reply of this turn is over, heard so far. */
  heard(turn: number, text: string, interrupted: boolean): void;
}

type Say = Extract<DialogueAct, { act: 'say' }>;

/** What the agent says: screened, shown, spoken, timed, and followed until it was heard. */
export class Replies {
  readonly #options: RepliesOptions;
  readonly #disclosures: Disclosures;
  /** The turn whose reply is being spoken. */
  #spokenTurn = 0;
  #times: TurnTimes | null = null;

  constructor(options: RepliesOptions) {
    this.#options = options;
    this.#disclosures = new Disclosures(({ id, text, question }) =>
      options.disclosed(id, text, question ? 'question' : 'disclosure'),
    );
  }

  /** A turn begins: its reply is timed by these, or not at all. */
  begin(times: TurnTimes | null): void {
    this.#times = times;
  }

  say(turn: number, act: Say): void {
    this.#say(turn, act, this.#options.door.screen(act));
  }

  /** Says words of the house that are not the pack's: consent, farewells. */
  sayOfHouse(turn: number, act: Say): void {
    this.#say(turn, act, this.#options.door.screenOfHouse(act.text));
  }

  #say(turn: number, act: Say, screened: ScreenedReply): void {
    const { floor, clock, emit, withheld } = this.#options;
    const { text } = screened;
    if (screened.verdict === 'block') withheld(screened);
    if (text.length === 0) return;
    if (act.disclosureId) this.#disclosures.say({ id: act.disclosureId, text });
    this.#times?.replied(clock.now());
    emit({ type: 'reply', kind: act.kind, text, source: act.source ?? null });
    if (!floor?.speaking) this.#spokenTurn = turn;
    if (floor) floor.say(text);
    else {
      this.sounded(false);
      this.spoken(text, false);
    }
  }

  /** Asks a question of consent: what must be heard of it is all up to its question mark. */
  ask(turn: number, id: string, text: string): void {
    const spoken = this.#options.door.screenOfHouse(text).text;
    const asked = spoken.slice(0, spoken.indexOf('?') + 1) || spoken;
    this.#disclosures.say({ id, text: asked, question: true });
    this.sayOfHouse(turn, { act: 'say', kind: 'question', text });
  }

  /** Says once more what must be disclosed and was talked over. */
  sayOwed(turn: number): void {
    for (const { id, text } of this.#disclosures.takeOwed()) {
      this.sayOfHouse(turn, { act: 'say', kind: 'disclosure', text, disclosureId: id });
    }
  }

  /** The first sound of a reply, or the sight of it where nothing is spoken. */
  sounded(audible: boolean): void {
    const timing = this.#times?.sounded(this.#options.clock.now(), audible);
    if (timing) this.#options.emit(timing);
  }

  /** A reply is over, as far as the person heard it. */
  spoken(heard: string, interrupted: boolean): void {
    this.#options.emit({ type: 'heard', text: heard, interrupted });
    this.#disclosures.heard(heard);
    this.#options.heard(this.#spokenTurn, heard, interrupted);
  }
}
