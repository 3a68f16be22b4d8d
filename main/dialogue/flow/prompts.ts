import type { CompiledDesk } from '../language/compiled.ts';
import { fillTemplate, placeholdersOf } from '../pack/template.ts';
import { abilitiesOf, listed } from './fill.ts';
import { BETWEEN, hintFor, listOf, type ReplyName, repliesOf } from './wordings.ts';

const REPLIES: readonly ReplyName[] = [
  'notUnderstood',
  'outOfScope',
  'anythingElse',
  'help',
  'cancelled',
  'nothingToCancel',
  'unknownAnswer',
  'fault',
  'silence',
  'farewell',
  'cannot',
  'takesLong',
  'timeUp',
];
/** Keys of a flow whose texts are said. */
const SAID = new Set(['say', 'ask', 'otherwise']);

/**
 * All that a desk says in words of its own, in the order in which they are likely to be needed first. What is filled in
 * for every conversation alike (`{agent}`, `{handOff}`, `{abilities}`) is; other places stay as `{name}`: what goes there
 * belongs to one conversation.
 */
export function fixedPrompts(desk: CompiledDesk): readonly string[] {
  const { desk: declared, flows } = desk.pack;
  const slots = Object.values(flows).flatMap((flow) => Object.values(flow.slots));
  const texts = [
    ...declared.disclosures.map(({ say }) => say),
    ...listOf(declared.greeting),
    ...slots.flatMap(({ ask }) => (ask === undefined ? [] : listOf(ask))),
    ...REPLIES.flatMap((name) => repliesOf(declared, name)),
    ...Object.values(BETWEEN).flat(),
    ...listOf(declared.handOff.say),
    ...slots.map((slot) =>
      hintFor(
        slot,
        Object.values(slot.options ?? {}).map(([first = '']) => first),
      ),
    ),
    ...slots.flatMap(({ validate }) => saidIn(validate)),
    ...Object.values(flows).flatMap((flow) => saidIn(flow.steps)),
  ];
  const known: Readonly<Record<string, string>> = {
    agent: declared.agent.name,
    handOff: declared.handOff.to,
    abilities: abilitiesOf(desk),
    cannot: listed(declared.cannot, 'or'),
  };
  const fill = (text: string) => fillTemplate(text, (path) => known[path.join('.')] ?? `{${path.join('.')}}`);
  return [...new Set(texts.map(fill))].filter((text) => text !== '');
}

/** All that a desk says in words of its own, in all its languages, and what it reads before a tool is called. */
export function deskWords(desk: CompiledDesk): readonly string[] {
  const { pack } = desk;
  const languages = Object.values(pack.translations).map((texts) => ({
    ...desk,
    pack: { ...pack, ...texts },
  }));
  const confirmations = Object.values(pack.tools).flatMap(({ confirmText }) => confirmText ?? []);
  return [desk, ...languages].flatMap(fixedPrompts).concat(confirmations);
}

/** Whether something is still to be filled in. */
export function hasPlaces(text: string): boolean {
  return placeholdersOf(text).length > 0;
}

/** Texts anywhere in nested steps. */
function saidIn(steps: unknown): readonly string[] {
  if (Array.isArray(steps)) return steps.flatMap(saidIn);
  if (steps === null || typeof steps !== 'object') return [];
  return Object.entries(steps).flatMap(([key, value]) => {
    if (!SAID.has(key)) return saidIn(value);
    const texts = [value].flat();
    return texts.every((text) => typeof text === 'string') ? texts : saidIn(value);
  });
}
