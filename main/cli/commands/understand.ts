import { z } from 'zod';
import { type Log, SottoError, systemClock } from '../../base/index.ts';
import type { CompiledDesk, LanguageModel } from '../../dialogue/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { GivenModel } from '../given-model.ts';
import type { Meaning } from '../hearing.ts';
import { credentialOption, more } from '../help.ts';
import type { Terminal } from '../terminal.ts';
import { meaningInWords, NOTHING_KEPT } from '../words.ts';

const options = z.object({
  desk: z.string(),
  model: z.union([z.string(), z.literal(true)]).optional(),
  modelName: z.string().optional(),
  ca: z.string().optional(),
  keyFile: z.string().optional(),
  grammar: z.boolean().default(false),
  json: z.boolean().default(false),
  data: z.string().optional(),
  credential: z.string().optional(),
});
/** Here nobody waits for an answer; what a conversation would not have waited for is told by its time. */
const MOST_PATIENT = { mostMs: 120_000, leastMs: 120_000, failures: Number.MAX_SAFE_INTEGER };

/** A sentence's meaning, and what the model had to do with it. */
interface Read extends Meaning {
  /** Who said what it means; the model is asked where the desk itself is not sure. */
  readonly by: 'built-in' | 'model';
  /** How long the model took; null where it was not asked. */
  readonly modelMs: number | null;
  /** Why the model's answer was not taken; null where it was, or none was asked for. */
  readonly notTaken: string | null;
}
type Reader = (line: string) => Promise<Meaning | Read>;

/** `sotto understand`: what sentences mean. */
export function addUnderstand(commands: Commands): void {
  commands.program
    .command('understand')
    .summary('understand typed sentences')
    .description(
      'Reads sentences from standard input, one a line, and tells what each means to a desk. With --model a language ' +
        'model is asked where the desk itself is not sure, as in a conversation.',
    )
    .requiredOption('--desk <dir>', 'the desk pack: a folder, or the name of one that ships with Sotto')
    .option(
      '--model [which]',
      'a language model too: a GGUF file, an address https://host:port/v1, or without a name the site’s',
    )
    .option('--model-name <name>', 'at an address: the model, as the server names it')
    .option('--ca <file>', 'at an address: the authority of its certificate, PEM')
    .option('--key-file <file>', 'at an address: a file that holds the key it asks for')
    .option('--grammar', 'at an address: a llama-server, held by GBNF rather than JSON Schema')
    .addOption(credentialOption())
    .option('--json', 'one JSON object a sentence, one a line; with --model also by, modelMs, notTaken')
    .addHelpText(
      'after',
      more(
        [
          'echo "what time do you open" | sotto understand --desk bank-branch --json',
          'sotto understand --desk bank-branch --model qwen3-0.6b.gguf < sentences.txt',
          'sotto understand --desk bank-branch --model --data /var/lib/sotto --json < sentences.txt',
        ],
        {
          0: 'every sentence was read, whatever it means',
          1: 'the desk pack or the model cannot be used',
          3: 'the site’s model: there is no vault, it is in use, or its key cannot be had',
        },
      ),
    )
    .action(
      action(commands, options, async (terminal, _, given) => {
        const [{ createInterface }, { compileDesk, loadDeskPack }, { deskFolder }] = await Promise.all([
          import('node:readline'),
          import('../../dialogue/index.ts'),
          import('../desk-folder.ts'),
        ]);
        const desk = compileDesk(await loadDeskPack(deskFolder(given.desk)));
        const { model } = given;
        const read =
          model === undefined ? await alone(desk) : await withModel(terminal, desk, { ...given, model });
        if (given.data === undefined) terminal.tell(NOTHING_KEPT);
        if (terminal.input.isTTY) terminal.tell('Type a sentence a line; Ctrl+D ends.');
        const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
        terminal.closing.defer(() => lines.close());
        for await (const line of lines) {
          const meaning = await read(line);
          await terminal.print(given.json ? JSON.stringify(meaning) : inWords(meaning));
        }
        return EXIT.ok;
      }),
    );
}

async function alone(desk: CompiledDesk): Promise<Reader> {
  const { meaningOf } = await import('../hearing.ts');
  return async (line) => meaningOf(desk, line, Date.now());
}

/** @throws SottoError when the model cannot be opened, or does not answer at all. */
async function withModel(terminal: Terminal, desk: CompiledDesk, given: GivenModel): Promise<Reader> {
  const [{ openGivenModel }, { meaningWith }, { createUnderstander, Patience }] = await Promise.all([
    import('../given-model.ts'),
    import('../hearing.ts'),
    import('../../dialogue/index.ts'),
  ]);
  if (given.keyFile === '-')
    throw new SottoError('cli/usage', 'The sentences come on standard input, so the key cannot.', {
      remedy: 'Name a file with --key-file.',
    });
  const model = await openGivenModel(terminal, given);
  let tookMs: number | null = null;
  let notTaken: string | null = null;
  const timed: LanguageModel = {
    ...model,
    generate: async (request) => {
      const startedMs = systemClock.monotonicMs();
      try {
        return await model.generate(request);
      } finally {
        tookMs = Math.round(systemClock.monotonicMs() - startedMs);
      }
    },
  };
  const log: Log = {
    info: (event, detail) => terminal.log.info(event, detail),
    warn: (event, detail) => {
      notTaken = String(detail?.code ?? detail?.why ?? event);
      terminal.log.warn(event, detail);
    },
  };
  const patience = new Patience(systemClock, MOST_PATIENT);
  const understander = createUnderstander({ desk, model: timed, clock: systemClock, log, patience });
  await understander.prepare(terminal.signal);
  if (notTaken !== null)
    terminal.tell(`sotto: the language model does not answer (${notTaken}); the desk reads alone`);
  return async (line) => {
    [tookMs, notTaken] = [null, null];
    const { meaning, byModel } = await meaningWith(understander, desk, line, Date.now(), terminal.signal);
    return { ...meaning, by: byModel ? 'model' : 'built-in', modelMs: tookMs, notTaken };
  };
}

function inWords(read: Meaning | Read): string {
  const words = meaningInWords(read);
  if (!('by' in read)) return words;
  if (read.by === 'model') return `${words} by the model, ${read.modelMs} ms`;
  return read.notTaken === null ? words : `${words} the model was not followed: ${read.notTaken}`;
}
