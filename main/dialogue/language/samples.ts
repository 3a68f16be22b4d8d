/** Sentences that a phrase can make: what the statistical reading learns from. */
import { seeded } from './classifier.ts';
import type { Phrase } from './phrase.ts';
import type { Scope } from './scope.ts';

const OPTIONAL_SHARE = 0.5;
const MOST_REPEATS = 2;

/** Up to `count` different sentences of a phrase, the same ones every time. */
export function samples(phrase: Phrase, scope: Scope, count: number): readonly string[] {
  const random = seeded(count + JSON.stringify(phrase).length);
  const found = new Set<string>();
  for (let attempt = 0; attempt < count * 2 && found.size < count; attempt += 1)
    found.add(sample(phrase, scope, random).join(' '));
  return [...found].filter((sentence) => sentence !== '');
}

/** One sentence, alternatives and options chosen by `random`; slots are filled with something that is said for them. */
export function sample(phrase: Phrase, scope: Scope, random: () => number): readonly string[] {
  const pick = (options: readonly Phrase[], inner: Scope) => {
    const option = options[Math.floor(random() * options.length)];
    return option ? sample(option, inner, random) : [];
  };
  switch (phrase.kind) {
    case 'words':
      return phrase.words;
    case 'sequence':
      return phrase.items.flatMap((item) => [...sample(item, scope, random)]);
    case 'choice':
      return pick(phrase.options, scope);
    case 'optional':
      return random() < OPTIONAL_SHARE ? sample(phrase.item, scope, random) : [];
    case 'repeat': {
      const times = phrase.atLeast + Math.floor(random() * MOST_REPEATS);
      return Array.from({ length: times }).flatMap(() => [...sample(phrase.item, scope, random)]);
    }
    case 'list': {
      const list = scope.list(phrase.name);
      return pick(list.phrases, list.scope);
    }
    case 'slot': {
      const { spoken, scope: inner } = scope.slot(phrase.name);
      return spoken === null ? [] : sample(spoken, inner, random);
    }
  }
}
