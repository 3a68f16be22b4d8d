/**
 * What the Desk shows of a conversation, as a function of the events so far. No screen, no clock, no connection.
 */
import type { ConversationEvent } from '../../main/api/contract.ts';

export type AgentState = Extract<ConversationEvent, { type: 'state' }>['state'];
export type ToolOutcome = Extract<ConversationEvent, { type: 'toolAnswered' }>['outcome'];

export type TranscriptEntry = { readonly key: number; readonly at: number; readonly turn: number } & (
  | {
      readonly who: 'person';
      readonly text: string;
      readonly via: 'voice' | 'typed';
      /** False when the words were outside of what the desk listens for. */
      readonly inGrammar: boolean;
    }
  | {
      readonly who: 'agent';
      readonly kind: string;
      readonly text: string;
      readonly source: Extract<ConversationEvent, { type: 'reply' }>['source'];
      /** What was heard before the agent was interrupted; null when it was not. */
      readonly heardBeforeCut: string | null;
    }
  | {
      readonly who: 'tool';
      readonly proposalId: string;
      readonly tool: string;
      readonly risk: string;
      /** `running` until it answered. */
      readonly outcome: ToolOutcome | 'running' | 'withdrawn';
      readonly tookMs: number | null;
    }
);

export interface Proposal {
  readonly proposalId: string;
  readonly tool: string;
  readonly risk: string;
  readonly text: string;
  readonly needs: 'spoken' | 'screen';
  /** The further check that it asks for, until it was made. */
  readonly stepUp: 'none' | 'code' | 'secondPerson';
  /** What was pressed, until the appliance acted on it. */
  readonly decided: 'approve' | 'refuse' | null;
}

export interface Notice {
  readonly key: number;
  readonly code: string;
  readonly message: string;
}

export interface ConversationView {
  readonly state: AgentState;
  readonly transcript: readonly TranscriptEntry[];
  /** Words as they are being recognised; empty when nobody speaks. */
  readonly partial: string;
  readonly flow: string | null;
  readonly slots: Readonly<Record<string, string>>;
  readonly proposal: Proposal | null;
  readonly handOff: { readonly reason: string; readonly to: string; readonly urgent: boolean } | null;
  readonly notices: readonly Notice[];
  /** Of the last turn, from end of speech to first sound. */
  readonly answeredInMs: number | null;
  readonly endedBecause: string | null;
  readonly nextKey: number;
}

export type ConversationAction =
  | ConversationEvent
  | { readonly type: 'decided'; readonly proposalId: string; readonly decision: 'approve' | 'refuse' }
  | { readonly type: 'undecided'; readonly proposalId: string }
  | { readonly type: 'steppedUp'; readonly proposalId: string }
  | { readonly type: 'dismiss'; readonly key: number }
  /** A notice of the window itself: the microphone, the connection. */
  | { readonly type: 'tell'; readonly code: string; readonly message: string };

/** More than a long conversation has; the record keeps everything, the window keeps the end. */
const MOST_ENTRIES = 400;
const MOST_NOTICES = 3;

export const emptyConversation: ConversationView = {
  state: 'listening',
  transcript: [],
  partial: '',
  flow: null,
  slots: {},
  proposal: null,
  handOff: null,
  notices: [],
  answeredInMs: null,
  endedBecause: null,
  nextKey: 1,
};

export function reduceConversation(view: ConversationView, action: ConversationAction): ConversationView {
  switch (action.type) {
    case 'state':
      return { ...view, state: action.state };
    case 'partial':
      return { ...view, partial: action.text };
    case 'final': {
      const { text, via, inGrammar, at, turn } = action;
      return say({ ...view, partial: '' }, { who: 'person', text, via, inGrammar, at, turn });
    }
    case 'flow':
      return { ...view, flow: action.flow, slots: action.slots };
    case 'toolProposed':
      return propose(view, action);
    case 'toolWithdrawn':
      return answerTool(clearProposal(view, action.proposalId), action.proposalId, 'withdrawn', null);
    case 'toolCalled': {
      const { proposalId, tool, risk, at, turn } = action;
      return say(clearProposal(view, proposalId), {
        who: 'tool',
        proposalId,
        tool,
        risk,
        outcome: 'running',
        tookMs: null,
        at,
        turn,
      });
    }
    case 'toolAnswered':
      return answerTool(
        clearProposal(view, action.proposalId),
        action.proposalId,
        action.outcome,
        action.tookMs,
      );
    case 'reply': {
      const { kind, text, source, at, turn } = action;
      return say(view, { who: 'agent', kind, text, source, heardBeforeCut: null, at, turn });
    }
    case 'heard':
      return action.interrupted ? cutShort(view, action.turn, action.text) : view;
    case 'handOff':
      return { ...view, handOff: { reason: action.reason, to: action.to, urgent: action.urgent } };
    case 'notice':
    case 'tell':
      return notify(view, action.code, action.message);
    case 'timing':
      return action.firstAudioMs === null ? view : { ...view, answeredInMs: action.firstAudioMs };
    case 'ended':
      return { ...view, state: 'ended', partial: '', proposal: null, endedBecause: action.reason };
    case 'decided':
      return decide(view, action.proposalId, action.decision);
    case 'undecided':
      return decide(view, action.proposalId, null);
    case 'steppedUp':
      return view.proposal?.proposalId === action.proposalId
        ? { ...view, proposal: { ...view.proposal, stepUp: 'none' } }
        : view;
    case 'dismiss':
      return { ...view, notices: view.notices.filter((notice) => notice.key !== action.key) };
    case 'understood':
    case 'level':
      return view;
  }
}

type WithoutKey<T> = T extends unknown ? Omit<T, 'key'> : never;

function say(view: ConversationView, entry: WithoutKey<TranscriptEntry>): ConversationView {
  const transcript = [...view.transcript, { ...entry, key: view.nextKey } as TranscriptEntry];
  return { ...view, transcript: transcript.slice(-MOST_ENTRIES), nextKey: view.nextKey + 1 };
}

/** A call that needs no confirmation is done at once and only shows among the turns. */
function propose(
  view: ConversationView,
  event: Extract<ConversationEvent, { type: 'toolProposed' }>,
): ConversationView {
  if (event.needs === 'none') return view;
  const { proposalId, tool, risk, text, needs, stepUp = 'none' } = event;
  return { ...view, proposal: { proposalId, tool, risk, text, needs, stepUp, decided: null } };
}

function clearProposal(view: ConversationView, proposalId: string): ConversationView {
  return view.proposal?.proposalId === proposalId ? { ...view, proposal: null } : view;
}

function decide(
  view: ConversationView,
  proposalId: string,
  decided: 'approve' | 'refuse' | null,
): ConversationView {
  if (view.proposal?.proposalId !== proposalId) return view;
  return { ...view, proposal: { ...view.proposal, decided } };
}

function answerTool(
  view: ConversationView,
  proposalId: string,
  outcome: ToolOutcome | 'withdrawn',
  tookMs: number | null,
): ConversationView {
  const transcript = view.transcript.map((entry) =>
    entry.who === 'tool' && entry.proposalId === proposalId ? { ...entry, outcome, tookMs } : entry,
  );
  return { ...view, transcript };
}

/** Splits what was heard over the replies of the turn, in order; the first one not heard to its end is where it was cut. */
function cutShort(view: ConversationView, turn: number, heard: string): ConversationView {
  let left = heard.trim();
  const transcript = view.transcript.map((entry) => {
    if (entry.who !== 'agent' || entry.turn !== turn) return entry;
    if (left.startsWith(entry.text.trim())) {
      left = left.slice(entry.text.trim().length).trim();
      return entry;
    }
    const heardBeforeCut = entry.text.startsWith(left) ? left : '';
    left = '';
    return { ...entry, heardBeforeCut };
  });
  return { ...view, transcript };
}

/** The same notice again replaces the one still shown, instead of piling up. */
function notify(view: ConversationView, code: string, message: string): ConversationView {
  const others = view.notices.filter((notice) => notice.code !== code);
  const notices = [...others, { key: view.nextKey, code, message }].slice(-MOST_NOTICES);
  return { ...view, notices, nextKey: view.nextKey + 1 };
}
