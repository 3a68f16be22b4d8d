import { Command, CommanderError, Option } from 'commander';
import { type Commands, type Ending, tellError } from './command.ts';
import { addAudit } from './commands/audit.ts';
import { addConsent } from './commands/consent.ts';
import { addDesk } from './commands/desk.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGuard } from './commands/guard.ts';
import { addHear } from './commands/hear.ts';
import { addIncident } from './commands/incident.ts';
import { addMask } from './commands/mask.ts';
import { addMember } from './commands/member.ts';
import { addModel } from './commands/model.ts';
import { addPack } from './commands/pack.ts';
import { addRecords } from './commands/records.ts';
import { addReplay } from './commands/replay.ts';
import { addRetention } from './commands/retention.ts';
import { addSay } from './commands/say.ts';
import { addSoundCheck } from './commands/soundcheck.ts';
import { addAppliance, addStart } from './commands/start.ts';
import { addStop } from './commands/stop.ts';
import { addTalk } from './commands/talk.ts';
import { addTools } from './commands/tools.ts';
import { addUnderstand } from './commands/understand.ts';
import { addVault } from './commands/vault.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { more } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Runs `sotto …` and tells what to exit with. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const ending: Ending = { code: EXIT.ok };
  const program = new Command('sotto')
    .description('A voice agent that never leaves the desk.')
    .addOption(
      new Option('--data <dir>', 'the data folder (else the place of this platform)').env('SOTTO_HOME'),
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'sotto: ')),
    })
    .addHelpText(
      'after',
      more(['sotto start', 'sotto talk --desk bank-branch --typed', 'sotto doctor'], {
        0: 'done',
        1: 'it failed, or what was checked is not well',
        3: 'it cannot run here or now: an engine, a device, the vault or its key is missing or in use',
      }),
    )
    .showHelpAfterError('next: add --help to see how it is used')
    .exitOverride();
  const commands: Commands = { program, terminal, ending };
  addStart(commands);
  addAppliance(commands);
  addTalk(commands);
  addReplay(commands);
  addHear(commands);
  addUnderstand(commands);
  addSay(commands);
  addSoundCheck(commands);
  addDesk(commands);
  addMask(commands);
  addGuard(commands);
  addPack(commands);
  addVault(commands);
  addAudit(commands);
  addRecords(commands);
  addRetention(commands);
  addConsent(commands);
  addTools(commands);
  addStop(commands);
  addIncident(commands);
  addMember(commands);
  addModel(commands);
  addDoctor(commands);
  try {
    await program.parseAsync(args, { from: 'user' });
    return ending.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) await tellError(terminal, error, false);
    return exitCodeOf(error);
  }
}
