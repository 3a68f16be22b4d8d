import { Checker } from '../pack/checker.ts';
import type { PackFiles } from '../pack/files.ts';
import type { DeskPack, PackProblem } from '../pack/pack.ts';
import { checkSchema } from '../pack/schema-problems.ts';
import { type Path, parseYaml, type YamlSource } from '../pack/yaml-source.ts';
import { type TestDeclaration, type TurnDeclaration, testsFileSchema } from './test-schema.ts';

/** A conversation to be held, and where it stands. */
export interface DeskTest {
  readonly file: string;
  readonly declaration: TestDeclaration;
  /** Line (from 1) of a part of the test, by the path below it. */
  line(path: Path): number;
}

/** The test files of a pack. Mistakes in them are told like those of the pack itself. */
export function readTests(
  pack: DeskPack,
  files: PackFiles,
): { readonly tests: readonly DeskTest[]; readonly problems: readonly PackProblem[] } {
  const tests: DeskTest[] = [];
  const problems: PackProblem[] = [];
  for (const [file, bytes] of files) {
    if (!/^tests\/[^/]+\.yaml$/.test(file)) continue;
    const { source, problems: wrong } = parseYaml(file, bytes.toString('utf8'));
    problems.push(...wrong);
    const read = source && checkSchema(testsFileSchema, source);
    problems.push(...(read?.problems ?? []));
    if (!source || !read?.value) continue;
    const { tools, tests: declared } = read.value;
    for (const [index, declaration] of declared.entries()) {
      problems.push(...checkTest(pack, source, ['tests', index], declaration));
      tests.push({
        file,
        declaration: { ...declaration, tools: { ...tools, ...declaration.tools } },
        line: (path) => source.locate(['tests', index, ...path], 'key').line,
      });
    }
  }
  return { tests, problems };
}

/** Names in a test must be names of the pack: a test of what is not there can only pass by mistake. */
function checkTest(
  pack: DeskPack,
  source: YamlSource,
  at: Path,
  test: TestDeclaration,
): readonly PackProblem[] {
  const checker = new Checker(source);
  const tools = Object.keys(pack.tools);
  for (const tool of Object.keys(test.tools))
    checker.known([...at, 'tools', tool], 'tool', tool, tools, 'Declare it in tools.yaml.');
  for (const [index, turn] of test.talk.entries()) checkTurn(checker, pack, [...at, 'talk', index], turn);
  return checker.problems;
}

function checkTurn(checker: Checker, pack: DeskPack, at: Path, turn: TurnDeclaration): void {
  const begins = [turn.said, turn.heard, turn.screen, turn.proof, turn.silence].filter(
    (one) => one !== undefined,
  );
  if (begins.length !== 1)
    checker.error(
      at,
      'A turn begins with one of `said`, `heard`, `screen`, `proof` and `silence`.',
      'Keep one of them; a second sentence is a turn of its own.',
    );
  if (turn.flow !== undefined && turn.flow !== 'none')
    checker.known([...at, 'flow'], 'flow', turn.flow, Object.keys(pack.flows), 'Or write `none`.');
  const slots = new Set(Object.values(pack.flows).flatMap((flow) => Object.keys(flow.slots)));
  if (turn.asked !== undefined && turn.asked !== 'yesNo' && turn.asked !== 'nothing')
    checker.known([...at, 'asked'], 'slot', turn.asked, slots, 'Or write `yesNo` or `nothing`.');
  for (const slot of Object.keys(turn.state ?? {}))
    checker.known([...at, 'state', slot], 'slot', slot, slots, 'Declare it in a flow.');
}
