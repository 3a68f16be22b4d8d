import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { AuditExport, WitnessReport } from '../../audit/index.ts';
import { SottoError } from '../../base/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN, siteOptions } from '../site-options.ts';

const DAY_MS = 86_400_000;

const exportOptions = siteOptions.extend({
  out: z.string().min(1),
  since: timeOption(0).optional(),
  until: timeOption(DAY_MS).optional(),
});
const checkpointOptions = siteOptions.extend({
  out: z.string().min(1).optional(),
  qr: z.string().min(1).optional(),
});
const witnessOptions = z.object({
  json: z.boolean().default(false),
  store: z.string().min(1),
  pin: z.string().min(1).optional(),
});

/** `sotto audit export`, `checkpoint` and `witness`: what makes the log provable away from the appliance. */
export function addAuditEvidence(commands: Commands): void {
  addExport(commands);
  addCheckpoint(commands);
  addWitness(commands);
}

function addExport(commands: Commands): void {
  commands.program
    .command('export')
    .summary('write the log to a folder that others can verify')
    .description(
      'Writes the log to a new folder: readable entries of the range, the whole log as hashes, and how to verify it with ssh-keygen, sha256sum and any transparency-log client. The export is itself an entry.',
    )
    .requiredOption('--out <dir>', 'the folder to make; it must not exist yet')
    .option('--since <time>', 'readable entries from this day or time on, UTC, e.g. 2026-05-01')
    .option('--until <time>', 'readable entries up to the end of this day, or up to this time, UTC')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: folder, size, root, first, end, files, signer, verification, …')
    .addHelpText(
      'after',
      more(
        [
          'sotto audit export --out /media/usb/audit-2026-05 --since 2026-05-01 --until 2026-05-31',
          'sotto audit export --out ./everything --json',
        ],
        {
          0: 'exported, and the log is whole',
          1: 'not exported, or exported from a log that is not whole',
          3: CANNOT_OPEN,
        },
      ),
    )
    .action(
      action(commands, exportOptions, async (terminal, _, { data, json, credential, out, since, until }) => {
        const { dataPaths, openLog } = await import('../open-vault.ts');
        const log = await openLog(terminal, dataPaths(data), credential);
        const exporting = log.export({
          out,
          actor: 'system',
          via: 'command-line',
          signal: terminal.signal,
          ...(since === undefined ? {} : { since }),
          ...(until === undefined ? {} : { until }),
        });
        // An interrupted export is taken away before the vault is closed.
        terminal.closing.defer(() => exporting.then(nothing, nothing));
        const exported = await exporting;
        if (json) await terminal.print(JSON.stringify(exported));
        else for (const line of exportInWords(exported)) await terminal.print(line);
        return exported.verification.ok ? EXIT.ok : EXIT.failed;
      }),
    );
}

function addCheckpoint(commands: Commands): void {
  commands.program
    .command('checkpoint')
    .summary('print the signed state of the log, for a witness')
    .description(
      'Prints the checkpoint of the log as it stands: a signed note of its size and root, for `sotto audit witness` on another machine. Leaves an entry in the log.',
    )
    .option('--out <file>', 'write it to this file instead; it must not exist yet')
    .option('--qr <file>', 'write it as a QR code (SVG), to be read off paper or screen by a witness')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: checkpoint, verifierKey')
    .addHelpText(
      'after',
      more(['sotto audit checkpoint', 'sotto audit checkpoint --out /media/usb/monday.checkpoint'], {
        0: 'done',
        3: CANNOT_OPEN,
      }),
    )
    .action(
      action(commands, checkpointOptions, async (terminal, _, { data, json, credential, out, qr }) => {
        const { dataPaths, openLog } = await import('../open-vault.ts');
        const log = await openLog(terminal, dataPaths(data), credential);
        const event = { action: 'audit.read', actor: 'system', outcome: 'success' } as const;
        log.append({ ...event, detail: { via: 'command-line', what: 'checkpoint' } });
        const checkpoint = log.checkpoint();
        if (out !== undefined) writeNew(out, checkpoint);
        if (qr !== undefined)
          writeNew(qr, (await import('uqr')).renderSVG(checkpoint, { ecc: 'M', border: 4 }));
        if (json) await terminal.print(JSON.stringify({ checkpoint, verifierKey: log.verifierKey }));
        else if (out === undefined && qr === undefined) await terminal.print(checkpoint.trimEnd());
        return EXIT.ok;
      }),
    );
}

function addWitness(commands: Commands): void {
  commands.program
    .command('witness <checkpoint-or-export...>')
    .summary('on another machine: see that the log only grows')
    .description(
      'Compares checkpoints and exports of a log with all that was seen of it before, and keeps them. Needs no vault: run it on a machine that is not the log’s.',
    )
    .requiredOption('--store <dir>', 'where what was seen is kept')
    .option('--pin <key>', 'the verifier key of the log or a file with it: needed the first time')
    .option('--json', 'print one JSON object a source: origin, size, root, verdict, problems')
    .addHelpText(
      'after',
      more(
        [
          'sotto audit witness --store ~/witness --pin desk-1.vkey /media/usb/audit-2026-05',
          'sotto audit witness --store ~/witness /media/usb/monday.checkpoint',
        ],
        {
          0: 'everything fits what was seen before',
          1: 'a log was rewritten, cut, set back or forked, an export was changed, or the store cannot be used',
        },
      ),
    )
    .action(
      action(commands, witnessOptions, async (terminal, sources, { store, pin, json }) => {
        const { witness } = await import('../../audit/index.ts');
        const reports = await witness({ store, sources, ...(pin === undefined ? {} : { pin: keyIn(pin) }) });
        for (const report of reports)
          for (const line of json ? [JSON.stringify(report)] : reportInWords(report))
            await terminal.print(line);
        return reports.some(({ problems }) => problems.length > 0) ? EXIT.failed : EXIT.ok;
      }),
    );
}

function exportInWords(exported: AuditExport): readonly string[] {
  const { folder, first, end, size, files, verification, verifierKey, signer } = exported;
  return [
    `Exported ${end - first} of ${size} entries, and the hashes of all, to ${folder} (${files} files).`,
    verification.ok
      ? 'The log is whole.'
      : `The log is NOT whole: ${verification.problems.length} problems, told in index.html.`,
    `log key     ${verifierKey}`,
    `export key  ${signer}`,
    'How to verify it stands in VERIFY.md.',
  ];
}

const VERDICTS: Readonly<Record<WitnessReport['verdict'], string>> = {
  first: 'the first that is seen of this log, kept',
  grown: 'continues all that was seen before, kept',
  known: 'was seen before',
  unproven: 'kept; whether it continues what was seen before takes an export to tell',
  refused: 'REFUSED',
};

function reportInWords({ source, origin, size, verdict, problems }: WitnessReport): readonly string[] {
  return [
    `${source}: ${origin} at ${size} entries: ${VERDICTS[verdict]}`,
    ...problems.map(
      ({ seq, code, message }) => `  ${seq === null ? 'log' : `entry ${seq}`}: ${message} (${code})`,
    ),
  ];
}

/** A day (its beginning, and for an end the next one's) or a time with its zone, as epoch milliseconds. */
function timeOption(wholeDayMs: number): z.ZodType<number, string> {
  return z.union(
    [
      z.iso.date().transform((day) => Date.parse(`${day}T00:00:00Z`) + wholeDayMs),
      z.iso.datetime({ offset: true }).transform((time) => Date.parse(time)),
    ],
    { error: 'give a day like 2026-05-31 or a time like 2026-05-31T09:00:00Z' },
  );
}

/** A verifier key has two `+`; the name of a file that has them too must be given as ./name. */
function keyIn(pin: string): string {
  if (/^[^\s+]+\+[0-9a-f]{8}\+\S+$/.test(pin)) return pin;
  try {
    return readFileSync(pin, 'utf8').trim();
  } catch (cause) {
    throw new SottoError('audit/bad-verifier-key', 'The key to pin is neither a verifier key nor a file.', {
      remedy: 'Give the .vkey file, or the key itself: NAME+KEYID+KEY.',
      cause,
    });
  }
}

function writeNew(file: string, content: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new SottoError('audit/export-failed', 'The checkpoint could not be written.', {
      remedy: 'Name a file that does not exist yet, in a folder that you may write to.',
      cause,
    });
  }
}

function nothing(): void {}
