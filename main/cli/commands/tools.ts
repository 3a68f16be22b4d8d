import { SottoError } from '../../base/index.ts';
import type { StopTarget } from '../../tools/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN, siteOptions } from '../site-options.ts';
import { addToolsLan } from './tools-lan.ts';

const RISKS: readonly string[] = ['read', 'write', 'money', 'clinical'];
const WHAT = 'a tool by its name, a class as risk:money, or all';

/** `sotto tool …`: the kill switches of the tool gateway. */
export function addTools(commands: Commands): void {
  const tool = commands.program
    .command('tool')
    .alias('tools')
    .summary('stop tools, allow them again; the tool servers on the LAN')
    .description(
      'Stops what the agent may call: one tool, a class of risk, or all; and allows it again. Keeps the list of the ' +
        'tool servers on the LAN.',
    )
    .addHelpText(
      'after',
      more(['sotto tool stop all', 'sotto tool list', 'sotto tool lan list'], { 0: 'done', 3: CANNOT_OPEN }),
    );
  addStop({ ...commands, program: tool });
  addAllow({ ...commands, program: tool });
  addList({ ...commands, program: tool });
  addToolsLan({ ...commands, program: tool });
}

function addStop(commands: Commands): void {
  commands.program
    .command('stop')
    .summary('stop a tool, a class of risk, or all')
    .argument('<what>', WHAT)
    .description(
      'Stops at once what is named, also in a Sotto that is running: before its next call. Needs no key. It stays ' +
        'stopped over restarts until it is allowed again.',
    )
    .option('--json', 'print one JSON object: scope, name')
    .addHelpText(
      'after',
      more(['sotto tool stop transfer_money', 'sotto tool stop risk:money', 'sotto tool stop all'], {
        0: 'it is stopped',
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, args, { data, json }) => {
        const target = targetOf(args[0] ?? '');
        const [{ dataPaths }, { requestStop, stopFolder }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../tools/index.ts'),
        ]);
        requestStop(stopFolder(dataPaths(data).deskData), target);
        await terminal.print(json ? JSON.stringify(target) : `Stopped: ${inWords(target)}.`);
        return EXIT.ok;
      }),
    );
}

function addAllow(commands: Commands): void {
  commands.program
    .command('allow')
    .summary('allow again what was stopped')
    .argument('<what>', WHAT)
    .description(
      'Allows again what was stopped. Opens the vault: Sotto must not be running on the data folder.',
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: scope, name')
    .addHelpText(
      'after',
      more(['sotto tool allow transfer_money', 'sotto tool allow all'], {
        0: 'it is allowed',
        3: CANNOT_OPEN,
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, args, { data, json, credential }) => {
        const target = targetOf(args[0] ?? '');
        const switches = await openSwitches(terminal, data, credential);
        // Takes in what was asked for and not yet seen, so that it is allowed too.
        switches.list();
        switches.allow(target, ['system'], 'command-line');
        await terminal.print(json ? JSON.stringify(target) : `Allowed again: ${inWords(target)}.`);
        return EXIT.ok;
      }),
    );
}

function addList(commands: Commands): void {
  commands.program
    .command('list')
    .summary('list what is stopped')
    .description('Lists what is stopped, and since when. Opens the vault.')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object a stop: target, at, by')
    .addHelpText('after', more(['sotto tool list'], { 0: 'done', 3: CANNOT_OPEN }))
    .action(
      action(commands, siteOptions, async (terminal, _, { data, json, credential }) => {
        const stops = (await openSwitches(terminal, data, credential)).list();
        for (const stop of stops)
          await terminal.print(
            json
              ? JSON.stringify(stop)
              : `${inWords(stop.target)}  since ${new Date(stop.at).toISOString()}  by ${stop.by}`,
          );
        if (stops.length === 0 && !json) await terminal.print('Nothing is stopped.');
        return EXIT.ok;
      }),
    );
}

async function openSwitches(terminal: Commands['terminal'], data?: string, credential?: string) {
  const [{ dataPaths, openSite }, { openKillSwitches, stopFolder }, { systemClock }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../tools/index.ts'),
    import('../../base/index.ts'),
  ]);
  const paths = dataPaths(data);
  const { vault, audit } = await openSite(terminal, paths, credential);
  return openKillSwitches(vault, audit, { clock: systemClock, requests: stopFolder(paths.deskData) });
}

/** `all`, `risk:money` or the name of a tool. @throws SottoError `cli/usage` */
function targetOf(what: string): StopTarget {
  if (what === 'all') return { scope: 'all' };
  const risk = what.startsWith('risk:') ? what.slice(5) : null;
  if (risk !== null && RISKS.includes(risk)) return { scope: 'risk', name: risk };
  if (risk === null && /^[a-z][a-zA-Z0-9_]{0,99}$/.test(what)) return { scope: 'tool', name: what };
  throw new SottoError('cli/usage', 'What to stop is a tool, a class of risk, or all.', {
    remedy: `Name ${WHAT}.`,
  });
}

function inWords(target: StopTarget): string {
  return target.scope === 'all' ? 'all tools' : `${target.scope} ${target.name}`;
}
