/** A disclosure on its way to the person. */
export interface Disclosure {
  readonly id: string;
  readonly text: string;
}

/**
 * What must be disclosed, until it was: a disclosure counts as given when all of it was heard. One that was talked
 * over is said once more, before the next reply; it stays on the screen all the time.
 */
export class Disclosures {
  readonly #given: (disclosure: Disclosure) => void;
  #saying: Disclosure[] = [];
  #owed: Disclosure[] = [];
  readonly #repeated = new Set<string>();

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
      else if (!this.#repeated.has(disclosure.id)) this.#owed.push(disclosure);
    }
  }

  /** What is to be said again now. */
  takeOwed(): readonly Disclosure[] {
    const owed = this.#owed;
    this.#owed = [];
    for (const { id } of owed) this.#repeated.add(id);
    return owed;
  }
}
