import { z } from 'zod';
import type { RehearsalReport, TestOutcome } from '../../dialogue/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import type { Terminal } from '../terminal.ts';
import { tellProblems } from './desk-problems.ts';

const options = z.object({ json: z.boolean().default(false), filter: z.string().default('') });

/** `sotto desk test`: holds the conversations written under a pack's `tests/`. */
export function addDeskTest(commands: Commands): void {
  commands.program
    .command('test')
    .summary('hold the conversations that a desk pack is tested with')
    .description(
      'Holds the conversations under tests/ of a desk pack: real understanding, real flows, tools that answer as the ' +
        'test says. Tells what went otherwise than written, and which steps no test goes through.',
    )
    .argument('<dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--filter <text>', 'only tests whose file or name has this')
    .option('--json', 'print one JSON object: desk, tests, flows, tookMs')
    .addHelpText(
      'after',
      more(['sotto desk test desks/bank-branch', 'sotto desk test bank-branch --filter transfer'], {
        0: 'every conversation went as written',
        1: 'one did not, or there is none, or the pack has mistakes',
      }),
    )
    .action(
      action(commands, options, async (terminal, [given = ''], { json, filter }) => {
        const [{ DeskPackError, rehearseDesk }, { replyReview }, { deskFolder }] = await Promise.all([
          import('../../dialogue/index.ts'),
          import('../../conversation/index.ts'),
          import('../desk-folder.ts'),
        ]);
        try {
          const report = await rehearseDesk(deskFolder(given), { filter, review: replyReview });
          if (json) await terminal.print(JSON.stringify(report));
          else await tell(terminal, report, filter === '');
          return report.tests.length > 0 && report.tests.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
        } catch (error) {
          if (json || !(error instanceof DeskPackError)) throw error;
          await tellProblems(terminal, error.problems);
          return EXIT.failed;
        }
      }),
    );
}

async function tell(terminal: Terminal, report: RehearsalReport, whole: boolean): Promise<void> {
  for (const test of report.tests) await tellTest(terminal, test);
  const held = report.tests.filter(({ ok }) => ok).length;
  const seconds = (report.tookMs / 1000).toFixed(2);
  await terminal.print(
    report.tests.length === 0
      ? 'There is no such test: write one under tests/ (docs/desk-packs.md).'
      : `${held} of ${report.tests.length} conversations went as written (${seconds} s)`,
  );
  if (!whole || report.tests.length === 0) return;
  const covered = report.flows.reduce((sum, flow) => sum + flow.covered, 0);
  const steps = report.flows.reduce((sum, flow) => sum + flow.steps, 0);
  await terminal.print(`steps covered: ${covered} of ${steps}`);
  for (const { uncovered } of report.flows)
    for (const { file, line, what } of uncovered) await terminal.print(`  ${file}:${line}: ${what}`);
}

async function tellTest(terminal: Terminal, { file, line, name, ok, failures }: TestOutcome): Promise<void> {
  await terminal.print(`${ok ? 'ok    ' : 'FAILED'} ${file}:${line} ${name}`);
  for (const failure of failures) {
    const after = failure.turn === 0 ? 'the first words' : `turn ${failure.turn}, "${failure.said}"`;
    await terminal.print(`  ${file}:${failure.line}: ${after}: ${failure.expects}`);
    await terminal.print(`    expected: ${failure.expected}`);
    await terminal.print(`    was:      ${failure.actual}`);
  }
}
