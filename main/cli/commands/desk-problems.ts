import type { PackProblem } from '../../dialogue/index.ts';
import type { Terminal } from '../terminal.ts';

/** What is wrong with a pack: `file:line:column: severity: message`, and what to do about it. */
export async function tellProblems(terminal: Terminal, problems: readonly PackProblem[]): Promise<void> {
  for (const { file, line, column, severity, message, remedy } of problems) {
    await terminal.print(`${file}:${line}:${column}: ${severity}: ${message}`);
    await terminal.print(`  next: ${remedy}`);
  }
}
