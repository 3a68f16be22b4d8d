/** A disclosure or a question on its way to the person. */
export interface Disclosure {
  readonly id: string;
  /** What must have been heard. */
  readonly text: string;
  /** A question is asked again by who asked it; a disclosure is owed until it was heard. */
  readonly question?: boolean;
}

/**
 * What must be disclosed, until it was: a disclosure counts as given when all of it was heard. One that was talked
 * over is said once more before each reply until it was; it stays on the screen all the time.
 */
export class Disclosures {
  readonly #given: (disclosure: Disclosure) => void;
  #saying: Disclosure[] = [];
  #owed: Disclosure[] = [];

  constructor(given: (disclosure: Disclosure) => void) {
    this.#given = given;
  }

  /** It is being said. */
  say(disclosure: Disclosure): void {
    this.#saying.push(disclosure);
  }

  /** What the person has heard of the reply that is over. */
  heard(text: string): void {
    const said = this.#saying;
    this.#saying = [];
    for (const disclosure of said) {
      if (text.includes(disclosure.text)) this.#given(disclosure);
      else if (!disclosure.question) this.#owed.push(disclosure);
    }
  }

  /** What is to be said again now. */
  takeOwed(): readonly Disclosure[] {
    const owed = this.#owed;
    this.#owed = [];
    return owed;
  }
}
