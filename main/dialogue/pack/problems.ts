import { SottoError } from '../../base/index.ts';
import type { PackProblem } from './pack.ts';

/** A desk pack cannot be used; `problems` says all that is wrong with it, each with its place and a remedy. */
export class DeskPackError extends SottoError {
  override readonly name = 'DeskPackError';
  readonly problems: readonly PackProblem[];

  constructor(problems: readonly PackProblem[]) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const [first] = errors;
    const where = first ? ` ${first.file}:${first.line}:${first.column}: ${first.message}` : '';
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super('desk/invalid', `The desk pack cannot be used.${where}${more}`, {
      remedy: first?.remedy ?? 'Run `sotto desk check` on the folder and mend what it names.',
    });
    this.problems = problems;
  }
}

/** The known name nearest to a misspelt one, or null when none is near. */
export function nearest(wrong: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wrong.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** "Did you mean amount?", else "Known here: a, b, c.", else the fallback. */
export function suggestion(wrong: string, known: Iterable<string>, fallback: string): string {
  const names = [...known];
  const near = nearest(wrong, names);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (names.length === 0 || names.length > 20) return fallback;
  return `Known here: ${names.join(', ')}. ${fallback}`;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
