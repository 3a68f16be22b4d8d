import { buildKnowledge } from '../knowledge/index-pages.ts';
import { compileDesk } from '../language/compile.ts';
import { type PackFiles, readPackFiles } from '../pack/files.ts';
import { loadDeskPack } from '../pack/load.ts';
import type { DeskPack } from '../pack/pack.ts';
import { DeskPackError } from '../pack/problems.ts';
import { parseYaml, type YamlSource } from '../pack/yaml-source.ts';
import { Coverage, type Uncovered } from './coverage.ts';
import { type Miss, missesOf, openingMissed } from './expectations.ts';
import { type DeskTest, readTests } from './read-tests.ts';
import type { ReplyReviewFor } from './reply-review.ts';
import { Rehearsal, type Stage, stageFor } from './stage.ts';
import type { TurnDeclaration } from './test-schema.ts';

/** A conversation that did not go as written. */
export interface TestFailure {
  /** Line of the expectation in the test file. */
  readonly line: number;
  /** Of the turn, from 1; 0 for the opening words. */
  readonly turn: number;
  readonly said: string;
  readonly expects: string;
  readonly expected: string;
  readonly actual: string;
}

export interface TestOutcome {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly ok: boolean;
  readonly failures: readonly TestFailure[];
}

export interface RehearsalReport {
  readonly desk: string;
  readonly tests: readonly TestOutcome[];
  readonly flows: readonly {
    readonly flow: string;
    readonly steps: number;
    readonly covered: number;
    /** Steps that no test goes through. */
    readonly uncovered: readonly { readonly file: string; readonly line: number; readonly what: string }[];
  }[];
  /** Milliseconds that the tests took, without reading and compiling the pack. */
  readonly tookMs: number;
}

/**
 * Holds the conversations under a pack's `tests/`: real understanding and real flows, tools that answer as the test
 * says. `filter` keeps tests whose name or file has it; `review` holds replies back as a conversation does, which is a
 * failure.
 * @throws DeskPackError `desk/invalid` where the pack or a test file has mistakes.
 */
export async function rehearseDesk(
  folder: string,
  { filter = '', review = null }: { filter?: string; review?: ReplyReviewFor | null } = {},
): Promise<RehearsalReport> {
  const pack = await loadDeskPack(folder);
  const { files } = await readPackFiles(folder);
  const { tests, problems } = readTests(pack, files);
  if (problems.some(({ severity }) => severity === 'error')) throw new DeskPackError(problems);
  const stage = stageFor(
    compileDesk(pack),
    buildKnowledge(pack.knowledge),
    await import('../../tools/index.ts'),
    review,
  );
  const coverage = new Coverage();
  const wanted = tests.filter(({ file, declaration }) => `${file} ${declaration.name}`.includes(filter));
  const started = performance.now();
  const outcomes = wanted.map((test) => hold(stage, test, coverage));
  const tookMs = performance.now() - started;
  const places = placesOf(files);
  const flows = coverage.of(pack).map((flow) => ({
    ...flow,
    uncovered: flow.uncovered.map((unit) => ({ ...places(unit), what: whatInWords(unit) })),
  }));
  return { desk: pack.desk.id, tests: outcomes, flows, tookMs };
}

function hold(stage: Stage, test: DeskTest, coverage: Coverage): TestOutcome {
  const { file, declaration, line } = test;
  const { desk } = packIn(stage.desk.pack, declaration.language);
  const rehearsal = new Rehearsal(stage, declaration, (step) => coverage.take(step));
  const failures: TestFailure[] = [];
  const opening = rehearsal.begin();
  for (const miss of openingMissed(declaration.opening, opening, desk))
    failures.push({ line: line(miss.key === null ? [] : ['opening']), turn: 0, said: '', ...told(miss) });
  for (const [index, turn] of declaration.talk.entries()) {
    const result = rehearsal.take(turn);
    const said = turn.said ?? turn.heard ?? withoutWords(turn);
    for (const miss of missesOf(turn, result, rehearsal.dialogue, desk))
      failures.push({
        line: line(['talk', index, ...(miss.key === null ? [] : [miss.key])]),
        turn: index + 1,
        said,
        ...told(miss),
      });
    // What comes after a turn that went wrong only repeats that it did.
    if (failures.length > 0) break;
  }
  return { file, line: line([]), name: declaration.name, ok: failures.length === 0, failures };
}

function told({ key, expected, actual }: Miss): Pick<TestFailure, 'expects' | 'expected' | 'actual'> {
  return { expects: key ?? 'the test', expected, actual };
}

function packIn(pack: DeskPack, language: string | undefined): Pick<DeskPack, 'desk'> {
  return (language === undefined ? undefined : pack.translations[language]) ?? pack;
}

/** Where a step stands; what a safety layer of the desk has made stands in desk.yaml. */
function placesOf(files: PackFiles): (unit: Uncovered) => { file: string; line: number } {
  const sources = new Map<string, YamlSource>();
  for (const [file, bytes] of files) {
    if (!/^flows\/[^/]+\.yaml$/.test(file)) continue;
    const { source } = parseYaml(file, bytes.toString('utf8'));
    const value: unknown = source?.value;
    if (source && value !== null && typeof value === 'object' && 'flow' in value)
      sources.set(String(value.flow), source);
  }
  return ({ place }) => {
    const source = sources.get(place.flow);
    return source
      ? { file: source.file, line: source.locate(place.path, 'key').line }
      : { file: 'desk.yaml', line: 1 };
  };
}

function whatInWords({ place, what }: Uncovered): string {
  const of = `${place.flow}: `;
  if (what === 'then') return `${of}the condition never held`;
  if (what === 'else') return `${of}the condition always held`;
  return what === 'rejected' ? `${of}the check was never failed` : `${of}the step was never taken`;
}

function withoutWords({ silence, proof, screen }: TurnDeclaration): string {
  if (silence) return '(silence)';
  return proof ? '(the further check on the screen)' : `(${screen} on the screen)`;
}
