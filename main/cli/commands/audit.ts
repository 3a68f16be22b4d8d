import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN, siteOptions } from '../site-options.ts';
import { addAuditCollector } from './audit-collector.ts';
import { addAuditEvidence } from './audit-evidence.ts';

const recentOptions = siteOptions.extend({ limit: z.coerce.number().int().min(1).max(10_000).default(20) });

/** `sotto audit …`: the log of every security-relevant act. */
export function addAudit(commands: Commands): void {
  const audit = commands.program
    .command('audit')
    .summary('verify, read, export or witness the audit log')
    .description(
      'Verifies, reads or exports the audit log of a data folder, each leaving an entry in it; or witnesses it elsewhere.',
    )
    .addHelpText(
      'after',
      more(['sotto audit verify', 'sotto audit recent --limit 50'], { 0: 'done', 3: CANNOT_OPEN }),
    );
  addVerify({ ...commands, program: audit });
  addRecent({ ...commands, program: audit });
  addAuditEvidence({ ...commands, program: audit });
  addAuditCollector({ ...commands, program: audit });
}

function addVerify(commands: Commands): void {
  commands.program
    .command('verify')
    .summary('recompute the whole log')
    .description(
      'Recomputes every entry, the tree and every checkpoint of the log, and tells what does not hold.',
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: ok, entries, checkpoints, root, problems, notices, verifierKey')
    .addHelpText(
      'after',
      more(['sotto audit verify', 'sotto audit verify --data /var/lib/sotto --json'], {
        0: 'the log is whole',
        1: 'the log is not whole, or the vault is damaged',
        3: CANNOT_OPEN,
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, _, { data, json, credential }) => {
        const { dataPaths, openLog } = await import('../open-vault.ts');
        const log = await openLog(terminal, dataPaths(data), credential);
        const result = log.verify();
        if (result.ok) {
          const { entries, root } = result;
          const event = { action: 'audit.verify', actor: 'system', outcome: 'success' } as const;
          log.append({ ...event, detail: { via: 'command-line', entries, root } });
        }
        if (json) await terminal.print(JSON.stringify({ ...result, verifierKey: log.verifierKey }));
        else {
          for (const { seq, code, message } of [...result.problems, ...result.notices])
            await terminal.print(`${seq === null ? 'log' : `entry ${seq}`}: ${message} (${code})`);
          await terminal.print(
            result.ok
              ? `The log is whole: ${result.entries} entries under ${result.checkpoints} checkpoints.`
              : `The log is NOT whole: ${result.problems.length} problems in ${result.entries} entries.`,
          );
          await terminal.print(`root ${result.root}`);
        }
        return result.ok ? EXIT.ok : EXIT.failed;
      }),
    );
}

function addRecent(commands: Commands): void {
  commands.program
    .command('recent')
    .summary('print the newest entries')
    .description('Prints the newest entries of the log, the newest last.')
    .option('--limit <n>', 'how many', '20')
    .addOption(credentialOption())
    .option('--json', 'the entries as they were hashed: one OCSF event a line')
    .addHelpText(
      'after',
      more(['sotto audit recent', 'sotto audit recent --limit 100 --json'], { 0: 'done', 3: CANNOT_OPEN }),
    )
    .action(
      action(commands, recentOptions, async (terminal, _, { data, json, limit, credential }) => {
        const { dataPaths, openLog } = await import('../open-vault.ts');
        const log = await openLog(terminal, dataPaths(data), credential);
        const entries = log.recent(limit).toReversed();
        const event = { action: 'audit.read', actor: 'system', outcome: 'success' } as const;
        log.append({ ...event, detail: { via: 'command-line', entries: entries.length } });
        for (const entry of entries) await terminal.print(json ? entry.json : entryInWords(entry));
        return EXIT.ok;
      }),
    );
}

const entrySchema = z.object({
  activity_name: z.string(),
  status_id: z.number(),
  actor: z.object({ user: z.object({ uid: z.string() }) }),
  unmapped: z.object({ target: z.string().nullable() }),
});

function entryInWords({
  seq,
  at,
  json,
}: {
  readonly seq: number;
  readonly at: number;
  readonly json: string;
}): string {
  const { activity_name, status_id, actor, unmapped } = entrySchema.parse(JSON.parse(json));
  const outcome = status_id === 1 ? 'ok' : 'FAILED';
  return [seq, new Date(at).toISOString(), activity_name, outcome, actor.user.uid, unmapped.target ?? '']
    .join('  ')
    .trimEnd();
}
