import { Option } from 'commander';
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import type { StandstillTarget } from '../../guard/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { signInMembers } from '../signing-in.ts';
import type { Terminal } from '../terminal.ts';

const options = z.object({
  all: z.boolean().default(false),
  tool: z.string().optional(),
  desk: z.string().optional(),
  lift: z.boolean().default(false),
  list: z.boolean().default(false),
  as: z.array(z.string()).default([]),
  json: z.boolean().default(false),
  data: z.string().optional(),
  credential: z.string().optional(),
});
type StopOptions = z.output<typeof options>;

/** `sotto stop`: the big red button. */
export function addStop(commands: Commands): void {
  commands.program
    .command('stop')
    .summary('the big red button: stop everything, a desk or a tool')
    .description(
      'Stops at once, also a Sotto that is running: conversations are ended politely, new ones refused, tools not ' +
        'called any more. Needs no key, and holds over restarts. Two supervisors or administrators lift it: in the ' +
        'window, or here with --lift while Sotto is not running.',
    )
    .option('--all', 'stop everything')
    .option('--tool <name>', 'stop one tool')
    .option('--desk <id>', 'stop one desk, with its conversations and tools')
    .option('--lift', 'lift it; two members sign in for that')
    .option('--list', 'list what stands still (opens the vault)')
    .addOption(
      new Option('--as <name>', 'who lifts it; give it twice').argParser<string[]>((name, before = []) => [
        ...before,
        name,
      ]),
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: what was stopped or lifted; for --list one a line')
    .addHelpText(
      'after',
      more(
        [
          'sotto stop --all',
          'sotto stop --tool transfer_money',
          'sotto stop --lift --all --as ada --as ben',
          'sotto stop --list',
        ],
        { 0: 'done', 3: 'the vault is in use, or its key cannot be had (--lift, --list)' },
      ),
    )
    .action(
      action(commands, options, async (terminal, _, chosen) => {
        if (chosen.list) return await list(terminal, chosen);
        const target = targetOf(chosen);
        return await (chosen.lift ? lift(terminal, target, chosen) : stop(terminal, target, chosen));
      }),
    );
}

async function stop(
  terminal: Terminal,
  target: StandstillTarget,
  { data, json }: StopOptions,
): Promise<ExitCode> {
  const [{ dataPaths }, { requestStandstill, standstillFolder }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../guard/index.ts'),
  ]);
  requestStandstill(standstillFolder(dataPaths(data).deskData), target);
  await terminal.print(json ? JSON.stringify({ stopped: target }) : `Stopped: ${inWords(target)}.`);
  return EXIT.ok;
}

async function lift(
  terminal: Terminal,
  target: StandstillTarget,
  { data, credential, as, json }: StopOptions,
): Promise<ExitCode> {
  if (new Set(as).size !== 2)
    throw new SottoError('cli/usage', 'It takes two different members to lift that.', {
      remedy: 'Name both: --as NAME --as NAME. Each is asked for a passphrase.',
    });
  const { standstill, site } = await openStandstill(terminal, data, credential);
  const members = await signInMembers(terminal, site, as);
  const outcomes = members.map(({ id }) => standstill.lift(target, id, 'command-line'));
  const lifted = outcomes.at(-1)?.kind === 'lifted';
  if (json) await terminal.print(JSON.stringify({ lifted: lifted ? target : null }));
  else await terminal.print(`Lifted: ${inWords(target)}.`);
  return lifted ? EXIT.ok : EXIT.failed;
}

async function list(terminal: Terminal, { data, credential, json }: StopOptions): Promise<ExitCode> {
  const { standstill } = await openStandstill(terminal, data, credential);
  const all = standstill.list();
  for (const one of all) {
    const since = new Date(one.at).toISOString();
    await terminal.print(
      json
        ? JSON.stringify(one)
        : `${inWords(one.target)}  since ${since}  by ${one.by}  ${one.via}  ${one.reason}`,
    );
  }
  if (all.length === 0 && !json) await terminal.print('Nothing stands still.');
  return EXIT.ok;
}

async function openStandstill(terminal: Terminal, data?: string, credential?: string) {
  const [{ dataPaths, openSite }, { Standstill, standstillFolder }, { openMembers }, { systemClock }] =
    await Promise.all([
      import('../open-vault.ts'),
      import('../../guard/index.ts'),
      import('../../identity/index.ts'),
      import('../../base/index.ts'),
    ]);
  const paths = dataPaths(data);
  const site = await openSite(terminal, paths, credential);
  const members = openMembers(site.vault, site.audit, { clock: systemClock });
  const standstill = new Standstill(site.vault, site.audit, {
    clock: systemClock,
    log: terminal.log,
    requests: standstillFolder(paths.deskData),
    rolesOf: (memberId) => members.rolesOf(memberId),
  });
  terminal.closing.defer(() => standstill.close());
  return { standstill, site };
}

/** @throws SottoError `cli/usage` */
function targetOf({ all, tool, desk }: StopOptions): StandstillTarget {
  const named = [all, tool !== undefined, desk !== undefined].filter(Boolean).length;
  if (named !== 1)
    throw new SottoError('cli/usage', 'What is meant: everything, one desk, or one tool?', {
      remedy: 'Give one of --all, --desk ID, --tool NAME.',
    });
  const name = tool ?? desk ?? '';
  if (!all && !/^[a-zA-Z][a-zA-Z0-9_-]{0,99}$/.test(name))
    throw new SottoError('cli/usage', 'That is no name of a desk or a tool.', {
      remedy: 'Use the name that the desk pack gives it, or --all.',
    });
  if (all) return { scope: 'all' };
  return { scope: tool === undefined ? 'desk' : 'tool', name };
}

function inWords(target: StandstillTarget): string {
  return target.scope === 'all' ? 'everything' : `${target.scope} ${target.name}`;
}
