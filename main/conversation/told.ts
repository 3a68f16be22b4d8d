import type { Json } from '../base/index.ts';
import type { ActResult, CompiledDesk, DialogueAct, Understanding } from '../dialogue/index.ts';
import type { SubjectReference } from '../records/index.ts';

/** More than any conversation needs; the oldest go. */
const MOST_GROUNDS = 400;
/** Shorter texts and smaller numbers are nobody's: "yes", 12. */
const SHORTEST_DATUM = 3;

/** Kind and value of whom the conversation is about. */
interface Subjects {
  readonly [kind: string]: string;
}

/**
 * What a conversation may tell, in memory: the person's own answers, what tools returned on the present subject, and
 * pages. And what it may not: data that a tool returned on somebody else, or on whom the conversation was about before.
 */
export class Told {
  readonly #desk: CompiledDesk;
  readonly #fixed: readonly string[];
  readonly #answers = new Set<string>();
  #results: string[] = [];
  #mine = new Set<string>();
  readonly #others = new Set<string>();
  readonly #pages = new Map<string, string>();
  readonly #proposed = new Map<string, string>();
  #subjects: Subjects = {};

  constructor(desk: CompiledDesk) {
    this.#desk = desk;
    // Words of the pack that are put into its sentences: what flows do, what can be chosen.
    const flows = Object.values(desk.pack.flows);
    this.#fixed = [
      ...flows.map(({ description }) => description),
      ...flows.flatMap(({ slots }) =>
        Object.values(slots).flatMap(({ options }) => Object.values(options ?? {}).flat()),
      ),
    ];
  }

  get grounds(): readonly string[] {
    return [...this.#fixed, ...this.#answers, ...this.#results, ...this.#pages.values()];
  }

  get pages(): readonly string[] {
    return [...this.#pages.values()];
  }

  /** What is known of others and not of the subject as well. */
  get others(): readonly string[] {
    return [...this.#others].filter((value) => !this.#mine.has(value));
  }

  understood(understanding: Understanding, flow: string | null): void {
    this.slots(understanding.flow ?? flow, understanding.slots);
    for (const command of understanding.commands)
      if ('value' in command) this.slots(understanding.flow ?? flow, { [command.slot]: command.value });
    for (const part of understanding.then ?? []) this.understood(part, part.flow);
  }

  slots(flow: string | null, slots: Readonly<Record<string, string>>): void {
    for (const [slot, value] of Object.entries(slots)) {
      this.#answer(value);
      if (flow !== null) this.#answer(this.#desk.readBack(flow, slot, value));
    }
  }

  about({ kind, value }: SubjectReference): void {
    const before = this.#subjects[kind];
    if (before !== undefined && !isSame(before, value)) {
      // Whoever stands here now may not hear what was found on somebody else.
      for (const datum of this.#mine) this.#others.add(datum);
      this.#mine = new Set();
      this.#results = [];
    }
    this.#subjects = { ...this.#subjects, [kind]: value };
  }

  quotes(file: string): void {
    const page = this.#desk.pack.knowledge.find((one) => one.file === file);
    if (page) this.#pages.set(file, page.markdown);
  }

  answered(act: DialogueAct, result: ActResult): void {
    if (!result) return;
    if (act.act === 'propose' && 'proposalId' in result) this.#proposed.set(result.proposalId, act.tool);
    // The gateway's own words: what it reads back, and why it does not act.
    if ('text' in result) this.#result(result.text);
    if ('say' in result) this.#result(result.say);
    if (act.act === 'execute' && result.kind === 'ok')
      this.#returned(this.#proposed.get(act.proposalId) ?? '', result.result);
  }

  #returned(tool: string, result: Json): void {
    const { tools } = this.#desk.pack;
    const owner = Object.hasOwn(tools, tool) ? tools[tool]?.owner : undefined;
    for (const { value, of } of dataIn(result, owner?.field ?? null)) {
      const subject = owner ? this.#subjects[owner.subject] : undefined;
      const mine = !owner || (of !== null && subject !== undefined && isSame(of, subject));
      if (mine) this.#result(value);
      if (value.length < SHORTEST_DATUM) continue;
      if (mine) this.#mine.add(value);
      else this.#others.add(value);
    }
  }

  #answer(text: string): void {
    this.#answers.add(text);
    const [oldest] = this.#answers;
    if (this.#answers.size > MOST_GROUNDS && oldest !== undefined) this.#answers.delete(oldest);
  }

  #result(text: string): void {
    this.#results = [...this.#results, text].slice(-MOST_GROUNDS);
  }
}

/** Every text and number of a result, with whose row it stands in: the nearest one that says so. */
function* dataIn(
  value: Json,
  field: string | null,
  of: string | null = null,
): Generator<{ readonly value: string; readonly of: string | null }> {
  if (typeof value === 'string' || typeof value === 'number') yield { value: String(value), of };
  if (value === null || typeof value !== 'object') return;
  const own: Json | undefined =
    field !== null && !Array.isArray(value) && Object.hasOwn(value, field)
      ? (value as Readonly<Record<string, Json>>)[field]
      : undefined;
  const whose = typeof own === 'string' || typeof own === 'number' ? String(own) : of;
  for (const each of Object.values(value)) yield* dataIn(each as Json, field, whose);
}

function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return plain(one) === plain(other);
}
