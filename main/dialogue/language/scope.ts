/** What the names in a phrase stand for: lists of the flow and of the desk, slots of the flow. */
import { SottoError } from '../../base/index.ts';
import type { DeskDeclaration, FlowDeclaration } from '../pack/schema.ts';
import { type Phrase, phraseOf } from './phrase.ts';
import type { SlotType } from './slots/slot-type.ts';

export interface NamedList {
  /** Unique in the pack: two flows may name different lists alike. */
  readonly key: string;
  readonly phrases: readonly Phrase[];
  readonly scope: Scope;
}

/** A slot of a flow, ready to be heard and understood. */
export interface Slot {
  readonly flow: string;
  readonly name: string;
  readonly type: SlotType;
  readonly optional: boolean;
  readonly kind: string;
  /** What is said for it is this slot's alone, and not that of its type. */
  readonly ownWords: boolean;
  /** What is said for it; null when no grammar holds it. */
  readonly spoken: Phrase | null;
  /** Lists that `spoken` refers to. */
  readonly scope: Scope;
}

export interface Scope {
  /** @throws SottoError `language/unknown-list`. */
  list(name: string): NamedList;
  /** @throws SottoError `language/unknown-slot`. */
  slot(name: string): Slot;
}

type Lists = Readonly<Record<string, readonly string[]>>;

/** Lists by name, each layer hiding those behind it: a flow's own before the desk's. */
export function scopeOf(
  layers: readonly { readonly prefix: string; readonly lists: Lists }[],
  slots: () => ReadonlyMap<string, Slot> = () => new Map(),
): Scope {
  const known = new Map<string, NamedList>();
  const scope: Scope = {
    list(name) {
      const found = known.get(name);
      if (found) return found;
      const layer = layers.find(({ lists }) => lists[name]);
      const phrases = layer?.lists[name];
      if (!layer || !phrases) throw unknown('list', `<${name}>`);
      const list = { key: `${layer.prefix}.${name}`, phrases: phrases.map(phraseOf), scope };
      known.set(name, list);
      return list;
    },
    slot(name) {
      const found = slots().get(name);
      if (!found) throw unknown('slot', `{${name}}`);
      return found;
    },
  };
  return scope;
}

function unknown(what: 'list' | 'slot', name: string): SottoError {
  return new SottoError(`language/unknown-${what}`, `A phrase refers to ${name}, which is not declared.`, {
    remedy: `Declare ${name} under "${what}s", or mend the name.`,
  });
}

/** The flow's scope: its slots, its lists, the desk's lists. */
export function flowScope(
  desk: DeskDeclaration,
  flow: FlowDeclaration,
  slots: () => ReadonlyMap<string, Slot>,
): Scope {
  return scopeOf(
    [
      { prefix: `flow-${flow.flow}`, lists: flow.lists },
      { prefix: 'desk', lists: desk.lists },
    ],
    slots,
  );
}
