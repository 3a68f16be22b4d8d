/** One of several values, each with the phrases that say it; also yes and no. */
import { Automaton } from '../automaton.ts';
import { type Phrase, phraseOf } from '../phrase.ts';
import type { Scope } from '../scope.ts';
import type { Sentence, SlotMatch, SlotType } from './slot-type.ts';

/** @param scope Lists that the phrases may refer to. */
export function choiceSlot(options: Readonly<Record<string, readonly string[]>>, scope: Scope): SlotType {
  const automaton = new Automaton();
  const start = automaton.newState();
  const values = new Map<number, string>();
  for (const [value, phrases] of Object.entries(options))
    for (const phrase of phrases) values.set(automaton.add(phraseOf(phrase), scope, start), value);
  return {
    spoken: `(${Object.values(options).flat().join('|')})`,
    rules: {},
    match: (sentence, at) => matchOptions(automaton, start, values, sentence, at),
    readBack: (value) => {
      const first = options[value]?.[0];
      return first === undefined ? value : simplest(phraseOf(first), scope).join(' ');
    },
  };
}

function matchOptions(
  automaton: Automaton,
  start: number,
  values: ReadonlyMap<number, string>,
  { words }: Sentence,
  at: number,
): SlotMatch[] {
  const found: SlotMatch[] = [];
  let reached = automaton.closure([start]);
  for (let position = at; position < words.length && reached.size > 0; position += 1) {
    const next = [...reached].flatMap(
      (state) => automaton.state(state).words.get(words[position] ?? '') ?? [],
    );
    reached = automaton.closure(next);
    const said = new Set([...reached].flatMap((state) => values.get(state) ?? []));
    for (const value of said) {
      const mayGoOn = [...reached].some((state) =>
        ahead(automaton, values, state).some((other) => other !== value),
      );
      found.push({ end: position + 1, value, mayGoOn });
    }
  }
  return found;
}

/** The values that more words could still lead to. */
function ahead(automaton: Automaton, values: ReadonlyMap<number, string>, from: number): string[] {
  const seen = new Set<number>();
  const waiting = [...automaton.state(from).words.values()].flat();
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const { words, empty } = automaton.state(state);
    waiting.push(...empty, ...[...words.values()].flat());
  }
  return [...seen].flatMap((state) => values.get(state) ?? []);
}

/** The shortest way of saying a phrase: first alternatives, nothing optional. */
function simplest(phrase: Phrase, scope: Scope): readonly string[] {
  switch (phrase.kind) {
    case 'words':
      return phrase.words;
    case 'sequence':
      return phrase.items.flatMap((item) => [...simplest(item, scope)]);
    case 'choice':
      return phrase.options[0] ? simplest(phrase.options[0], scope) : [];
    case 'repeat':
      return phrase.atLeast === 1 ? simplest(phrase.item, scope) : [];
    case 'list': {
      const list = scope.list(phrase.name);
      return list.phrases[0] ? simplest(list.phrases[0], list.scope) : [];
    }
    default:
      return [];
  }
}
