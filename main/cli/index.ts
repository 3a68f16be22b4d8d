/**
 * Cli: `sotto …`, one file a command under `commands/`, no logic of its own: a command reads its options, asks the
 * rooms, and prints. Rooms are loaded when a command runs, so that `--help` is instant. Run as a program, this file
 * is the entry; see docs/cli.md for every command and what it ends with.
 */
import { runProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

export { EXIT, type ExitCode } from './exit-codes.ts';
export { runProgram } from './program.ts';
export { openTerminal, type Terminal } from './terminal.ts';

if (import.meta.main) {
  const code = await runProgram(process.argv.slice(2), openTerminal());
  // What is printed has been taken by the system; native libraries may hold the loop open for nothing.
  process.stdout.write('', () => process.exit(code));
}
