import { scopeOf } from '../scope.ts';
import { choiceSlot } from './choice.ts';
import type { SlotType } from './slot-type.ts';

/** All forms of yes and of no, in the phrase syntax. They answer questions and confirm what is about to be done. */
export const YES_FORMS: readonly string[] = [
  '(/12/ yes|/4/ yeah|yep|yup|/2/ sure|/2/ okay|/2/ correct|right|absolutely|definitely|affirmative|exactly|certainly|indeed)',
  "(/4/ yes|yeah|yep) (/6/ please|sure|okay|correct|absolutely|definitely|exactly|ma'am|sir|it is|i do|i am|go ahead|do it|that's (right|correct|fine|it)|that is (right|correct|fine))",
  "(that's|that is|that sounds|sounds) (right|correct|fine|good|okay|it|great|perfect)",
  '(go ahead|do it|please do|of course|sounds good|go for it|all right|alright|fine|perfect|you bet|why not|by all means|i do|i am|it is|i would|i confirm|confirm|confirmed|approve|proceed)',
  '(uh huh|mm hmm)',
];
export const NO_FORMS: readonly string[] = [
  '(/12/ no|/2/ nope|nah|negative|never|incorrect|wrong) [/0.04/ no|/0.02/ wrong|/0.02/ incorrect|/0.02/ never]',
  "(/4/ no|nope) (/3/ thanks|/3/ thank you|please don't|don't|not now|not yet|way|i don't|i do not|it isn't|it's not|that's (wrong|not right|not correct|incorrect)|that is (wrong|not right|not correct)|it is not)",
  "(that's|that is|that isn't|that is not|it's|it is) (wrong|incorrect|not right|not correct|right not)",
  "(don't|do not|please don't|don't do (it|that)|do not do (it|that)|not (now|yet|really|at all|today|that)|i don't|i do not|i'd rather not|absolutely not|definitely not|of course not)",
];

export const yesNoSlot: SlotType = choiceSlot({ yes: YES_FORMS, no: NO_FORMS }, scopeOf([]));
