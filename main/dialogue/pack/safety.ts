/**
 * What stands over every flow of a pack. The subjects that are never discussed, the sensitive situations and what the
 * desk cannot do are declared in desk.yaml; here they become flows like any other, so that they are heard,
 * understood and tested as the rest of the pack is.
 */
import {
  type DeskDeclaration,
  type FlowDeclaration,
  flowSchema,
  type SituationDeclaration,
} from './schema.ts';
import { SITUATION_WORDS, type SituationKind } from './situations.ts';

/** A subject that is never gone into. */
export interface ForbiddenTopic {
  readonly topic: string;
  /** The flow that says so. */
  readonly flow: string;
  /** Words that give it away, in a question or in a reply; small letters. */
  readonly words: readonly string[];
}

export interface DeskSafety {
  readonly topics: readonly ForbiddenTopic[];
  /** The flow that deals with each situation that the pack has adopted. */
  readonly situations: Readonly<Partial<Record<SituationKind, string>>>;
}

type Flows = Readonly<Record<string, FlowDeclaration>>;

const CANNOT_FLOW = 'what_it_cannot_do';
const CANNOT_PHRASES = [
  "what (can't|cannot|can not) you do",
  'what can you not (do|help with)',
  "what (can't|cannot) you help [me] with",
  "what (are you|aren't you) not able to do",
  'what are your limits',
];

/** The pack's own flows with those of its safety layers beside them. */
export function withSafety(desk: DeskDeclaration, flows: Flows): { flows: Flows; safety: DeskSafety } {
  const all: Record<string, FlowDeclaration> = { ...flows };
  const situations: Partial<Record<SituationKind, string>> = {};
  for (const [kind, declared] of situationsOf(desk)) {
    const flow = declared.start === undefined ? situationFlow(kind, declared) : all[declared.start];
    if (!flow) continue;
    const words = SITUATION_WORDS[kind];
    all[flow.flow] = {
      ...flow,
      takesOver: true,
      phrases: [...flow.phrases, ...declared.phrases, ...words.phrases],
      examples: [...flow.examples, ...declared.examples, ...words.examples],
    };
    situations[kind] = flow.flow;
  }
  const topics = desk.neverDiscuss.map((topic) => {
    const flow = safetyFlow(`never_${topic.topic}`, `ask about ${topic.topic.replaceAll('_', ' ')}`, {
      phrases: topic.phrases,
      examples: topic.examples,
      steps: [{ say: topic.say }],
    });
    all[flow.flow] = flow;
    return { topic: topic.topic, flow: flow.flow, words: topic.words.map((words) => words.toLowerCase()) };
  });
  if (desk.cannot.length > 0)
    all[CANNOT_FLOW] = safetyFlow(CANNOT_FLOW, 'tell you what I cannot do', {
      phrases: CANNOT_PHRASES,
      steps: [{ say: desk.replies.cannot ?? 'I cannot {cannot}. For that I can get {handOff}.' }],
    });
  return { flows: all, safety: { topics, situations } };
}

export function situationsOf(
  desk: DeskDeclaration,
): readonly (readonly [SituationKind, SituationDeclaration])[] {
  return Object.entries(desk.situations) as (readonly [SituationKind, SituationDeclaration])[];
}

/** The forbidden topic whose telling words occur in a text, as whole words; null when none does. */
export function forbiddenTopicIn(safety: DeskSafety, text: string): ForbiddenTopic | null {
  const spaced = ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()} `;
  return safety.topics.find(({ words }) => words.some((word) => spaced.includes(` ${word} `))) ?? null;
}

function situationFlow(kind: SituationKind, declared: SituationDeclaration): FlowDeclaration {
  return safetyFlow(`situation_${kind}`, `get help in a case of ${kind}`, {
    takesOver: true,
    steps: [
      ...(declared.say === undefined ? [] : [{ say: declared.say }]),
      { handOff: `words of ${kind} at the desk`, urgent: declared.handOff === 'urgent' },
    ],
  });
}

function safetyFlow(
  flow: string,
  description: string,
  rest: Partial<Pick<FlowDeclaration, 'phrases' | 'examples' | 'takesOver' | 'steps'>>,
): FlowDeclaration {
  return flowSchema.parse({ flow, description, inHelp: false, phrases: [], ...rest });
}
