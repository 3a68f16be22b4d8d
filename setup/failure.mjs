/** A failure the person can do something about: what went wrong, and the next step. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {string} nextStep
   */
  constructor(message, nextStep) {
    super(message);
    this.nextStep = nextStep;
  }
}
