import { z } from 'zod';
import type { PackType } from '../../guard/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';

const options = z.object({
  json: z.boolean().default(false),
  conversation: z.boolean().default(false),
  desk: z.string().optional(),
});

/** `sotto mask`: what would be kept of a text. */
export function addMask(commands: Commands): void {
  commands.program
    .command('mask')
    .summary('mask personal data in lines of text')
    .description(
      'Reads lines from standard input and prints what a record would keep of each. Keeps nothing.',
    )
    .option(
      '--conversation',
      'the lines are the turns of one conversation: values may go on from line to line',
    )
    .option('--desk <dir>', 'a desk pack, whose own `sensitiveTypes` are masked too: a folder or a name')
    .option('--json', 'one JSON object a line: text, masked, spans (start, end, type, score, why)')
    .addHelpText(
      'after',
      more(['echo "my card is four nine two nine double one" | sotto mask --json'], {
        0: 'every line was read',
        1: 'the desk pack cannot be used',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, { json, conversation, desk }) => {
        const [{ createInterface }, { createMasker, maskSensitive }] = await Promise.all([
          import('node:readline'),
          import('../../guard/index.ts'),
        ]);
        const packTypes = desk === undefined ? [] : await sensitiveTypesOf(desk);
        const masker = createMasker({ packTypes });
        const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
        terminal.closing.defer(() => lines.close());
        for await (const text of lines) {
          const { masked, spans } = conversation
            ? masker.mask(text, 'person')
            : maskSensitive(text, { packTypes });
          await terminal.print(json ? JSON.stringify({ text, masked, spans }) : masked);
        }
        return EXIT.ok;
      }),
    );
}

async function sensitiveTypesOf(desk: string): Promise<readonly PackType[]> {
  const [{ loadDeskPack }, { deskFolder }] = await Promise.all([
    import('../../dialogue/index.ts'),
    import('../desk-folder.ts'),
  ]);
  return (await loadDeskPack(deskFolder(desk))).desk.sensitiveTypes;
}
