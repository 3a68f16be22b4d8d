/** Words for the situations in which a person needs a person: what a pack adopts when it declares one. */
import type { DeskDeclaration } from './schema.ts';

export type SituationKind = keyof DeskDeclaration['situations'];

interface Words {
  readonly phrases: readonly string[];
  /** Whole sentences, for understanding only. */
  readonly examples: readonly string[];
}

const SOMEBODY = '(he|she|somebody|someone|my wife|my husband|my child|my baby|my mother|my father)';

export const SITUATION_WORDS: Readonly<Record<SituationKind, Words>> = {
  emergency: {
    phrases: [
      "[this is|it is|it's] an emergency",
      'emergency',
      "i (can't|cannot|can not) breathe",
      `${SOMEBODY} (can't|cannot|is not|isn't) (breathe|breathing)`,
      "(i have|i am having|i'm having|i've got) [a] [strong|bad|terrible] chest (pain|pains)",
      "[i think] (i am|i'm) having a (heart attack|stroke)",
      `${SOMEBODY} is having a (heart attack|stroke|seizure)`,
      `${SOMEBODY} (collapsed|fainted|is unconscious|passed out|is choking|is bleeding)`,
      "(i am|i'm) (bleeding|choking) [badly]",
      '[i need an] ambulance',
      'call (an ambulance|nine one one|nine eleven|the fire department)',
      'there is a fire',
    ],
    examples: ['My left arm hurts and I feel a pressure on my chest', 'There is smoke coming from the back'],
  },
  distress: {
    phrases: [
      'i (want|am going|plan) to (kill|hurt) myself',
      '(i want to die|i want to end my life|i want to end it all)',
      "i (don't|do not) want to (live|be alive) [anymore|any more]",
      "i (can't|cannot|can not) (take it|go on|do this) (anymore|any more)",
      '(i took|he took|she took) (too many pills|an overdose)',
      "(i am|i'm) having a panic attack",
      "i (don't|do not) feel safe [at home]",
      '(my husband|my wife|my partner|my boyfriend|somebody|someone) (hits me|is hurting me|beats me)',
    ],
    examples: ['I do not want to be alive any more', 'Everybody would be better off without me'],
  },
  threat: {
    phrases: [
      '(he|she|somebody|someone|that man) has a (gun|knife|weapon|bomb)',
      '(i have|i got) a (gun|knife|bomb)',
      'there is a bomb',
      "(i am|i'm) going to (kill|shoot|hurt) (you|somebody|someone|everybody|everyone)",
      '(this is|it is) a (robbery|hold up)',
      '(somebody|someone|he|she) is threatening me',
      'call (the police|security)',
    ],
    examples: [
      'A man out there is waving a knife around',
      'You will all be sorry when I come back with my gun',
    ],
  },
  fraud: {
    phrases: [
      "(i have been|i've been|i was|i got) (scammed|hacked|tricked|robbed)",
      "i think (i have been|i've been|i was|i am being|i'm being) (scammed|hacked|tricked)",
      '(somebody|someone) (called|wrote) [me] and told me to (move|send|transfer|pay) [my|some] money',
      '(somebody|someone) [on the phone] (wants|told) me to (buy|get) gift cards',
      'i gave (somebody|someone) my (password|phone code|card number|pin)',
      '(somebody|someone) (is pretending|pretended) to be me',
      '(somebody|someone) stole my identity',
    ],
    examples: [
      'A man says he is from the bank and wants me to transfer everything',
      'I let a caller onto my computer and now I am worried about my account',
    ],
  },
};
