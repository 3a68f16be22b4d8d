import type { PackProblem } from './pack.ts';
import { suggestion } from './problems.ts';
import { placeholdersOf } from './template.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** Collects what is wrong with one file, each at its place. */
export class Checker {
  readonly source: YamlSource;
  readonly problems: PackProblem[] = [];

  constructor(source: YamlSource) {
    this.source = source;
  }

  error(path: Path, message: string, remedy: string, part: 'key' | 'value' = 'value'): void {
    this.#report('error', path, part, message, remedy);
  }

  warn(path: Path, message: string, remedy: string, part: 'key' | 'value' = 'value'): void {
    this.#report('warning', path, part, message, remedy);
  }

  /** The name must be one of `known`; says whether it is. */
  known(path: Path, what: string, name: string, known: Iterable<string>, remedy: string): boolean {
    const names = [...known];
    if (names.includes(name)) return true;
    this.error(path, `There is no ${what} \`${name}\`.`, suggestion(name, names, remedy));
    return false;
  }

  /** Every `{…}` of one or several wordings must name something there is. */
  wordings(path: Path, wording: string | readonly string[] | undefined, names: Iterable<string>): void {
    const list = wording === undefined ? [] : typeof wording === 'string' ? [wording] : wording;
    const known = [...names];
    for (const [index, text] of list.entries()) {
      const at = typeof wording === 'string' ? path : [...path, index];
      if ((text.match(/\{/g)?.length ?? 0) !== (text.match(/\}/g)?.length ?? 0))
        this.error(at, 'A { is not closed, or a } not opened.', 'Write {name}.');
      for (const placeholder of placeholdersOf(text)) {
        const name = placeholder.join('.');
        if (!known.includes(name) && !known.includes(`${placeholder[0]}.*`))
          this.error(
            at,
            `There is nothing called {${name}} here.`,
            suggestion(
              name,
              known.filter((one) => !one.endsWith('.*')),
              'Declare the slot, or save the result under that name.',
            ),
          );
      }
    }
  }

  #report(severity: 'error' | 'warning', path: Path, part: 'key' | 'value', message: string, remedy: string) {
    this.problems.push({
      severity,
      file: this.source.file,
      ...this.source.locate(path, part),
      message,
      remedy,
    });
  }
}
