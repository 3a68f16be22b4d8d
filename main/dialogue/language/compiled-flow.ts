import type { DeskPack } from '../pack/pack.ts';
import type { FlowDeclaration } from '../pack/schema.ts';
import { childrenOf, type Phrase, phraseOf } from './phrase.ts';
import { flowScope, type Scope, type Slot } from './scope.ts';
import { compileSlot } from './slots/slots.ts';

/** A flow with its names resolved and its phrases parsed. */
export interface CompiledFlow {
  readonly declaration: FlowDeclaration;
  readonly scope: Scope;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly phrases: readonly Phrase[];
  /** Words that stand before a slot in the flow's phrases: "to" before {to}. */
  readonly cues: ReadonlyMap<string, readonly string[]>;
}

export function compileFlow(pack: DeskPack, declaration: FlowDeclaration): CompiledFlow {
  const slots = new Map<string, Slot>();
  const scope = flowScope(pack.desk, declaration, () => slots);
  for (const [name, slot] of Object.entries(declaration.slots))
    slots.set(name, compileSlot(declaration.flow, name, slot, pack.desk.currency, scope));
  const phrases = declaration.phrases.map(phraseOf);
  const cues = new Map(
    [...slots.keys()].map((name) => [
      name,
      cuesOf(name, [...phrases, ...Object.values(declaration.lists).flat().map(phraseOf)]),
    ]),
  );
  return { declaration, scope, slots, phrases, cues };
}

/** Single words right before {slot}, articles passed over. */
function cuesOf(name: string, phrases: readonly Phrase[]): string[] {
  const cues = new Set<string>();
  for (const phrase of phrases) collectCues(phrase, name, cues);
  return [...cues].slice(0, 6);
}

function collectCues(phrase: Phrase, name: string, cues: Set<string>): void {
  if (phrase.kind === 'sequence')
    for (const [index, item] of phrase.items.entries()) {
      if (!(item.kind === 'slot' && item.name === name)) continue;
      const before = phrase.items.slice(0, index).findLast(({ kind }) => kind !== 'optional');
      for (const word of lastWords(before)) if (PREPOSITIONS.has(word)) cues.add(word);
    }
  for (const child of childrenOf(phrase)) collectCues(child, name, cues);
}

/** The words that a phrase may end in, articles passed over. */
function lastWords(phrase: Phrase | undefined): readonly string[] {
  if (phrase?.kind === 'choice') return phrase.options.flatMap((option) => [...lastWords(option)]);
  if (phrase?.kind === 'sequence') return lastWords(phrase.items.at(-1));
  const word =
    phrase?.kind === 'words' ? phrase.words.findLast((candidate) => !ARTICLES.has(candidate)) : undefined;
  return word === undefined ? [] : [word];
}

const ARTICLES = new Set(['the', 'a', 'an', 'my', 'our']);
const PREPOSITIONS = new Set([
  'to',
  'from',
  'into',
  'for',
  'on',
  'at',
  'by',
  'with',
  'of',
  'about',
  'in',
  'under',
  'number',
  'ending',
  'as',
  'near',
]);
