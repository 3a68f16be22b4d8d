import type { Json } from '../base/index.ts';
import type { CallOutcome, Proposal } from '../tools/index.ts';

/** What is expected of the person now; the grammar narrows to it, and the two-way door stays open (help, cancel, …). */
export type Expectation =
  /** Anything the desk can do. */
  | {
      readonly kind: 'open';
      /** What was done last, for "and the other account?". */
      readonly last?: LastFlow;
      /** The flows of the question "do you want … or …?" that was just asked, in its order. */
      readonly between?: readonly string[];
      /** Whether there is more to do was asked, or may be told: a yes and a no answer that. Else they answer nothing. */
      readonly more?: true;
    }
  /** An answer for one slot of a flow; other slots of the flow may come along. */
  | { readonly kind: 'slot'; readonly flow: string; readonly slot: string }
  /** Yes or no, to something about to be done or just heard. */
  | { readonly kind: 'yesNo'; readonly flow: string };

/** The flow that was carried to its end last, with what it was told (no sensitive values). */
export interface LastFlow {
  readonly flow: string;
  readonly slots: Readonly<Record<string, string>>;
}

/** One thing a sentence asks for. The only vocabulary that understanding (built-in or a model) has. */
export type Command =
  | { readonly command: 'startFlow'; readonly flow: string }
  | {
      readonly command: 'setSlot';
      readonly slot: string;
      readonly value: string;
      readonly confidence: number;
    }
  /** "no, the second of May": replaces a value already given. `slot` empty: the one asked or given last of that type. */
  | {
      readonly command: 'correctSlot';
      readonly slot: string;
      readonly value: string;
      readonly confidence: number;
    }
  | { readonly command: 'affirm' }
  | { readonly command: 'deny' }
  | { readonly command: 'cancel' }
  | { readonly command: 'help' }
  | { readonly command: 'repeat' }
  | { readonly command: 'askKnowledge'; readonly question: string }
  | { readonly command: 'handOff' }
  /** More than one flow fits; ask which. */
  | { readonly command: 'clarify'; readonly flows: readonly string[] }
  | { readonly command: 'outOfScope' };

/** What a sentence means, given what was expected. */
export interface Understanding {
  readonly text: string;
  readonly inScope: boolean;
  /** The flow started or continued; null when none. */
  readonly flow: string | null;
  /** Normalised values by slot name (`amount` "120.50", `date` "2026-05-02", `time` "14:30", choices by key). */
  readonly slots: Readonly<Record<string, string>>;
  /** 0..1. */
  readonly confidence: number;
  readonly commands: readonly Command[];
  /** True when nothing can follow: the answer is complete, so the endpoint may come early. */
  readonly complete: boolean;
  /**
   * How much more could be said in the same sentence, where a phrase of the pack tells that: one for each value, two for
   * one that the flow needs, one for words alone.
   */
  readonly further?: number;
  /** Where in `text` a slot's value was said, by slot name: characters from `start` to before `end`. */
  readonly said?: Readonly<Record<string, { readonly start: number; readonly end: number }>>;
  /**
   * What else the sentence asks for, in the order in which it was said, each part as if it stood alone: "block my card
   * and what are your opening hours". Only where every part was well understood by itself.
   */
  readonly then?: readonly Understanding[];
}

/** One utterance of the person, however it came in. */
export interface Heard {
  readonly text: string;
  readonly via: 'voice' | 'typed';
  /** 0..1; typed input is 1. */
  readonly confidence: number;
  readonly understanding: Understanding;
}

export type SayKind =
  | 'disclosure'
  | 'greeting'
  | 'question'
  | 'confirmation'
  | 'answer'
  | 'clarification'
  | 'apology'
  | 'handOff'
  | 'farewell';

/** What the dialogue asks the conversation to do. Pure data: the conversation carries it out. */
export type DialogueAct =
  | {
      readonly act: 'say';
      readonly kind: SayKind;
      readonly text: string;
      /** Where an answer from knowledge comes from. */
      readonly source?: {
        readonly title: string;
        readonly file: string;
        readonly heading?: string;
        readonly page?: number;
      };
      /** The question that the answer is to, and the words of the page in `text`: a model may phrase them anew. */
      readonly quoted?: { readonly question: string; readonly words: string };
      /** Which of the pack's disclosures these words give. */
      readonly disclosureId?: string;
    }
  /** Put a tool call to the gateway. Answered with `Proposal`. */
  | { readonly act: 'propose'; readonly tool: string; readonly arguments: Readonly<Record<string, Json>> }
  /** Carry out what was proposed. Answered with `CallOutcome`. */
  | {
      readonly act: 'execute';
      readonly proposalId: string;
      readonly approvedBy: 'none' | 'voice' | 'typed' | 'screen';
      /** How surely the yes was heard, where it was not in this turn. */
      readonly confidence?: number;
    }
  | { readonly act: 'withdraw'; readonly proposalId: string }
  | { readonly act: 'handOff'; readonly reason: string; readonly urgent: boolean }
  | { readonly act: 'end'; readonly reason: string };

/** What the gateway answered to the act; undefined for acts that are not answered. */
export type ActResult = Proposal | CallOutcome | undefined;

/** One turn of the dialogue: a pure generator that never waits; the conversation feeds each act's result back. */
export type DialogueTurn = Generator<DialogueAct, void, ActResult>;

/** The state of one conversation's dialogue. */
export interface Dialogue {
  readonly expectation: Expectation;
  /** The proposal that waits for a yes or no, if one does. */
  readonly pendingProposal: string | null;
  /** Opening words: disclosures, then the greeting. */
  begin(): DialogueTurn;
  hear(heard: Heard): DialogueTurn;
  /** Approve or refuse from the screen; as if the person had said yes or no. */
  decide(decision: 'approve' | 'refuse'): DialogueTurn;
  /** The further check that the pending proposal takes was made on the screen. */
  proven(): DialogueTurn;
  /** The pending proposal was taken away by the gateway: nobody can make its check any more. */
  withdrawn(): DialogueTurn;
  /** Nothing was said for a while: reprompt, then offer a person, then end. */
  silence(): DialogueTurn;
  /** Something broke in the turn (an engine, a tool server): apologise and ask again. */
  fault(code: string): DialogueTurn;
  /** What the flow is doing, for screens: name and slots collected so far. */
  snapshot(): { readonly flow: string | null; readonly slots: Readonly<Record<string, string>> };
}
