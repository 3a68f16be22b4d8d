import { childrenOf, type Phrase } from './phrase.ts';
import type { Scope } from './scope.ts';

/** How many words a phrase unrolls to: what it costs in a speech grammar. */
export function sizeOf(phrase: Phrase, scope: Scope): number {
  switch (phrase.kind) {
    case 'words':
      return phrase.words.length;
    case 'list': {
      const list = scope.list(phrase.name);
      return list.phrases.reduce((sum, item) => sum + sizeOf(item, list.scope), 0);
    }
    case 'slot': {
      const slot = scope.slot(phrase.name);
      return slot.spoken === null ? 0 : sizeOf(slot.spoken, slot.scope);
    }
    default:
      return childrenOf(phrase).reduce((sum, child) => sum + sizeOf(child, scope), 0);
  }
}
