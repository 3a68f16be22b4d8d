import { z } from 'zod';
import { action, type Commands, describe } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { HeardRecording } from '../hearing.ts';
import { more } from '../help.ts';
import { meaningInWords, NOTHING_KEPT } from '../words.ts';

/** From this many recordings on, a second recogniser on a second core is worth its start. */
const MANY = 8;
const CORES = 2;
const options = z.object({ desk: z.string(), json: z.boolean().default(false), data: z.string().optional() });

/** `sotto hear`: what recordings say. */
export function addHear(commands: Commands): void {
  commands.program
    .command('hear')
    .summary('recognise and understand recordings')
    .description('Recognises recordings of one utterance each, and tells what they mean to a desk.')
    .argument('<file.wav...>', 'WAV files, of any sample rate')
    .requiredOption('--desk <dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option('--json', 'one JSON object a file, one a line')
    .addHelpText(
      'after',
      more(
        ['sotto hear --desk desks/bank-branch question.wav', 'sotto hear --desk bank-branch --json *.wav'],
        {
          0: 'every file was heard',
          1: 'a file could not be heard, or the desk pack cannot be used',
          3: 'the speech engine does not run here',
        },
      ),
    )
    .action(
      action(commands, options, async (terminal, files, { desk: given, json, data }) => {
        const [
          { compileDesk, loadDeskPack },
          { startSpeech },
          { deskFolder },
          { inOrder },
          { hearRecording, openRecordingEars },
        ] = await Promise.all([
          import('../../dialogue/index.ts'),
          import('../../speech/index.ts'),
          import('../desk-folder.ts'),
          import('../in-order.ts'),
          import('../hearing.ts'),
        ]);
        const desk = compileDesk(await loadDeskPack(deskFolder(given)));
        if (data === undefined) terminal.tell(NOTHING_KEPT);
        const grammar = desk.grammar({ kind: 'open' });
        const ears = await Promise.all(
          Array.from({ length: files.length < MANY ? 1 : CORES }, async () => {
            const speech = await startSpeech({ log: terminal.log });
            terminal.closing.defer(() => speech.close());
            return await openRecordingEars(speech, grammar);
          }),
        );
        const heard = inOrder(files, ears, async (file, own) => {
          try {
            return await hearRecording(file, desk, own, Date.now());
          } catch (error) {
            return { file, error: describe(error) };
          }
        });
        let failed = false;
        for await (const result of heard) {
          failed ||= 'error' in result;
          await terminal.print(json ? JSON.stringify(result) : inWords(result));
        }
        return failed ? EXIT.failed : EXIT.ok;
      }),
    );
}

function inWords(
  result: HeardRecording | { readonly file: string; readonly error: { readonly message: string } },
): string {
  return `${result.file}: ${'error' in result ? result.error.message : meaningInWords(result)}`;
}
