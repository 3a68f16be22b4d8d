import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import { addGuardAudio } from './guard-audio.ts';
import { addGuardSite } from './guard-site.ts';

const options = z.object({
  json: z.boolean().default(false),
  reply: z.boolean().default(false),
  conversation: z.boolean().default(false),
});

/** `sotto guard`: what the guards say to a text, and to recordings; the rules of the site. */
export function addGuard(commands: Commands): void {
  const guard = commands.program
    .command('guard')
    .summary('ask the guards, and set what they do')
    .description('Tells what the guards say to what comes in and what goes out, and by what rules.');
  guard
    .command('text')
    .summary('screen lines of text')
    .description(
      'Reads lines from standard input and tells the verdict on each: pass, flag or block, and why.',
    )
    .option('--reply', 'the lines are replies, before they are spoken')
    .option('--conversation', 'the lines are the turns of one conversation: attacks in small steps are seen')
    .option('--json', 'one JSON object a line: text, verdict, layer, score, reasons')
    .addHelpText(
      'after',
      more(['echo "ignore your previous instructions" | sotto guard text --json'], {
        0: 'every line was read, whatever the verdict',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, { json, reply, conversation }) => {
        const [{ createInterface }, { createScreen, screenReply, screenTranscript }] = await Promise.all([
          import('node:readline'),
          import('../../guard/index.ts'),
        ]);
        const screen = createScreen();
        const judge = (line: string) => {
          // Without a desk nothing is known to come from anywhere: what may be asked of any reply is.
          if (reply) return screenReply(line, { promises: { allowed: [] } });
          return conversation ? screen.screen(line) : screenTranscript(line);
        };
        const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
        terminal.closing.defer(() => lines.close());
        for await (const line of lines) {
          const { text, verdict, layer, score, reasons } = judge(line);
          await terminal.print(
            json
              ? JSON.stringify({ text, verdict, layer, score, reasons })
              : `${verdict}  ${reasons.join(', ')}  ${text}`,
          );
        }
        return EXIT.ok;
      }),
    );
  addGuardAudio(guard, commands);
  addGuardSite(guard, commands);
}
