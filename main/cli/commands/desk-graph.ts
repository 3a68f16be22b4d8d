import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';

const options = z.object({
  json: z.boolean().default(false),
  flow: z.string().optional(),
  out: z.string().optional(),
});

/** `sotto desk graph`: draws the flows of a desk pack. */
export function addDeskGraph(commands: Commands): void {
  commands.program
    .command('graph')
    .summary('draw the flows of a desk pack')
    .description('Draws each flow of a desk pack as an SVG file.')
    .argument('<dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--flow <name>', 'only this flow; without --out it is printed')
    .option('--out <dir>', 'the folder for the files, one a flow')
    .option('--json', 'print the graphs as one JSON object instead: flows')
    .addHelpText(
      'after',
      more(
        [
          'sotto desk graph bank-branch --out drawings',
          'sotto desk graph bank-branch --flow transfer_money > transfer.svg',
        ],
        { 0: 'drawn', 1: 'the pack has errors, or there is no such flow' },
      ),
    )
    .action(
      action(commands, options, async (terminal, [given = ''], { json, flow, out }) => {
        if (!json && flow === undefined && out === undefined)
          throw new SottoError('cli/usage', 'There are several flows to draw.', {
            remedy: 'Name a folder with --out, or one flow with --flow.',
          });
        const [{ deskGraphs, drawFlow, loadDeskPack }, { deskFolder }] = await Promise.all([
          import('../../dialogue/index.ts'),
          import('../desk-folder.ts'),
        ]);
        const graphs = deskGraphs(await loadDeskPack(deskFolder(given)), flow);
        if (json) await terminal.print(JSON.stringify({ flows: graphs }));
        else if (out === undefined)
          for (const graph of graphs) await terminal.print(drawFlow(graph).trimEnd());
        else {
          await mkdir(out, { recursive: true });
          for (const graph of graphs) {
            const file = join(out, `${graph.flow}.svg`);
            await writeFile(file, drawFlow(graph));
            await terminal.print(file);
          }
        }
        return EXIT.ok;
      }),
    );
}
