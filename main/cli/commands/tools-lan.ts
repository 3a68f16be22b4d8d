import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { LanServer, LanServerShown } from '../../tools/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN_STOP_FIRST, OPERATOR, type SiteOptions, siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';
import { secretFrom, textOf } from '../text-file.ts';

const addOptions = siteOptions.extend({
  ca: z.string().optional(),
  fingerprint: z.string().optional(),
  keyFile: z.string().optional(),
});
const testOptions = siteOptions.extend({ desk: z.string().optional() });

/** `sotto tool lan …`: the tool servers on the LAN that this site allows. */
export function addToolsLan(commands: Commands): void {
  const program = commands.program
    .command('lan')
    .summary('the tool servers on the LAN that this site allows')
    .description(
      'Keeps the list of the tool servers on the LAN that desks may speak to, what certificate each must show, and the ' +
        'keys they ask for. Each change stands in the log and counts from the next start on.',
    )
    .addHelpText(
      'after',
      more(
        [
          'sotto tool lan add core.branch.lan:8443 --ca site-ca.pem --key-file key.txt',
          'sotto tool lan test',
        ],
        { 0: 'done', 3: CANNOT_OPEN_STOP_FIRST },
      ),
    );
  const lan = { ...commands, program };
  addAdd(lan);
  addList(lan);
  addRemove(lan);
  addTest(lan);
}

function addAdd(commands: Commands): void {
  commands.program
    .command('add')
    .summary('allow a server, or change what is kept of it')
    .argument('<host:port>', 'exactly as it stands in the address that the desk pack names')
    .description(
      'Allows a tool server. What its certificate must be is said here or in the desk pack; what is said here counts. ' +
        'What is kept of a server that is on the list already is replaced whole.',
    )
    .option('--ca <file>', 'the authority of its certificate, PEM; the name is checked too')
    .option('--fingerprint <sha256>', 'or the SHA-256 of its certificate, 64 hex digits')
    .option('--key-file <file>', 'a file that holds the bearer key it asks for, or - for standard input')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: address, pin, sha256, validUntil, key')
    .addHelpText(
      'after',
      more(
        [
          'sotto tool lan add core.branch.lan:8443 --ca site-ca.pem --key-file key.txt',
          'pass show core-key | sotto tool lan add core.branch.lan:8443 --ca site-ca.pem --key-file -',
        ],
        {
          0: 'it is allowed, from the next start on',
          1: 'it cannot be put on the list',
          3: CANNOT_OPEN_STOP_FIRST,
        },
      ),
    )
    .action(
      action(commands, addOptions, async (terminal, args, given) => {
        const server = {
          address: args[0] ?? '',
          pin: await pinOf(given),
          key: given.keyFile === undefined ? null : await secretFrom(terminal, given.keyFile),
        };
        const { allow } = await siteOf(terminal, given);
        const now = allow(server);
        await terminal.print(given.json ? JSON.stringify(now) : inWords(now));
        return EXIT.ok;
      }),
    );
}

function addList(commands: Commands): void {
  commands.program
    .command('list')
    .summary('list the servers that are allowed')
    .description('Lists the tool servers on the LAN that this site allows, without their keys.')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object a server: address, pin, sha256, validUntil, key')
    .addHelpText('after', more(['sotto tool lan list'], { 0: 'told', 3: CANNOT_OPEN_STOP_FIRST }))
    .action(
      action(commands, siteOptions, async (terminal, _, given) => {
        const servers = (await siteOf(terminal, given)).list();
        for (const server of servers)
          await terminal.print(given.json ? JSON.stringify(server) : inWords(server));
        if (servers.length === 0 && !given.json)
          await terminal.print('No tool server on the LAN is allowed.');
        return EXIT.ok;
      }),
    );
}

function addRemove(commands: Commands): void {
  commands.program
    .command('remove')
    .summary('take a server off the list, with its key')
    .argument('<host:port>', 'as `sotto tool lan list` tells it')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: removed')
    .addHelpText(
      'after',
      more(['sotto tool lan remove core.branch.lan:8443'], {
        0: 'it is not allowed any more, from the next start on',
        1: 'it is not on the list',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, args, given) => {
        const removed = args[0] ?? '';
        (await siteOf(terminal, given)).disallow(removed);
        await terminal.print(given.json ? JSON.stringify({ removed }) : `Removed: ${removed}.`);
        return EXIT.ok;
      }),
    );
}

function addTest(commands: Commands): void {
  commands.program
    .command('test')
    .summary('speak to the servers of a desk as its conversations would')
    .description(
      'Speaks to every server on the LAN that a desk declares: the list of this site, certificate, key, MCP, and whether ' +
        'each tool is offered as the desk declares it. Calls no tool.',
    )
    .option(
      '--desk <dir>',
      'a desk pack: a folder, or the name of one that ships with Sotto (else the site’s)',
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object a server: server, address, ok, message, remedy, tools')
    .addHelpText(
      'after',
      more(['sotto tool lan test', 'sotto tool lan test --desk ./our-desk --json'], {
        0: 'all of them answer, with the tools that the desk declares; or it declares none',
        1: 'at least one does not',
        3: CANNOT_OPEN_STOP_FIRST,
      }),
    )
    .action(
      action(commands, testOptions, async (terminal, _, given) => {
        const trials = await (await siteOf(terminal, given)).test(given.desk);
        for (const trial of trials) {
          const { server, address, ok, message, remedy } = trial;
          if (given.json) await terminal.print(JSON.stringify(trial));
          else await terminal.print(`${ok ? 'ok  ' : 'FAIL'}  ${server} (${address}): ${message}`);
          if (!given.json && remedy !== null) await terminal.print(`      next: ${remedy}`);
        }
        if (trials.length === 0 && !given.json)
          await terminal.print('The desk declares no server on the LAN.');
        return trials.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
      }),
    );
}

async function pinOf({ ca, fingerprint }: z.output<typeof addOptions>): Promise<LanServer['pin']> {
  if (ca !== undefined && fingerprint !== undefined)
    throw new SottoError('cli/usage', 'Either --ca or --fingerprint says which certificate it must show.', {
      remedy: 'Name one of them.',
    });
  if (ca !== undefined) return { ca: await textOf(ca) };
  return fingerprint === undefined
    ? null
    : { fingerprint: fingerprint.replaceAll(':', '').trim().toLowerCase() };
}

/** The list of an open site, for as long as the command runs. */
async function siteOf(terminal: Terminal, { data, credential }: SiteOptions) {
  const [{ dataPaths, openSite }, tools] = await Promise.all([
    import('../open-vault.ts'),
    import('../../tools/index.ts'),
  ]);
  const paths = dataPaths(data);
  const { vault, audit } = await openSite(terminal, paths, credential);
  const ports = { vault, audit, clock: systemClock };
  return {
    list: () => tools.lanServers(vault),
    allow: (server: LanServer) => tools.allowLanServer(ports, server, OPERATOR),
    disallow: (address: string) => tools.disallowLanServer(ports, address, OPERATOR),
    test: async (given: string | undefined) => {
      const [{ siteDeskFolder }, { deskFolder }, { loadDeskPack }] = await Promise.all([
        import('../../appliance.ts'),
        import('../desk-folder.ts'),
        import('../../dialogue/index.ts'),
      ]);
      const folder = given === undefined ? await siteDeskFolder(vault, paths) : deskFolder(given);
      const pack = await loadDeskPack(folder);
      return await tools.tryLanServers({
        desk: { ...pack, id: pack.desk.id },
        lan: tools.lanPort(vault),
        clock: systemClock,
        log: terminal.log,
      });
    },
  };
}

function inWords({ address, pin, sha256, validUntil, key }: LanServerShown): string {
  const until = validUntil === null ? '' : ` until ${new Date(validUntil).toISOString().slice(0, 10)}`;
  const certificate = sha256 === null ? 'certificate as the desk pack says' : `${pin} ${sha256}${until}`;
  return `${address}  ${certificate}  ${key ? 'with a key' : 'no key'}`;
}
