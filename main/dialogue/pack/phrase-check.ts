import type { Checker } from './checker.ts';
import type { Path } from './yaml-source.ts';

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** A phrase must be well formed, and name slots and lists that there are. */
export function checkPhrase(
  checker: Checker,
  path: Path,
  phrase: string,
  slots: readonly string[],
  lists: readonly string[],
): void {
  const fault = unbalanced(phrase);
  if (fault)
    checker.error(
      path,
      `The phrase is not well formed: ${fault}.`,
      'Close every ( [ { < and open what you close.',
    );
  else {
    for (const [, slot] of phrase.matchAll(/\{([^}]*)\}/g))
      checker.known(path, 'slot', (slot ?? '').trim(), slots, 'Declare it under `slots`.');
    for (const [, list] of phrase.matchAll(/<([^>]*)>/g))
      checker.known(path, 'list', (list ?? '').trim(), lists, 'Declare it under `lists`.');
  }
}

function unbalanced(phrase: string): string | null {
  const open: string[] = [];
  for (const sign of phrase) {
    if (Object.values(PAIRS).includes(sign)) open.push(sign);
    const pair = PAIRS[sign];
    if (pair !== undefined && open.pop() !== pair) return `${sign} closes nothing`;
  }
  const last = open.at(-1);
  return last === undefined ? null : `${last} is not closed`;
}
