import type { LimitAction, LimitRule, Measure, SubjectKind } from './rules.ts';

/** Who and what an event is about, as far as it is known. */
export interface Who {
  readonly conversationId?: string | null;
  readonly memberId?: string | null;
  /** Where it comes from on the network. */
  readonly address?: string | null;
  /** The sound device or the window. */
  readonly device?: string | null;
  readonly tool?: string | null;
  readonly deskId?: string | null;
}

/** What the sentinel is told of. */
export type WatchedEvent = Who &
  (
    | { readonly happened: 'conversationBegan' }
    | { readonly happened: 'conversationEnded' }
    | {
        readonly happened: 'turn';
        readonly inScope: boolean;
        /** What the screen of transcripts found in it. */
        readonly verdict: 'pass' | 'flag' | 'block';
      }
    /** `amount`: what it is about, in the currency of the desk; null where it is about none. */
    | { readonly happened: 'toolCall'; readonly risk: string; readonly amount: number | null }
    | { readonly happened: 'toolRefusal' }
    | { readonly happened: 'signIn' }
    | { readonly happened: 'signInFailure' }
    | { readonly happened: 'recordRead' }
    | { readonly happened: 'request' }
  );

/** What a rule found, and what is to be done about it. */
export interface LimitDecision {
  readonly at: number;
  readonly rule: string;
  readonly does: readonly LimitAction[];
  readonly who: Who;
  readonly per: SubjectKind;
  readonly measured: number;
  readonly most: number;
  /** The entry of the log that tells of it. */
  readonly seq: number;
}

/** A rule in force, and how near somebody is to it at this moment. */
export interface RuleState {
  readonly rule: LimitRule;
  /** The rule of this id that Sotto comes with; null for the site's own. */
  readonly usual: LimitRule | null;
  /** The most that is measured now, and for whom; null where nothing is, or where it shows only in the event itself. */
  readonly now: { readonly measured: number; readonly per: SubjectKind; readonly id: string | null } | null;
  /** For rules of the baseline: how many of the hours that it takes are there. */
  readonly learned: { readonly have: number; readonly need: number } | null;
  /** For how many it spoke in the last week. */
  readonly fired: number;
  readonly lastAt: number | null;
}

/** What an event counts as. */
export function measuresOf(event: WatchedEvent): readonly Measure[] {
  switch (event.happened) {
    case 'conversationBegan':
      return ['conversation'];
    case 'conversationEnded':
      return [];
    case 'turn':
      return [
        'turn',
        ...(event.inScope ? [] : (['outOfScope'] as const)),
        ...(event.verdict === 'pass' ? [] : (['probe'] as const)),
      ];
    case 'toolCall':
      return event.risk === 'money' ? ['toolCall', 'moneyCall'] : ['toolCall'];
    default:
      return [event.happened];
  }
}
