/** What may be said at any time, whatever the desk does, and the small words around everything. */
import type { Expectation } from '../acts.ts';
import { NO_FORMS, YES_FORMS } from './slots/yes-no.ts';

/** Standing phrases by what they ask for. `courtesy` asks for nothing. */
export type StandingMeaning =
  | 'cancel'
  | 'help'
  | 'repeat'
  | 'handOff'
  | 'courtesy'
  | 'farewell'
  | 'yes'
  | 'no';

export const STANDING: Readonly<Record<StandingMeaning, readonly string[]>> = {
  cancel: [
    '(cancel|stop|quit|abort) [(that|this|it|please|everything)]',
    '(never mind|nevermind|forget (it|that|about it)|start over|scratch that|leave it|drop it)',
    "(i changed my mind|i've changed my mind|i don't want (to|that|this|it) [(any more|anymore)])",
  ],
  help: [
    'help [me]',
    'what can (you|i) (do|say|ask) [(for me|here)]',
    'what (do you do|are my options|are the options|else can you do)',
    '(how can you help|how does this work|i need help|can you help me|what are you able to do)',
  ],
  repeat: [
    '(repeat|repeat that|repeat it|say that again|say it again|come again|once more|one more time|pardon|pardon me)',
    '(what did you say|what was that|can you repeat that|could you repeat that|can you say that again|could you say that again|sorry what|excuse me what)',
    "(i didn't (hear|catch|get|understand) (that|you)|what)",
  ],
  handOff: [
    '[(i want|i need|can i|could i|let me|may i|i would like|get me)] [to] (speak|talk) (to|with) (a person|someone|somebody|a human|a real person|an agent|a representative|a human being|a member of staff|staff)',
    '[a] (human|real person|representative|operator|real human|live agent|live person|member of staff)',
    '(get|give|find|fetch) me (a person|someone|a human|a real person|an agent)',
    '(transfer|connect|put) me (to|through to|with) (a person|someone|a human|an agent|a representative|staff|an operator)',
  ],
  courtesy: [
    '(hello|hi|hey|good morning|good afternoon|good evening|greetings) [there]',
    '(thanks|thank you) [(so much|very much|a lot)]',
    '(how are you|nice to meet you)',
  ],
  farewell: [
    '(goodbye|bye|bye bye|good bye|see you|see you later|have a (nice|good) day)',
    "[no] (that's all|that is all|that's it|that is it|that will be all|that'll be all|nothing else|nothing more|i'm done|i am done|that's everything|that is everything|i'm good|i'm all set) [(thanks|thank you|for now|for today)]",
    'no (thanks|thank you) [(goodbye|bye|that is all)]',
    'nothing',
  ],
  yes: YES_FORMS,
  no: NO_FORMS,
};

/** How often they are said when this is expected, relative to each other. Emergencies and people come first. */
export const STANDING_WEIGHTS: Readonly<
  Record<Expectation['kind'], Readonly<Record<StandingMeaning, number>>>
> = {
  open: { cancel: 0.5, help: 1, repeat: 0.5, handOff: 1, courtesy: 0.5, farewell: 1, yes: 0.2, no: 0.2 },
  slot: { cancel: 1, help: 0.5, repeat: 1, handOff: 1, courtesy: 0.1, farewell: 0.1, yes: 0.1, no: 0.1 },
  yesNo: { cancel: 0.5, help: 0.1, repeat: 0.3, handOff: 0.3, courtesy: 0.05, farewell: 0.2, yes: 4, no: 3 },
};

/** Sounds of thinking: free of meaning anywhere. */
export const HESITATIONS: readonly string[] = ['uh', 'um', 'er', 'erm', 'hmm', 'ah', 'mm', 'uhm', 'eh'];

/** What people put in front of what they ask for. Heard at the start only. */
export const LEADS: readonly string[] = [
  '(hi|hello|hey|good morning|good afternoon) [there]',
  '(please|okay|so|well|yes|yeah)',
  "(i'd like to|i want to|i need to|i would like to|i'm calling to|i'd like|i want|i need)",
  '(can you|could you|can i|could i|would you|may i) [please]',
];
export const TAILS: readonly string[] = ['(please|thanks|thank you|if you can|now|today)'];

/** Words that may stand around a known phrase without changing it; understanding passes over them cheaply. */
export const PASSING: ReadonlySet<string> = new Set(
  'a an the my our your this that it is i we would like to want need can could you may please just so well okay hi hello hey there good morning afternoon evening thanks thank yes yeah me us for of on at in by with and be will do have get some am was let now then actually really very much sir madam today also too if go ahead give us about think guess maybe probably perhaps say mean exactly only believe kindly exact'.split(
    ' ',
  ),
);
/** Words that turn a sentence round: passing over them is dear. */
export const TURNING: ReadonlySet<string> = new Set([
  'not',
  'no',
  'never',
  'without',
  'except',
  "n't",
  'unless',
  'nobody',
  'stop',
  'ignore',
]);

/**
 * Words that belong to a value. One left over means that the value was misread ("february thirtieth", five digits
 * where four are asked for): passing over them is dear too.
 */
export const VALUE_WORDS: ReadonlySet<string> = new Set(
  'zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion point double triple half quarter january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday tomorrow dollars cents'.split(
    ' ',
  ),
);

/** Frames around an answer. */
export const ANSWER_LEADS: readonly string[] = [
  "(it's|it is|that's|that is|that would be|i think|i think it's|make it|let's say|let us say|say)",
];
/** Small words before the value, by kind of slot: numbers have none, for "to" and "for" are numbers to the ear. */
export const ANSWER_PREPOSITIONS: Readonly<Record<string, string>> = {
  choice: '(/3/ the|/3/ my|/2/ a|an|/0.5/ to|/0.5/ from|/0.5/ for|/0.5/ in|/0.5/ by)',
  date: '(/3/ on|for|/0.5/ maybe|/0.5/ by)',
  time: '(/3/ at|around|about|/0.3/ by)',
  amount: '(about|around)',
};
/** What begins a correction: "no, the second of May". */
export const CORRECTION_LEADS: readonly string[] = [
  "(no|nope|sorry|actually|wait|no wait|no sorry|oh sorry|oops) [(i meant|i mean|i said|make it|make that|it is|it's|it should be|change it to|change that to|that should be)]",
  '(i meant|i mean|i said|make it|make that|change it to|change that to|change to|it should be|that should be|not that|rather|instead)',
];
export const SELF_CORRECTION: readonly string[] = [
  '(no|sorry|i mean|no i mean|no sorry|wait no|make that|or rather|actually)',
];
