import type { DeskDeclaration, SlotDeclaration } from '../pack/schema.ts';

export type ReplyName = keyof DeskDeclaration['replies'];

/** What the agent says where the desk does not say otherwise. */
const BUILT_IN: Readonly<Record<ReplyName, readonly string[]>> = {
  help: [
    'I can {abilities}. What would you like to do?',
    'Here is what I can do: {abilities}. What would you like?',
  ],
  outOfScope: [
    'I cannot help with that here.',
    'I am afraid that is not something I can do. I can {abilities}.',
  ],
  notUnderstood: ['Sorry, I did not get that.', 'I am sorry, I did not understand.'],
  cancelled: ['All right, I have stopped. Nothing more was done.', 'I have cancelled that.'],
  nothingToCancel: ['There is nothing to cancel. How can I help?'],
  anythingElse: ['Is there anything else I can do for you?', 'Can I help with anything else?'],
  unknownAnswer: ['I do not know the answer to that.', 'I am sorry, I have no information on that.'],
  fault: ['I am sorry, something went wrong on my side.', 'I apologise, that did not work as it should.'],
  silence: ['Are you still there?', 'I am still here.'],
  farewell: ['Thank you. Goodbye.', 'Goodbye, and thank you.'],
  cannot: ['I cannot {cannot}. For that I can get {handOff}.'],
  takesLong: ['This is taking a while.'],
  timeUp: ['We have talked for a long time, so I would rather get {handOff} for you now.'],
};

/** What the dialogue says between the lines of a flow. */
export const BETWEEN = {
  offerPerson: ['I am still having trouble. Shall I get {handOff}?', 'Would you like me to get {handOff}?'],
  /** After words that said why. */
  offerPersonThen: ['Shall I get {handOff}?', 'Would you like me to get {handOff}?'],
  offerPersonAfterSilence: ['I cannot hear you. Shall I get {handOff}?'],
  back: ['Back to your request to {what}.', 'Now, back to your request to {what}.'],
  next: ['Now I will {what}.', 'Next I will {what}.'],
  after: ['After that I will {what}.', 'Then I will {what}.'],
  readBack: ['I heard {what}. Is that right?', 'That is {what}, correct?'],
  sayAgain: ['Please say it once more, so that I have it right.'],
  notTheSame: ['Those two were not the same.'],
  changed: ['All right, {new} instead of {old}.', 'I have changed {old} to {new}.'],
  changedSensitive: ['All right, I have changed that.'],
  onScreen: ['Please confirm that on the screen.', 'This one needs to be confirmed on the screen, please.'],
  unsureYes: ['I was not sure I heard a yes.', 'I did not hear that clearly.'],
  /** After a yes that does not suffice. */
  awaitsCode: [
    'Thank you. Before I do it, {handOff} has to enter a one-time code on the screen. One moment please.',
  ],
  awaitsPerson: [
    'Thank you. Before I do it, a second person has to sign for it on the screen. One moment please.',
  ],
  stillWaits: ['I am waiting for the check on the screen. You can also say cancel.'],
  checkDone: ['Thank you, the check is done.'],
  checkTooLate: ['The check did not come in time, so I have not done it. I am sorry about that.'],
  checkFailed: ['That could not be confirmed, so I have not done it. I am sorry about that.'],
  yesOrNo: ['Please say yes or no.', 'A yes or a no will do.'],
  whatToChange: ['All right, I have not done it. What should I change? You can also say cancel.'],
  stillWhatToChange: ['Tell me what should be different, or say cancel.'],
  goAhead: ['What would you like to do?', 'Please go ahead.'],
  clarify: ['Shall I {what}?', 'Do you want me to {what}?'],
  sorry: ['Sorry about that.', 'My mistake.'],
  unknownOutcome: [
    'I cannot tell whether that was done. Please have {handOff} check before it is tried again.',
  ],
} as const;

/** A second question that says what kind of answer would be understood. */
export function hintFor(slot: SlotDeclaration, options: readonly string[]): string {
  const [kind] = slot.type.split('(');
  switch (kind) {
    case 'amount':
      return 'Please say only the amount, for example, fifty dollars.';
    case 'date':
      return 'Please say only the day, for example, the second of May, or tomorrow.';
    case 'time':
      return 'Please say only the time, for example, half past two.';
    case 'phone':
    case 'digits':
      return 'Please say the digits one by one.';
    case 'spelled':
      return 'Please spell it, letter by letter.';
    case 'yesNo':
      return 'Please say yes or no.';
    case 'choice':
      return options.length > 0 && options.length <= 6 ? `You can say ${orList(options)}.` : '';
    default:
      return 'Please say it in other words.';
  }
}

export function repliesOf(desk: DeskDeclaration, name: ReplyName): readonly string[] {
  const own = desk.replies[name];
  return own === undefined ? BUILT_IN[name] : listOf(own);
}

export function listOf(wording: string | readonly string[]): readonly string[] {
  return typeof wording === 'string' ? [wording] : wording;
}

/** Takes one wording after the other, each list on its own: the same conversation is always said the same way. */
export function rotating(): (wordings: readonly string[]) => string {
  const used = new Map<string, number>();
  return (wordings) => {
    const key = wordings.join('\n');
    const turn = used.get(key) ?? 0;
    used.set(key, turn + 1);
    return wordings[turn % wordings.length] ?? '';
  };
}

function orList(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
