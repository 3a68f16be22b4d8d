/** What leans on what was just done or asked: "and on Saturday?", "the other account", "the first one". */
import type { Expectation } from '../acts.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import type { Pattern } from './patterns.ts';
import { type Phrase, phraseOf } from './phrase.ts';
import { type Slot, scopeOf } from './scope.ts';
import { spokenWords } from './words.ts';

const LEADS =
  '(and|and what about|what about|how about|and how about|now|and now|also|the same for|and the same for|same for|try)';
const BEFORE = '[(on|for|at|in|with|to|from|of)] [(my|the|a)]';
/** More is said anew than leaning on the last, and words of a phrase win over a bare value. */
const LESS_EXPECTED = 0.05;
const WEIGHT = 0.3;
const PLACES = ['first', 'second', 'third', 'fourth'];

/** The last flow once more with another value: never its sensitive slots, nor free text. */
export function followUpPatterns(
  flows: ReadonlyMap<string, CompiledFlow>,
  expectation: Expectation,
): readonly Pattern[] {
  if (expectation.kind !== 'open' || !expectation.last) return [];
  const flow = flows.get(expectation.last.flow);
  if (!flow) return [];
  const { scope } = flow;
  const base = { scope, penalty: LESS_EXPECTED, use: 'both' as const, weight: WEIGHT };
  const meaning = { kind: 'flow', flow: flow.declaration.flow, again: true } as const;
  const slots = [...flow.slots.values()].filter((slot) => leansOn(flow, slot));
  const values: Pattern[] = slots.map((slot) => ({
    ...base,
    meaning,
    phrase: inOrder([phraseOf(LEADS), phraseOf(BEFORE), { kind: 'slot', name: slot.name }]),
  }));
  const bare: Pattern[] = slots
    .filter(({ kind }) => kind === 'choice' || kind === 'date')
    .map((slot) => ({ ...base, meaning, phrase: { kind: 'slot', name: slot.name }, use: 'typed' }));
  const others: Pattern[] = slots
    .filter(({ kind }) => kind === 'choice')
    .map((slot) => ({
      ...base,
      meaning: { ...meaning, other: slot.name },
      phrase: phraseOf(`[${LEADS}] ${BEFORE} other (${['one', ...nounsOf(flow, slot)].join('|')})`),
    }));
  return [...values, ...bare, ...others];
}

/** "The first one", after "do you want this or that?". */
export function choicePatterns(expectation: Expectation): readonly Pattern[] {
  if (expectation.kind !== 'open' || !expectation.between) return [];
  const { between } = expectation;
  return between.flatMap((flow, at) => {
    const place = PLACES[at];
    if (place === undefined) return [];
    const words = [place, ...(at === between.length - 1 ? ['last', 'latter'] : [])];
    const phrase = phraseOf(`[the] (${words.join('|')}) [(one|thing)]`);
    return {
      meaning: { kind: 'flow' as const, flow },
      phrase,
      scope: scopeOf([]),
      penalty: 0,
      use: 'both' as const,
      weight: 1,
    };
  });
}

/**
 * The value meant by "the other": of a choice between two the one that was not told, else unknown.
 * @param told What the slot held.
 */
export function otherValue(flow: CompiledFlow, slot: string, told: string | undefined): string | null {
  const values = Object.keys(flow.declaration.slots[slot]?.options ?? {});
  const rest = values.filter((value) => value !== told);
  return told !== undefined && rest.length === 1 ? (rest[0] ?? null) : null;
}

function leansOn(flow: CompiledFlow, slot: Slot): boolean {
  if (slot.kind === 'text' || slot.kind === 'yesNo') return false;
  return flow.declaration.slots[slot.name]?.sensitive !== true;
}

/** What the values of a choice are called: the slot's name, and the word that several of its phrases end in. */
function nounsOf(flow: CompiledFlow, slot: Slot): readonly string[] {
  const phrases = Object.values(flow.declaration.slots[slot.name]?.options ?? {});
  const endings = phrases.map((options) => new Set(options.map((text) => spokenWords(text).at(-1) ?? '')));
  const shared = [...new Set(endings.flatMap((words) => [...words]))].filter(
    (word) => word !== '' && endings.filter((words) => words.has(word)).length > 1,
  );
  const name = spokenWords(slot.name.replaceAll('_', ' ').replaceAll(/([A-Z])/g, ' $1')).at(-1);
  return [...new Set([...shared, ...(name === undefined ? [] : [name])])];
}

function inOrder(items: readonly Phrase[]): Phrase {
  return { kind: 'sequence', items };
}
