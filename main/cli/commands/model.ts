import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { LanguageModelChoice } from '../../dialogue/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { CANNOT_OPEN_STOP_FIRST, OPERATOR, type SiteOptions, siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';
import { secretFrom, textOf } from '../text-file.ts';

const lanOptions = siteOptions.extend({
  model: z.string().min(1),
  ca: z.string().optional(),
  keyFile: z.string().optional(),
  grammar: z.boolean().default(false),
});

/** `sotto model …`: the language model of a site. */
export function addModel(commands: Commands): void {
  const program = commands.program
    .command('model')
    .summary('the language model beside the built-in understanding')
    .description('Chooses the language model of this site: an installed pack, a server on the LAN, or none.')
    .addHelpText(
      'after',
      more(['sotto model pack qwen-0.6b', 'sotto model status'], { 0: 'done', 3: CANNOT_OPEN_STOP_FIRST }),
    );
  const model = { ...commands, program };
  addStatus(model);
  addPack(model);
  addLan(model);
  addServer(model, 'allow', 'put a server on the list of this site');
  addServer(model, 'disallow', 'take a server off the list of this site');
  addOff(model);
}

function addStatus(commands: Commands): void {
  commands.program
    .command('status')
    .summary('tell what is chosen')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: chosen, servers')
    .addHelpText('after', more(['sotto model status --json'], { 0: 'told', 3: CANNOT_OPEN_STOP_FIRST }))
    .action(
      action(commands, siteOptions, async (terminal, _, given) => {
        await tellStatus(terminal, given, await siteOf(terminal, given));
        return EXIT.ok;
      }),
    );
}

function addPack(commands: Commands): void {
  commands.program
    .command('pack')
    .summary('choose an installed model pack')
    .argument('<id>', 'the pack, as `sotto pack list` names it')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: chosen, servers')
    .addHelpText('after', more(['sotto model pack qwen-0.6b'], { 0: 'it is chosen, from the next start on' }))
    .action(
      action(commands, siteOptions, async (terminal, args, given) => {
        const id = args[0] ?? '';
        const [site, { openModels }, { dataPaths }] = await Promise.all([
          siteOf(terminal, given),
          import('../../models/index.ts'),
          import('../open-vault.ts'),
        ]);
        const models = await openModels({ ...site.ports, paths: dataPaths(given.data) });
        const { manifest } = await models.open(id);
        if (manifest.kind !== 'languageModel')
          throw new SottoError('model/not-a-language-model', 'That pack holds no language model.', {
            remedy: 'Choose one of the kind languageModel: `sotto pack list` tells.',
          });
        site.choose({ kind: 'pack', id });
        await tellStatus(terminal, given, site);
        return EXIT.ok;
      }),
    );
}

function addLan(commands: Commands): void {
  commands.program
    .command('lan')
    .summary('choose a server on the LAN (vLLM, llama-server)')
    .argument('<url>', 'https://host:port/v1; host and port must be on the list of this site')
    .requiredOption('--model <name>', 'the model, as the server names it')
    .option('--ca <file>', 'the authority of its certificate, PEM')
    .option(
      '--key-file <file>',
      'a file that holds the key which the server asks for, or - for standard input',
    )
    .option('--grammar', 'llama-server: hold answers by GBNF rather than JSON Schema, which is tighter')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: chosen, servers')
    .addHelpText(
      'after',
      more(
        ['sotto model lan https://llm.branch.example:8443/v1 --model qwen3-8b --ca ca.pem --key-file key'],
        {
          0: 'it is chosen, from the next start on',
          1: 'it is not on the list of this site, or its address cannot be used',
        },
      ),
    )
    .action(
      action(commands, lanOptions, async (terminal, args, given) => {
        const site = await siteOf(terminal, given);
        site.choose({
          kind: 'lan',
          url: args[0] ?? '',
          model: given.model,
          ca: given.ca === undefined ? null : await textOf(given.ca),
          heldBy: given.grammar ? 'grammar' : 'json_schema',
          key: given.keyFile === undefined ? null : await secretFrom(terminal, given.keyFile),
        });
        await tellStatus(terminal, given, site);
        return EXIT.ok;
      }),
    );
}

function addServer(commands: Commands, name: 'allow' | 'disallow', summary: string): void {
  commands.program
    .command(name)
    .summary(summary)
    .argument('<host:port>', 'exactly as it stands in the address')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: chosen, servers')
    .addHelpText(
      'after',
      more([`sotto model ${name} llm.branch.example:8443`], { 0: 'done', 3: CANNOT_OPEN_STOP_FIRST }),
    )
    .action(
      action(commands, siteOptions, async (terminal, args, given) => {
        const site = await siteOf(terminal, given);
        const server = args[0] ?? '';
        const others = site.servers().filter((known) => known !== server);
        site.allow(name === 'allow' ? [...others, server] : others);
        await tellStatus(terminal, given, site);
        return EXIT.ok;
      }),
    );
}

function addOff(commands: Commands): void {
  commands.program
    .command('off')
    .summary('choose none: the built-in understanding alone')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: chosen, servers')
    .addHelpText('after', more(['sotto model off'], { 0: 'none is chosen', 3: CANNOT_OPEN_STOP_FIRST }))
    .action(
      action(commands, siteOptions, async (terminal, _, given) => {
        const site = await siteOf(terminal, given);
        site.choose({ kind: 'none' });
        await tellStatus(terminal, given, site);
        return EXIT.ok;
      }),
    );
}

type Site = Awaited<ReturnType<typeof siteOf>>;

/** The choice of an open site, for as long as the command runs. */
async function siteOf(terminal: Terminal, { data, credential }: SiteOptions) {
  const [{ dataPaths, openSite }, model] = await Promise.all([
    import('../open-vault.ts'),
    import('../../dialogue/index.ts'),
  ]);
  const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
  const ports = { vault, audit, clock: systemClock };
  return {
    ports,
    chosen: () => model.languageModelChoice(vault),
    servers: () => model.allowedModelServers(vault),
    choose: (choice: LanguageModelChoice) => model.chooseLanguageModel(ports, choice, OPERATOR),
    allow: (servers: readonly string[]) => model.setAllowedModelServers(ports, servers, OPERATOR),
  };
}

/** Without the key and the certificate. */
async function tellStatus(terminal: Terminal, { json }: SiteOptions, site: Site): Promise<void> {
  const chosen = site.chosen();
  const servers = site.servers();
  const shown =
    chosen.kind === 'lan'
      ? {
          kind: chosen.kind,
          url: chosen.url,
          model: chosen.model,
          heldBy: chosen.heldBy,
          key: chosen.key !== null,
        }
      : chosen;
  if (json) return await terminal.print(JSON.stringify({ chosen: shown, servers }));
  const words = { none: 'none', pack: 'a pack', lan: 'a server on the LAN' }[chosen.kind];
  const which =
    chosen.kind === 'pack'
      ? `: ${chosen.id}`
      : chosen.kind === 'lan'
        ? `: ${chosen.url} (${chosen.model})`
        : '';
  await terminal.print(`Language model: ${words}${which}.`);
  await terminal.print(`Servers allowed: ${servers.length === 0 ? 'none' : servers.join(', ')}.`);
}
