import { z } from 'zod';
import type { Voice } from '../../speech/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';
import { NOTHING_KEPT } from '../words.ts';

const options = z.object({
  desk: z.string().optional(),
  out: z.string().optional(),
  json: z.boolean().default(false),
  data: z.string().optional(),
});
const PLAIN_VOICE: Voice = { name: 'en-us', rate: 165 };

/** `sotto say`: speak a text. */
export function addSay(commands: Commands): void {
  commands.program
    .command('say')
    .summary('speak a text')
    .description('Speaks a text on the speaker of this machine, or into a WAV file.')
    .argument('<text...>', 'what to say')
    .option('--out <file.wav>', 'write a WAV file (16 bit, mono) instead of playing')
    .option('--desk <dir>', 'speak with the voice of this desk pack')
    .option('--json', 'print one JSON object: text, out, audioMs')
    .addHelpText(
      'after',
      more(['sotto say "Good morning."', 'sotto say --desk bank-branch --out hello.wav "How can I help?"'], {
        0: 'it was spoken',
        1: 'it could not be spoken or written',
        3: 'the speech engine or the sound device is missing',
      }),
    )
    .action(
      action(commands, options, async (terminal, words, { desk, out, json, data }) => {
        const [{ startSpeech }, { intoFile, ontoSpeaker, speak }] = await Promise.all([
          import('../../speech/index.ts'),
          import('../speaking.ts'),
        ]);
        const voice = desk === undefined ? PLAIN_VOICE : await voiceOf(desk);
        if (data === undefined) terminal.tell(NOTHING_KEPT);
        const sink = out === undefined ? await ontoSpeaker() : intoFile(out);
        terminal.closing.defer(() => sink.close());
        const speech = await startSpeech({ log: terminal.log });
        terminal.closing.defer(() => speech.close());
        const spoken = await speak(words.join(' '), speech.synthesiser, voice, sink, terminal.signal);
        await sink.finish();
        if (json) await terminal.print(JSON.stringify({ ...spoken, out: out ?? null }));
        return EXIT.ok;
      }),
    );
}

async function voiceOf(desk: string): Promise<Voice> {
  const [{ loadDeskPack }, { deskFolder }, { deskVoice }] = await Promise.all([
    import('../../dialogue/index.ts'),
    import('../desk-folder.ts'),
    import('../../conversation/index.ts'),
  ]);
  return deskVoice({ pack: await loadDeskPack(deskFolder(desk)) });
}
