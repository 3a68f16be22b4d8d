/** One conversation as in a test: the real understanding and the real flows, with tools that answer as written. */
import type { Json } from '../../base/index.ts';
import type { CallOutcome, Proposal, ToolSchemas } from '../../tools/index.ts';
import type { ActResult, Dialogue, DialogueAct, DialogueTurn, Understanding } from '../acts.ts';
import { createDialogue, type StepTaken } from '../flow/dialogue.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import type { ReplyReview, ReplyReviewFor } from './reply-review.ts';
import type { Answers, TestDeclaration, TurnDeclaration } from './test-schema.ts';

/** What the gateway judges and says without a server behind it: loaded only to hold tests. */
export type Toolbox = Pick<
  typeof import('../../tools/index.ts'),
  'compileSchemas' | 'confirmationOf' | 'confirmationText' | 'readBackByFormat'
>;

/** What all tests of a desk share. */
export interface Stage {
  readonly toolbox: Toolbox;
  readonly desk: CompiledDesk;
  readonly knowledge: Knowledge;
  readonly schemas: ReadonlyMap<string, ToolSchemas>;
  /** Null: replies are heard as the dialogue means them. */
  readonly review: ReplyReviewFor | null;
}

export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** A reply that the person would not get. */
export interface Withheld {
  readonly text: string;
  readonly reasons: readonly string[];
}

/** All that came of one turn. */
export interface TurnResult {
  /** As the person gets it. */
  readonly reply: string;
  readonly withheld: readonly Withheld[];
  readonly called: readonly ToolCall[];
  readonly proposed: readonly ToolCall[];
  readonly handOff: { readonly reason: string; readonly urgent: boolean } | null;
  readonly ended: boolean;
  /** What the test itself lacks: an answer for a tool, or one that the tool cannot give. */
  readonly faults: readonly string[];
}

const VOICE_CONFIDENCE = 0.9;
const OUTCOMES = { refuses: 'refused', fails: 'failed', unknown: 'unknown' } as const;

export function stageFor(
  desk: CompiledDesk,
  knowledge: Knowledge,
  toolbox: Toolbox,
  review: ReplyReviewFor | null,
): Stage {
  const { pack } = desk;
  const { folder, tools, servers } = pack;
  return {
    toolbox,
    desk,
    knowledge,
    review,
    schemas: toolbox.compileSchemas({ id: pack.desk.id, folder, tools, servers }),
  };
}

/** A conversation under way. */
export class Rehearsal {
  readonly dialogue: Dialogue;
  readonly #stage: Stage;
  readonly #answers: Answers;
  readonly #review: ReplyReview | null;
  readonly #startedAt: number;
  readonly #given = new Map<string, number>();
  readonly #proposals: ToolCall[] = [];
  readonly #proven = new Set<string>();
  #passedMs = 0;

  constructor(stage: Stage, test: TestDeclaration, onStep: (step: StepTaken) => void) {
    this.#stage = stage;
    this.#answers = test.tools;
    this.#review = stage.review?.(stage.desk) ?? null;
    this.#startedAt = new Date(test.now).getTime();
    this.dialogue = createDialogue({
      desk: stage.desk,
      knowledge: stage.knowledge,
      clock: this.#clock,
      onStep,
      ...(test.language === undefined ? {} : { language: test.language }),
    });
  }

  get #clock() {
    return { now: () => this.#startedAt + this.#passedMs, monotonicMs: () => this.#passedMs };
  }

  begin(): TurnResult {
    return this.#perform(this.dialogue.begin());
  }

  take(turn: TurnDeclaration): TurnResult {
    this.#passedMs += (turn.after ?? 0) * 1000;
    if (turn.silence) return this.#perform(this.dialogue.silence());
    if (turn.proof) return this.#prove();
    if (turn.screen) return this.#perform(this.dialogue.decide(turn.screen));
    const via = turn.said === undefined ? 'voice' : 'typed';
    const text = turn.said ?? turn.heard ?? '';
    const confidence = via === 'typed' ? 1 : (turn.sure ?? VOICE_CONFIDENCE);
    const { desk } = this.#stage;
    const understood = desk.understand(text, this.dialogue.expectation, this.#clock.now());
    const understanding = atMostAsSure(understood, confidence);
    this.#review?.understood(understanding, this.dialogue.expectation, this.dialogue.snapshot());
    return this.#perform(this.dialogue.hear({ text, via, confidence, understanding }));
  }

  #prove(): TurnResult {
    const proposal = this.dialogue.pendingProposal;
    if (proposal !== null) this.#proven.add(proposal);
    return this.#perform(this.dialogue.proven());
  }

  #perform(turn: DialogueTurn): TurnResult {
    const result = {
      replies: [] as string[],
      withheld: [] as Withheld[],
      called: [] as ToolCall[],
      proposed: [] as ToolCall[],
      handOff: null as TurnResult['handOff'],
      ended: false,
      faults: [] as string[],
    };
    let step = turn.next();
    while (!step.done) {
      const act: DialogueAct = step.value;
      let answer: ActResult;
      if (act.act === 'say') this.#say(act, result);
      else if (act.act === 'handOff') result.handOff = act;
      else if (act.act === 'end') result.ended = true;
      else if (act.act === 'propose') answer = this.#propose(act, result);
      else if (act.act === 'execute') answer = this.#execute(act.proposalId, result);
      this.#review?.answered(act, answer);
      step = turn.next(answer);
    }
    return { ...result, reply: result.replies.join(' ') };
  }

  #say(act: Extract<DialogueAct, { act: 'say' }>, result: { replies: string[]; withheld: Withheld[] }): void {
    const reviewed = this.#review?.review(act, this.dialogue.snapshot());
    result.replies.push(reviewed?.text ?? act.text);
    if (reviewed?.withheld) result.withheld.push({ text: act.text, reasons: reviewed.withheld });
  }

  #propose(act: ToolCall, result: { proposed: ToolCall[]; faults: string[] }): Proposal {
    const proposed = { tool: act.tool, arguments: act.arguments };
    const proposalId = String(this.#proposals.push(proposed) - 1);
    const { desk, schemas, toolbox } = this.#stage;
    const tool = desk.pack.tools[act.tool];
    if (!tool || schemas.get(act.tool)?.acceptsArguments(act.arguments) !== true) {
      result.faults.push(
        `\`${act.tool}\` does not take ${JSON.stringify(act.arguments)}: the gateway would refuse it`,
      );
      return { kind: 'refused', code: 'arguments', say: 'I do not have what I need to do that.' };
    }
    const needs = toolbox.confirmationOf(tool);
    if (needs === 'none') return { kind: 'ready', proposalId };
    result.proposed.push(proposed);
    const { id, currency } = desk.pack.desk;
    const readBack = toolbox.readBackByFormat({ ...desk.pack, id }, currency, this.#clock);
    return {
      kind: 'confirm',
      proposalId,
      text: toolbox.confirmationText(act.tool, tool, act.arguments, readBack),
      onScreenOnly: needs === 'screen',
      stepUp: tool.stepUp,
    };
  }

  #execute(proposalId: string, result: { called: ToolCall[]; faults: string[] }): CallOutcome {
    const call = this.#proposals[Number(proposalId)];
    if (!call) return { kind: 'failed', code: 'test', say: '' };
    const { stepUp = 'none' } = this.#stage.desk.pack.tools[call.tool] ?? {};
    if (stepUp !== 'none' && !this.#proven.has(proposalId)) {
      result.faults.push(
        `\`${call.tool}\` was called without its further check: the gateway would refuse it`,
      );
      return { kind: 'refused', code: 'step-up-needed', say: 'That needs a further check.' };
    }
    result.called.push(call);
    const answer = this.#answerOf(call.tool);
    if (!answer) {
      result.faults.push(`the test has no answer for \`${call.tool}\`: add one under \`tools\``);
      return { kind: 'failed', code: 'test/no-answer', say: 'That did not work.' };
    }
    const [[word, words] = ['', null]] = Object.entries(answer);
    if (isOutcome(word) && typeof words === 'string')
      return { kind: OUTCOMES[word], code: 'test', say: words };
    if (this.#stage.schemas.get(call.tool)?.acceptsResult(answer) !== true)
      result.faults.push(
        `\`${call.tool}\` cannot answer ${JSON.stringify(answer)}: see its \`result\` in tools.yaml`,
      );
    return { kind: 'ok', result: answer };
  }

  /** One after the other; the last again and again. */
  #answerOf(tool: string): Readonly<Record<string, Json>> | undefined {
    const declared = Object.hasOwn(this.#answers, tool) ? this.#answers[tool] : undefined;
    if (!Array.isArray(declared)) return declared;
    const turn = this.#given.get(tool) ?? 0;
    this.#given.set(tool, turn + 1);
    return declared[Math.min(turn, declared.length - 1)];
  }
}

function isOutcome(word: string): word is keyof typeof OUTCOMES {
  return Object.hasOwn(OUTCOMES, word);
}

/** A value is no surer than the hearing of it was. */
function atMostAsSure(understanding: Understanding, confidence: number): Understanding {
  return {
    ...understanding,
    commands: understanding.commands.map((command) =>
      'confidence' in command
        ? { ...command, confidence: Math.min(command.confidence, confidence) }
        : command,
    ),
  };
}
