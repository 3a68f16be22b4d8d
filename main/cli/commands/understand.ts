import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import { meaningInWords, NOTHING_KEPT } from '../words.ts';

const options = z.object({ desk: z.string(), json: z.boolean().default(false), data: z.string().optional() });

/** `sotto understand`: what sentences mean. */
export function addUnderstand(commands: Commands): void {
  commands.program
    .command('understand')
    .summary('understand typed sentences')
    .description('Reads sentences from standard input, one a line, and tells what each means to a desk.')
    .requiredOption('--desk <dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--json', 'one JSON object a sentence, one a line')
    .addHelpText(
      'after',
      more(['echo "what time do you open" | sotto understand --desk bank-branch --json'], {
        0: 'every sentence was read, whatever it means',
        1: 'the desk pack cannot be used',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, { desk: given, json, data }) => {
        const [{ createInterface }, { compileDesk, loadDeskPack }, { deskFolder }, { meaningOf }] =
          await Promise.all([
            import('node:readline'),
            import('../../dialogue/index.ts'),
            import('../desk-folder.ts'),
            import('../hearing.ts'),
          ]);
        const desk = compileDesk(await loadDeskPack(deskFolder(given)));
        if (data === undefined) terminal.tell(NOTHING_KEPT);
        if (terminal.input.isTTY) terminal.tell('Type a sentence a line; Ctrl+D ends.');
        const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
        terminal.closing.defer(() => lines.close());
        for await (const line of lines) {
          const meaning = meaningOf(desk, line, Date.now());
          await terminal.print(json ? JSON.stringify(meaning) : meaningInWords(meaning));
        }
        return EXIT.ok;
      }),
    );
}
