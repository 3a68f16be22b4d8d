import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import { addDeskGraph } from './desk-graph.ts';
import { tellProblems } from './desk-problems.ts';
import { addDeskTest } from './desk-test.ts';

const checkOptions = z.object({ json: z.boolean().default(false) });
const newOptions = z.object({ in: z.string().default('.'), json: z.boolean().default(false) });

/** `sotto desk …`: write, check, test and draw desk packs. */
export function addDesk(commands: Commands): void {
  const desk = commands.program
    .command('desk')
    .summary('begin, check, test and draw desk packs')
    .description('Works on desk packs: the folders that say what a desk can do.')
    .addHelpText(
      'after',
      more(['sotto desk new north-branch', 'sotto desk check bank-branch', 'sotto desk test bank-branch'], {
        0: 'done',
        1: 'see the commands',
      }),
    );
  addCheck({ ...commands, program: desk });
  addNew({ ...commands, program: desk });
  addDeskTest({ ...commands, program: desk });
  addDeskGraph({ ...commands, program: desk });
}

function addCheck(commands: Commands): void {
  commands.program
    .command('check')
    .summary('tell all that is wrong with a desk pack')
    .description('Checks a desk pack and tells every problem with its file, its line and a remedy.')
    .argument('<dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--json', 'print one JSON object: ok, desk, problems')
    .addHelpText(
      'after',
      more(['sotto desk check desks/bank-branch', 'sotto desk check --json my-desk'], {
        0: 'the pack can be used (there may be warnings)',
        1: 'the pack has errors, or is not there',
      }),
    )
    .action(
      action(commands, checkOptions, async (terminal, [given = ''], { json }) => {
        const [{ checkDeskPack, checkWayOut, compileDesk }, { deskFolder }] = await Promise.all([
          import('../../dialogue/index.ts'),
          import('../desk-folder.ts'),
        ]);
        const checked = await checkDeskPack(deskFolder(given));
        const shut = checked.pack ? checkWayOut(compileDesk(checked.pack)) : [];
        const problems = [...checked.problems, ...shut];
        const pack = shut.length > 0 ? null : checked.pack;
        const desk = pack && {
          id: pack.desk.id,
          name: pack.desk.name,
          version: pack.desk.version,
          hash: pack.hash,
        };
        if (json) await terminal.print(JSON.stringify({ ok: desk !== null, desk, problems }));
        else {
          await tellProblems(terminal, problems);
          const errors = problems.filter(({ severity }) => severity === 'error').length;
          await terminal.print(
            desk ? `${desk.name} ${desk.version}: the pack can be used` : `${errors} errors: not usable`,
          );
        }
        return desk ? EXIT.ok : EXIT.failed;
      }),
    );
}

function addNew(commands: Commands): void {
  commands.program
    .command('new')
    .summary('begin a new desk pack')
    .description('Writes a small desk pack that works, to begin from.')
    .argument('<name>', 'small letters, digits and hyphens')
    .option('--in <parent>', 'the folder to make it in', '.')
    .option('--json', 'print one JSON object: folder')
    .addHelpText(
      'after',
      more(['sotto desk new north-branch', 'sotto desk new north-branch --in /srv/desks'], {
        0: 'the folder was made',
        1: 'it exists already, or cannot be written',
      }),
    )
    .action(
      action(commands, newOptions, async (terminal, [name = ''], { in: parent, json }) => {
        const { scaffoldDesk } = await import('../../dialogue/index.ts');
        const folder = await scaffoldDesk(name, parent);
        await terminal.print(json ? JSON.stringify({ folder }) : `${folder} is made.`);
        if (!json) terminal.tell(`next: sotto desk check ${folder}`);
        return EXIT.ok;
      }),
    );
}
