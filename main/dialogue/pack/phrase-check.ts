import { parsePhrase, referencesOf } from '../language/phrase.ts';
import type { Checker } from './checker.ts';
import type { Path } from './yaml-source.ts';

/** A phrase must be well formed, and name slots and lists that there are. */
export function checkPhrase(
  checker: Checker,
  path: Path,
  phrase: string,
  slots: readonly string[],
  lists: readonly string[],
): void {
  const parsed = parsePhrase(phrase);
  if (!parsed.ok) {
    const [fault = '', remedy] = splitAtColon(parsed.message);
    checker.error(
      path,
      `The phrase is not well formed at its character ${parsed.at + 1}: ${fault}.`,
      remedy ?? 'Write words, [optional], (one|another), <list> and {slot}.',
    );
    return;
  }
  const references = referencesOf(parsed.phrase);
  for (const slot of references.slots) checker.known(path, 'slot', slot, slots, 'Declare it under `slots`.');
  for (const list of references.lists) checker.known(path, 'list', list, lists, 'Declare it under `lists`.');
}

/** Lists may use one another, but not in a ring: no grammar can be made of that. */
export function checkListRings(
  checker: Checker,
  own: Readonly<Record<string, readonly string[]>>,
  around: Readonly<Record<string, readonly string[]>> = {},
): void {
  const lists = { ...around, ...own };
  const uses = new Map(Object.entries(lists).map(([name, phrases]) => [name, phrases.flatMap(listsIn)]));
  for (const name of Object.keys(own)) {
    const reached = new Set<string>();
    const next = [...(uses.get(name) ?? [])];
    for (let list = next.pop(); list !== undefined; list = next.pop()) {
      if (reached.has(list)) continue;
      reached.add(list);
      next.push(...(uses.get(list) ?? []));
    }
    if (reached.has(name))
      checker.error(
        ['lists', name],
        `The list \`${name}\` leads back to itself.`,
        'Take it out of the lists it uses.',
        'key',
      );
  }
}

function listsIn(phrase: string): readonly string[] {
  const parsed = parsePhrase(phrase);
  return parsed.ok ? referencesOf(parsed.phrase).lists : [];
}

/** "what is wrong: what to write" */
function splitAtColon(message: string): readonly [string, string?] {
  const [fault = message, remedy] = message.split(/: (.+)/s);
  const bare = fault.replace(/\.$/, '');
  return remedy === undefined ? [bare] : [bare, `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`];
}
